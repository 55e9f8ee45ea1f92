import type { DecodePayloads } from '../temporal/data-converter';
import {
  type DeliveryOutcome,
  type NotificationEvent,
  type NotificationInput,
  noticeSignal,
  resendSignal,
} from '../workflows/notification-messages';
import type { NotificationRecorded } from './notification-projection';
import { type HistoryEvent, readFirstBy, toMs } from './recorded';

/** Translates the history of a notification workflow, decoding what it carries. */
export async function readNotification(
  events: readonly HistoryEvent[],
  decode: DecodePayloads,
): Promise<NotificationRecorded[]> {
  const first = readFirstBy(decode);
  const recorded: NotificationRecorded[] = [];
  const tried = new Map<string, string>();
  const attempts = new Map<string, number>();
  for (const event of events) {
    const atMs = toMs(event.eventTime);
    const started = event.workflowExecutionStartedEventAttributes;
    const signalled = event.workflowExecutionSignaledEventAttributes;
    const scheduled = event.activityTaskScheduledEventAttributes;
    const tryStarted = event.activityTaskStartedEventAttributes;
    const completed = event.activityTaskCompletedEventAttributes;
    const ended = completed ?? event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    if (started) {
      const queue = (await first<NotificationInput>(started.input))?.carried?.queue ?? [];
      recorded.push(...queue.map((carried) => ({ type: 'stored', event: carried, atMs }) as const));
    } else if (signalled?.signalName === noticeSignal.name) {
      const event = await first<NotificationEvent>(signalled.input);
      if (event !== null) recorded.push({ type: 'stored', event, atMs });
    } else if (signalled?.signalName === resendSignal.name) recorded.push({ type: 'resend', atMs });
    else if (scheduled) {
      // What is not recorded, or whose payout is gone, is settled by the look at the record.
      const delivery = await first<{ event: NotificationEvent }>(scheduled.input);
      if (delivery === null) continue;
      tried.set(String(event.eventId), delivery.event.id);
      recorded.push({ type: 'trying', eventId: delivery.event.id });
    } else if (tryStarted) attempts.set(String(tryStarted.scheduledEventId), tryStarted.attempt ?? 1);
    else if (ended) {
      const key = String(ended.scheduledEventId);
      const outcome = completed ? await first<DeliveryOutcome | 'recorded'>(completed.result) : 'dead';
      const eventId = tried.get(key);
      if (eventId === undefined || outcome === null || outcome === 'recorded') continue;
      recorded.push({ type: 'settled', eventId, outcome, attempts: attempts.get(key) ?? 1, atMs });
    }
  }
  return recorded;
}
