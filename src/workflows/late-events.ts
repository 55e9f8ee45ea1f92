import {
  condition,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { PayoutActivities } from '../activities/activities';
import {
  acknowledgedAt,
  describeLateEvent,
  isAcknowledgement,
  isLateClaim,
  type LateRecord,
  lateAttentionOf,
  NO_LATE_EVENTS,
  newlyConfirmed,
  nextLateQuestion,
  opensUntil,
  ordersToAsk,
  returnedOf,
  takeAcknowledgement,
  takeLateAnswer,
  takeLateClaim,
} from '../domain/late-events';
import { lateNotice } from '../domain/notification';
import type { Returned } from '../domain/returns';
import {
  acknowledgeSignal,
  type LateEventsInput,
  lateClaimSignal,
  MEMO_LATE_RECORD,
  REST_RETURNED,
  searchAttributes,
} from './messages';
import { store } from './notifier';
import { askOptions } from './policies';

/**
 * The events after one payout. A callback only claims one: its type is not signed, and a signed status can be replayed for ever. So the
 * gateway is asked, and only what its answer says too sets attention and is notified. The payout itself is not touched.
 */
export async function lateEvents(input: LateEventsInput): Promise<LateRecord> {
  const { payout } = input;
  let record = input.known ?? NO_LATE_EVENTS;
  let published: LateRecord | null = null;
  const returnedBefore = input.known === undefined ? null : returnedOf(input.known);
  const take = (claim: unknown) => {
    if (!isLateClaim(claim)) return log.error('a signal that is no claim was ignored');
    record = takeLateClaim(record, { claim, payout, atMs: Date.now() });
  };
  setHandler(lateClaimSignal, take);
  setHandler(acknowledgeSignal, (acknowledgement) => {
    if (!isAcknowledgement(acknowledgement)) return log.error('a signal that is no acknowledgement was ignored');
    record = takeAcknowledgement(record, acknowledgement, Date.now());
  });
  if (input.claim !== undefined) take(input.claim);

  for (;;) {
    if (record !== published) publish(record, returnedBefore);
    published = record;
    const askAtMs = nextLateQuestion(record);
    const untilMs = askAtMs ?? opensUntil(record);
    if (untilMs > Date.now()) {
      const seenAtMs = acknowledgedAt(record);
      const isNews = () => nextLateQuestion(record) !== askAtMs || acknowledgedAt(record) !== seenAtMs;
      await condition(isNews, untilMs - Date.now());
      continue;
    }
    if (askAtMs === null) return record;
    for (const orderId of ordersToAsk(record, payout)) {
      const answer = await ask(orderId);
      const before = record;
      record = takeLateAnswer(record, { answer, payout, atMs: Date.now() });
      for (const event of newlyConfirmed(before, record)) await storeNotice(event);
    }
  }

  async function ask(orderId: LateEventsInput['payout']['orderId']) {
    const { endpoint, clientOrderId } = payout;
    const timeoutMs = input.policy.answerTimeoutMs;
    const { fetchOrderStatus } = proxyActivities<PayoutActivities>(
      askOptions({ endpoint, policy: input.policy, kind: 'poll', tries: 3 }),
    );
    return await fetchOrderStatus({ kind: 'poll', endpoint, clientOrderId, orderId, timeoutMs }).catch(() => null);
  }

  async function storeNotice(event: LateRecord['events'][number]): Promise<void> {
    if (input.notify !== true) return;
    const { workflowId } = workflowInfo();
    const what = describeLateEvent(event);
    const settlement = event.returned?.settlement;
    const notice = { workflowId, what, attention: event.kind, isConfirmed: true, atMs: event.atMs };
    await store(lateNotice(payout, { ...notice, ...(settlement && { settlement }) }));
  }
}

/** The memo is what readers see. Search attributes are stored unencrypted: they hold our words alone. */
function publish(record: LateRecord, returnedBefore: Returned | null): void {
  upsertMemo({ [MEMO_LATE_RECORD]: record });
  const seenAtMs = acknowledgedAt(record);
  const returned = returnedOf(record);
  upsertSearchAttributes([
    { key: searchAttributes.attention, value: lateAttentionOf(record) },
    ...(returned === returnedBefore || returned === null
      ? []
      : [{ key: searchAttributes.outcome, value: returnedBefore === null ? returned : REST_RETURNED }]),
    ...(seenAtMs === null ? [] : [{ key: searchAttributes.acknowledgedAt, value: new Date(seenAtMs) }]),
  ]);
  setCurrentDetails(
    record.events
      .map((event) => `${event.confirmed ? 'Confirmed' : 'Claimed'}: ${describeLateEvent(event)}`)
      .join('\n\n'),
  );
}
