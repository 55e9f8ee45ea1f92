import { z } from 'zod';
import { FINAL_STATES, LASTING_ATTENTIONS, PASSING_ATTENTIONS } from '../../domain/payout';
import { payoutAnswer } from '../answers';
import { PUBLISHED } from './list-filter';

const { clientOrderId, state, outcome, attention, endpoint, amount, currency, orderId, createdAt } = payoutAnswer.shape;

/** A payout in a list, as answered. */
const listedPayout = z
  .object({
    ...{ clientOrderId, state, outcome, attention, endpoint, amount, currency, orderId },
    createdAt: createdAt.meta({ description: 'When Temporal stored it: what lists are sorted and filtered by' }),
    closedAt: createdAt.nullable().meta({ description: 'When nothing was left to do; null while something is' }),
  })
  .meta({ id: 'ListedPayout' });

export const listAnswer = z
  .object({
    payouts: z.array(listedPayout),
    nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
  })
  .meta({ id: 'PayoutList' });

const count = z.number().int();
const countsOf = <Name extends string>(names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, count])) as Record<Name, typeof count>);

export const countsAnswer = z
  .object({
    open: count,
    waiting: countsOf(PUBLISHED),
    final: countsOf(FINAL_STATES),
    attention: countsOf([...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS]).partial(),
    strays: countsOf(['late', 'orphan']),
  })
  .meta({ id: 'PayoutCounts' });
