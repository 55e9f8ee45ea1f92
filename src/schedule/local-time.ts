import { Temporal } from '@js-temporal/polyfill';
import { isZone } from '../domain/periods';
import type { BankingDays } from './banking-days';

/** Why a text names no moment; `expected` completes the sentence "expected …". */
export class TimeError extends RangeError {
  override readonly name = 'TimeError';
  readonly field: 'executeAt' | 'timeZone';
  readonly expected: string;
  constructor(field: 'executeAt' | 'timeZone', expected: string) {
    super(`${field}: expected ${expected}`);
    this.field = field;
    this.expected = expected;
  }
}

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/;
const WITH_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(?:Z|[+-]\d\d:\d\d)$/;
const EXAMPLES = 'a time with offset such as 2027-03-01T09:00:00+01:00, or a local time with timeZone';

/**
 * The moment that a time means: RFC 3339 with its offset, or a local time in a named zone. A local time that a change of the clocks
 * skips or repeats means none, or two: it is refused, not guessed. Epoch milliseconds.
 * @throws TimeError
 */
export function readMoment(time: string, timeZone: string | undefined): number {
  const isLocal = LOCAL.test(time);
  if (!isLocal && !WITH_OFFSET.test(time)) throw new TimeError('executeAt', EXAMPLES);
  if (isLocal === (timeZone === undefined))
    throw new TimeError(
      'timeZone',
      isLocal ? 'a zone such as Europe/Berlin, or an offset in executeAt' : 'none beside an offset',
    );
  if (timeZone === undefined) return orTimeError(() => Temporal.Instant.from(time).epochMilliseconds, EXAMPLES);
  if (!isZone(timeZone)) throw new TimeError('timeZone', 'the name of a time zone such as Europe/Berlin');
  const local = orTimeError(() => Temporal.PlainDateTime.from(time, { overflow: 'reject' }), EXAMPLES);
  return orTimeError(
    () => local.toZonedDateTime(timeZone, { disambiguation: 'reject' }).epochMilliseconds,
    'a local time that comes exactly once; one that a change of the clocks skips or repeats needs an offset',
  );
}

function orTimeError<T>(read: () => T, expected: string): T {
  try {
    return read();
  } catch {
    throw new TimeError('executeAt', expected);
  }
}

/** When somebody asks for something to be sent. */
export interface AskedTime {
  readonly executeAt?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** What is wrong with a field, and what was expected. */
interface WrongTime {
  readonly field: string;
  readonly expected: string;
}

/** When it will be sent: null for at once. And what is wrong with that. */
export interface Due {
  readonly schedule: ReturnType<BankingDays['move']> | { readonly executeAtMs: number };
  readonly errors: readonly WrongTime[];
}

/** What is wrong with the form of a time, whenever it is read; null for nothing. */
export function findTimeError({ executeAt, timeZone }: AskedTime): WrongTime | null {
  if (executeAt === undefined)
    return timeZone === undefined ? null : { field: 'timeZone', expected: 'no timeZone without executeAt' };
  try {
    readMoment(executeAt, timeZone);
    return null;
  } catch (error) {
    if (!(error instanceof TimeError)) throw error;
    return { field: error.field, expected: error.expected };
  }
}

const YEAR_MS = 366 * 86_400_000;

/** The schedule that a time of the right form means for a payout asked for at `nowMs`, and what is wrong with it then. */
export function scheduleFor(
  { executeAt, timeZone }: AskedTime,
  { days, nowMs }: { readonly days: BankingDays | null; readonly nowMs: number },
): Due {
  const askedMs = executeAt === undefined ? null : readMoment(executeAt, timeZone);
  const moved = days?.move(askedMs ?? nowMs) ?? null;
  const schedule = moved ?? (askedMs === null ? null : { executeAtMs: askedMs });
  const isInRange = askedMs === null || (askedMs > nowMs && askedMs <= nowMs + YEAR_MS);
  return { schedule, errors: isInRange ? [] : [{ field: 'executeAt', expected: 'a time from now to a year ahead' }] };
}

/** When all of it can be sent together: the latest of the times. */
export function latestOf(times: readonly Due[]): Due {
  const dueAt = ({ schedule }: Due) => schedule?.executeAtMs ?? 0;
  const [first = { schedule: null, errors: [] }, ...others] = times;
  return others.reduce((latest, time) => (dueAt(time) > dueAt(latest) ? time : latest), first);
}
