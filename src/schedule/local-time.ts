import { Temporal } from '@js-temporal/polyfill';
import { isZone } from '../domain/periods';

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
