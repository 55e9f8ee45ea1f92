/** What `by-request-sn` finds: the order a request was about, and the status it showed (null: the order's own, of its creation). */
export interface SerialRecord {
  readonly orderId: string;
  readonly shownStatus: string | null;
}

/** Numbers every request and remembers what it was about. */
export interface SerialNumbers {
  next(): string;
  remember(serialNumber: string, record: SerialRecord): void;
  find(serialNumber: string): SerialRecord | undefined;
}

/** Serial numbers of status requests are only remembered for so many requests. */
const KEPT_SERIALS = 50_000;

/** The counter starts at the clock, so that a restart does not repeat numbers. */
export function createSerialNumbers(startMs: number): SerialNumbers {
  let counter = startMs;
  const creates = new Map<string, SerialRecord>();
  const statuses = new Map<string, SerialRecord>();
  return {
    next() {
      counter += 1;
      return `00000000-0000-0000-0000-${counter.toString(16).padStart(12, '0')}`;
    },
    remember(serialNumber, record) {
      if (record.shownStatus === null) {
        creates.set(serialNumber, record);
        return;
      }
      statuses.set(serialNumber, record);
      const oldest = statuses.keys().next();
      if (statuses.size > KEPT_SERIALS && !oldest.done) statuses.delete(oldest.value);
    },
    find: (serialNumber) => creates.get(serialNumber) ?? statuses.get(serialNumber),
  };
}
