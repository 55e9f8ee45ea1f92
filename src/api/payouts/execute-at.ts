import { z } from 'zod';
import type { Schedule } from '../../domain/gate';
import type { BankingDays } from '../../schedule/banking-days';
import { readMoment, TimeError } from '../../schedule/local-time';
import type { FieldError } from '../plugins/errors';

/** The fields that say when to send: of a request, and of a change of it. */
export const executeAtFields = {
  executeAt: z
    .string({ error: 'expected a time' })
    .max(40, 'expected a time such as 2027-03-01T09:00:00+01:00')
    .meta({ description: 'When to send, at most a year ahead', example: '2027-03-01T09:00:00+01:00' }),
  timeZone: z
    .string({ error: 'expected the name of a time zone' })
    .max(50, 'expected the name of a time zone such as Europe/Berlin')
    .optional()
    .meta({ description: 'The zone of an `executeAt` without offset', example: 'Europe/Berlin' }),
};

export interface AskedTime {
  readonly executeAt?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** What is wrong with the form of a time, whenever it is read; null for nothing. */
export function findTimeError({ executeAt, timeZone }: AskedTime): FieldError | null {
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
): { readonly schedule: Schedule | null; readonly errors: readonly FieldError[] } {
  const askedMs = executeAt === undefined ? null : readMoment(executeAt, timeZone);
  const moved = days?.move(askedMs ?? nowMs) ?? null;
  const schedule = moved ?? (askedMs === null ? null : { executeAtMs: askedMs });
  const isInRange = askedMs === null || (askedMs > nowMs && askedMs <= nowMs + YEAR_MS);
  return { schedule, errors: isInRange ? [] : [{ field: 'executeAt', expected: 'a time from now to a year ahead' }] };
}
