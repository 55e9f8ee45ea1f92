import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { areLimitOrders } from '../domain/limit-orders';
import { LimitBook, type LimitUsage } from '../domain/limits';
import {
  LIMIT_ORDERS_REFUSED,
  type LimitInput,
  limitUpdate,
  MEMO_LIMIT_USAGE,
  MOST_LIMIT_ORDERS,
  type PublishedUsage,
} from './limit-messages';

/** Readers are behind by so much: each time costs three events. */
const PUBLISHED_EVERY = '2s';
/** A run takes half of the updates that a server allows one, and stays quick to replay. */
const MOST_UPDATES = 1_000;
/** Every period that anything is held in has passed by then. */
const ENDS_AFTER = '40 days';

/**
 * The limits of one tenant and currency. One workflow decides about every payout that they count, one update after the other: that is
 * what makes a limit hold, however many payouts come at once. It never waits for anything.
 */
export async function limit(input: LimitInput): Promise<void> {
  const book = new LimitBook(input.carried);
  let updates = 0;
  let isPublished = false;
  setHandler(
    limitUpdate,
    (orders) => {
      updates += 1;
      isPublished = false;
      const atMs = Date.now();
      return orders.map((order) => book.apply(order, atMs));
    },
    {
      validator: (orders) => {
        const isRight = areLimitOrders(orders) && orders.length <= MOST_LIMIT_ORDERS;
        if (!isRight) throw ApplicationFailure.create({ message: 'expected orders', type: LIMIT_ORDERS_REFUSED });
      },
    },
  );
  const isLong = () => updates >= MOST_UPDATES || workflowInfo().continueAsNewSuggested;

  for (;;) {
    if (!(await condition(() => !isPublished, ENDS_AFTER))) return;
    await condition(isLong, PUBLISHED_EVERY);
    publish(book.usage(Date.now()));
    isPublished = true;
    if (!isLong()) continue;
    await condition(allHandlersFinished);
    await continueAsNew<typeof limit>({ carried: book.carry(Date.now()) });
  }
}

function publish(usage: readonly LimitUsage[]): void {
  upsertMemo({ [MEMO_LIMIT_USAGE]: { usage, atMs: Date.now() } satisfies PublishedUsage });
  const lines = usage.map(
    ({ rule, window, period, committedMinor, heldMinor, capMinor }) =>
      `**${rule}**, ${window} ${period}: ${committedMinor} used, ${heldMinor} held, of ${capMinor} (minor units)`,
  );
  setCurrentDetails(lines.join('\n\n'));
}
