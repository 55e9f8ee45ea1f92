import type { NotificationType } from '../domain/notification';
import type { DecodePayloads } from '../temporal/data-converter';
import {
  type DeliveryOutcome,
  type NotificationEvent,
  type NotificationInput,
  noticeSignal,
  resendSignal,
} from '../workflows/notification-messages';
import { type HistoryEvent, readFirstBy, toMs } from './recorded';

/** One event and the state of its delivery. */
export interface NotifiedEvent {
  readonly id: string;
  readonly type: NotificationType;
  readonly atMs: number;
  readonly state: 'pending' | DeliveryOutcome;
  readonly attempts: number;
  readonly problem: string | null;
  readonly nextAtMs: number | null;
  readonly settledAtMs: number | null;
}

/** The delivery under way: which attempt is next or running, why the last one failed, when the next one is. */
export interface PendingDelivery {
  readonly attempt: number;
  readonly problem: string | null;
  readonly nextAtMs: number | null;
}

const NOT_DELIVERED = { state: 'pending', attempts: 0, problem: null, nextAtMs: null, settledAtMs: null } as const;

/** Why an attempt failed, in our words; sealed like a payload. */
export async function readProblem(failure: Failure, decode: DecodePayloads): Promise<string | null> {
  const [sealed] = failure?.encodedAttributes ? await decode([failure.encodedAttributes]) : [];
  return (sealed as { message?: string } | undefined)?.message ?? failure?.message ?? null;
}
type Failure = NonNullable<HistoryEvent['activityTaskStartedEventAttributes']>['lastFailure'];

/** The events of one run of a notification workflow, in the order in which they happened. */
export async function readNotifiedEvents(
  history: readonly HistoryEvent[],
  decode: DecodePayloads,
  pending: PendingDelivery | null,
): Promise<readonly NotifiedEvent[]> {
  const first = readFirstBy(decode);
  const events = new Map<string, NotifiedEvent>();
  /** Of each activity by the id of its first event: what it delivers, and its attempts so far. */
  const deliveries = new Map<string, { readonly eventId: string; attempts: number; problem: string | null }>();
  let underWay: string | null = null;

  const store = ({ id, body }: NotificationEvent, atMs: number) => {
    const known = events.get(id);
    if (known === undefined || known.state === 'not_recorded')
      events.set(id, { id, type: body.type, atMs, ...NOT_DELIVERED });
  };
  const change = (id: string | null | undefined, fields: Partial<NotifiedEvent>) => {
    const event = events.get(id ?? '');
    if (event !== undefined) events.set(event.id, { ...event, ...fields });
  };

  for (const entry of history) {
    const atMs = toMs(entry.eventTime);
    const started = entry.workflowExecutionStartedEventAttributes;
    const signalled = entry.workflowExecutionSignaledEventAttributes;
    const scheduled = entry.activityTaskScheduledEventAttributes;
    const attempt = entry.activityTaskStartedEventAttributes;
    const completed = entry.activityTaskCompletedEventAttributes;
    const ended = completed ?? entry.activityTaskFailedEventAttributes ?? entry.activityTaskTimedOutEventAttributes;
    if (started) {
      const { queue = [], settled = [] } = (await first<NotificationInput>(started.input))?.carried ?? {};
      for (const { event, outcome, atMs: settledAtMs } of settled) {
        store(event, settledAtMs);
        change(event.id, { state: outcome, settledAtMs });
      }
      for (const event of queue) store(event, atMs);
    } else if (signalled?.signalName === noticeSignal.name) {
      const event = await first<NotificationEvent>(signalled.input);
      if (event !== null) store(event, atMs);
    } else if (signalled?.signalName === resendSignal.name) {
      for (const { id, state } of events.values()) if (state === 'dead' || state === 'gone') change(id, NOT_DELIVERED);
    } else if (scheduled) {
      const delivery = await first<{ event: NotificationEvent }>(scheduled.input);
      if (delivery === null) continue;
      underWay = delivery.event.id;
      deliveries.set(String(entry.eventId), { eventId: underWay, attempts: 1, problem: null });
    } else if (attempt) {
      const delivery = deliveries.get(String(attempt.scheduledEventId));
      if (delivery !== undefined) {
        delivery.attempts = attempt.attempt ?? 1;
        delivery.problem = await readProblem(attempt.lastFailure, decode);
      }
    } else if (ended) {
      const delivery = deliveries.get(String(ended.scheduledEventId));
      const outcome = completed ? await first<DeliveryOutcome | 'recorded'>(completed.result) : 'dead';
      // `recorded`: the check that an event is on record; its delivery follows.
      if (delivery === undefined || outcome === null || outcome === 'recorded') continue;
      const { attempts, problem } = delivery;
      change(delivery.eventId, {
        ...{ state: outcome, attempts, settledAtMs: atMs },
        // What the attempt before the last one met.
        problem: outcome === 'dead' ? problem : null,
      });
      underWay = null;
    }
  }
  if (pending !== null) {
    const { attempt, problem, nextAtMs } = pending;
    change(underWay, { attempts: attempt - 1, problem, nextAtMs });
  }
  return [...events.values()];
}
