/** Start times are whole microseconds of the epoch: as fine as the SQL stores keep them, and exact as a number until the year 2255. */
export interface ProtoTime {
  readonly seconds?: { toString(): string } | number | null;
  readonly nanos?: number | null;
}

export function toMicroseconds(time: ProtoTime | null | undefined): number {
  return Number(time?.seconds?.toString() ?? 0) * 1_000_000 + Math.floor((time?.nanos ?? 0) / 1_000);
}

/** RFC 3339 with six digits, as list filters take it. */
export function formatStartTime(us: number): string {
  const whole = new Date(Math.floor(us / 1_000_000) * 1_000).toISOString().slice(0, 19);
  return `${whole}.${String(us % 1_000_000).padStart(6, '0')}Z`;
}
