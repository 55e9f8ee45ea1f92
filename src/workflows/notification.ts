import {
  allHandlersFinished,
  condition,
  continueAsNew,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { NotificationActivities } from '../activities/notification-activities';
import { isAcknowledgement } from '../domain/late-events';
import { acknowledgeSignal, searchAttributes } from './messages';
import {
  type DeliveryOutcome,
  NOTIFICATION_DEAD,
  NOTIFICATION_PENDING,
  type NotificationEvent,
  type NotificationInput,
  noticeSignal,
  resendSignal,
  type SettledEvent,
} from './notification-messages';
import { deliverOptions } from './policies';

/** A dead event is kept open for an operator this long: as long as closed payouts are remembered. */
const DEAD_KEPT = '90 days';

/**
 * Delivers the events of one payout to one subscriber, in order. Ends when all are delivered. A dead event stays open and findable, so
 * that an operator can have it sent again; the events after it are delivered all the same.
 */
export async function notification(input: NotificationInput): Promise<{ settled: readonly SettledEvent[] }> {
  const { subscriber, clientOrderId } = input;
  let queue: readonly NotificationEvent[] = input.carried?.queue ?? [];
  let settled: readonly SettledEvent[] = input.carried?.settled ?? [];
  /** How many dead events a person has seen: they stay dead, and call for attention no more. */
  let acknowledged = input.carried?.acknowledged ?? 0;
  const deadOnes = () => settled.filter(({ outcome }) => outcome === 'dead' || outcome === 'gone');
  setHandler(noticeSignal, (event) => {
    if (!isEvent(event)) return log.error('a signal that is no event was ignored');
    const isProven = settled.some(({ event: { id }, outcome }) => id === event.id && outcome !== 'not_recorded');
    if (!isProven) queue = putEvent(queue, event);
  });
  setHandler(acknowledgeSignal, (acknowledgement) => {
    if (!isAcknowledgement(acknowledgement)) return log.error('a signal that is no acknowledgement was ignored');
    acknowledged = Math.min(acknowledgement.seen ?? Number.POSITIVE_INFINITY, deadOnes().length);
  });
  setHandler(resendSignal, () => {
    const dead = deadOnes();
    acknowledged = 0;
    settled = settled.filter((entry) => !dead.includes(entry));
    queue = [
      ...dead.map(({ event }) => event),
      ...queue.filter(({ id }) => !dead.some(({ event }) => event.id === id)),
    ];
  });
  const { findRecorded, deliver } = proxyActivities<NotificationActivities>(deliverOptions());
  /** If a final state is announced again before it was recorded, the second event is in the queue by then and is delivered. */
  const settle = async (event: NotificationEvent): Promise<DeliveryOutcome> => {
    const order = { subscriber, clientOrderId };
    const found = event.finalState === null ? 'recorded' : await findRecorded({ ...order, event });
    if (found !== 'recorded') return found;
    return await deliver({ ...order, event: queue.find(({ id }) => id === event.id) ?? event });
  };
  const look = () => lookOf(deadOnes().length, acknowledged);
  let shown = look();

  for (;;) {
    if (look() !== shown) show(look());
    shown = look();
    const event = queue[0];
    setCurrentDetails(describe(subscriber, { waiting: queue.length, next: event?.body.type, dead: deadOnes().length }));
    if (event === undefined) {
      if (shown === 'pending') return { settled };
      if (!(await condition(() => queue.length > 0 || look() !== shown, DEAD_KEPT))) return { settled };
    } else {
      const outcome = await settle(event).catch((): DeliveryOutcome => 'dead');
      // The same event stored again meanwhile is tried on its own: only a delivered one makes it unneeded.
      const isReplaced = queue.some((waiting) => waiting.id === event.id && waiting !== event);
      if (outcome === 'not_recorded' && isReplaced) continue;
      queue = queue.filter(({ id }) => id !== event.id);
      settled = [...settled, { event, outcome, atMs: Date.now() }];
    }
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished())
      await continueAsNew<typeof notification>({
        subscriber,
        clientOrderId,
        carried: { queue, settled, ...(acknowledged > 0 && { acknowledged }) },
      });
  }
}

/** The same event again takes the place of the one that waits: it is the record's later word. */
function putEvent(queue: readonly NotificationEvent[], event: NotificationEvent): readonly NotificationEvent[] {
  return queue.some(({ id }) => id === event.id)
    ? queue.map((waiting) => (waiting.id === event.id ? event : waiting))
    : [...queue, event];
}

function isEvent(value: Partial<NotificationEvent> | undefined): value is NotificationEvent {
  return typeof value?.id === 'string' && typeof value.body?.type === 'string' && value.finalState !== undefined;
}

/** What lists say: `dead` needs a person, `seen` did. */
type Look = 'pending' | 'dead' | 'seen';

function lookOf(dead: number, acknowledged: number): Look {
  if (dead === 0) return 'pending';
  return dead > acknowledged ? 'dead' : 'seen';
}

function show(look: Look): void {
  upsertSearchAttributes([
    { key: searchAttributes.state, value: look === 'pending' ? NOTIFICATION_PENDING : NOTIFICATION_DEAD },
    { key: searchAttributes.attention, value: look === 'dead' ? NOTIFICATION_DEAD : null },
  ]);
}

function describe(subscriber: string, at: { waiting: number; next: string | undefined; dead: number }): string {
  const lines = at.next === undefined ? [] : [`Delivers ${at.next} to **${subscriber}**; ${at.waiting} waiting.`];
  if (at.dead > 0) lines.push(`${at.dead} could not be delivered: an operator can have them sent again.`);
  return lines.join('\n\n');
}
