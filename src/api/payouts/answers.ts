import { z } from 'zod';
import { FINAL_STATES } from '../../domain/payout';
import { LIST_PROBLEMS, LISTED_STATES, WAITING_STATES } from '../../store/listed-payout';
import { payoutAnswer } from '../plugins/answers';
import { LISTED_ATTENTIONS } from './list-query';

const { clientOrderId, outcome, endpoint, amount, currency, orderId, createdAt } = payoutAnswer.shape;

/** A payout in a list, as answered. Its fields are the columns of an export, in this order. */
export const listedPayout = z
  .object({
    clientOrderId,
    state: z
      .enum(LISTED_STATES)
      .nullable()
      .meta({ description: '`open`: accepted, sending or processing. Null when it is not stored' }),
    outcome,
    attention: z.enum(LISTED_ATTENTIONS).nullable(),
    problem: z.enum(LIST_PROBLEMS).nullable().meta({
      description: '`unreadable`: its stored data cannot be read. `stuck`: its workflow keeps failing',
    }),
    ...{ endpoint: endpoint.nullable(), amount: amount.nullable(), currency: currency.nullable(), orderId },
    createdAt: createdAt.meta({ description: 'When Temporal stored it; the time filters use this' }),
    closedAt: createdAt.nullable().meta({ description: 'When nothing was left to do; null before that' }),
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
    waiting: countsOf(WAITING_STATES),
    final: countsOf(FINAL_STATES),
    attention: countsOf(LISTED_ATTENTIONS).partial(),
    hasMoreAttention: z
      .boolean()
      .meta({ description: 'True when more payouts need attention than were counted by reason' }),
    unmatched: count.meta({ description: 'Reports by the gateway about unknown payouts' }),
  })
  .meta({ id: 'PayoutCounts' });
