/** A calendar day or month, in a time zone. */
export const LIMIT_WINDOWS = ['day', 'month'] as const;
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];

/** Days and months of one time zone. Made once for many questions: making one costs far more than asking it. */
export interface Calendar {
  /** The day (`2026-11-29`) or month (`2026-11`) that a moment is in. As text they are ordered as in time. */
  periodOf(window: LimitWindow, atMs: number): string;
  /** When the next period begins: the first millisecond that is in another one. */
  nextPeriodAt(window: LimitWindow, atMs: number): number;
}

const HOUR_MS = 3_600_000;
/** Longer than any of them, also where clocks are put back. */
const LONGEST_MS: Readonly<Record<LimitWindow, number>> = { day: 50 * HOUR_MS, month: 33 * 24 * HOUR_MS };

/** @throws RangeError for a name that the time zone data of this process does not know */
export function createCalendar(zone: string): Calendar {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const written = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', { timeZone: zone, ...digits });
  const periodOf: Calendar['periodOf'] = (window, atMs) => {
    const parts = new Map(written.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const month = `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}`;
    return window === 'month' ? month : `${month}-${parts.get('day')}`;
  };
  return {
    periodOf,
    nextPeriodAt(window, atMs) {
      const now = periodOf(window, atMs);
      let [inside, outside] = [atMs, atMs + LONGEST_MS[window]];
      while (outside - inside > 1) {
        const middle = Math.floor((inside + outside) / 2);
        if (periodOf(window, middle) === now) inside = middle;
        else outside = middle;
      }
      return outside;
    },
  };
}

/** True for the name of a zone of the IANA database. An offset is none: it knows no change of the clocks. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,49}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
