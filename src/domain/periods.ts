import type { LimitWindow, Period } from './limits';

/** Days and months of one time zone. Made once for many questions: making one costs far more than asking it. */
export interface Calendar {
  /** The one that a moment is in. */
  periodAt(window: LimitWindow, atMs: number): Period;
}

const HOUR_MS = 3_600_000;
/** Longer than any of them, also where clocks are put back. */
const LONGEST_MS: Readonly<Record<LimitWindow, number>> = { day: 50 * HOUR_MS, month: 33 * 24 * HOUR_MS };

/** @throws RangeError for a name that the time zone data of this process does not know */
export function createCalendar(zone: string): Calendar {
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const written = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', { timeZone: zone, ...digits });
  const nameOf = (window: LimitWindow, atMs: number): string => {
    const parts = new Map(written.formatToParts(atMs).map(({ type, value }) => [type, value]));
    const month = `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}`;
    return window === 'month' ? month : `${month}-${parts.get('day')}`;
  };
  /** The first millisecond of another period (or the last, going back), by halves. */
  const findEdge = (window: LimitWindow, atMs: number, step: 1 | -1): number => {
    const name = nameOf(window, atMs);
    let [inside, outside] = [0, LONGEST_MS[window]];
    while (outside - inside > 1) {
      const middle = Math.floor((inside + outside) / 2);
      if (nameOf(window, atMs + step * middle) === name) inside = middle;
      else outside = middle;
    }
    return atMs + step * outside;
  };
  const last = new Map<LimitWindow, Period>();
  return {
    periodAt(window, atMs) {
      const known = last.get(window);
      if (known !== undefined && known.beginsAtMs <= atMs && atMs < known.endsAtMs) return known;
      const beginsAtMs = findEdge(window, atMs, -1) + 1;
      const found = { period: nameOf(window, atMs), beginsAtMs, endsAtMs: findEdge(window, atMs, 1) };
      last.set(window, found);
      return found;
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
