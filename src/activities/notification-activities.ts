import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { type SubscriberConfig, subscribesTo } from '../config/subscriber';
import type { ClientOrderId } from '../domain/ids';
import { type Notice, nextAttemptDelay } from '../domain/notification';
import type { Payout } from '../domain/payout';
import { storedTenant, tenantOf } from '../domain/tenants';
import { eventOf } from '../notifications/event';
import { type Attempt, createSender, type Sender } from '../notifications/sender';
import { signatureHeaders } from '../notifications/signature';
import type { DeliveryOutcome, NotificationEvent } from '../workflows/notification-messages';
import { type ConcurrencyLimit, createConcurrencyLimit } from './concurrency-limit';
import { notDelivered } from './failures';

export interface Delivery {
  readonly subscriber: string;
  readonly clientOrderId: ClientOrderId;
  readonly event: NotificationEvent;
}

export interface NotificationDeps {
  readonly subscribers: readonly SubscriberConfig[];
  /** Stores an event for a subscriber, durably and at least once. */
  readonly store: (delivery: Delivery & Pick<Payout, 'endpoint' | 'tenant'>) => Promise<void>;
  /** The state that the payout's own record holds; null when there is no such payout. */
  readonly findState: (clientOrderId: ClientOrderId) => Promise<string | null>;
  readonly sender: Pick<Sender, 'send'>;
  /** Requests to one subscriber at once. */
  readonly limit: ConcurrencyLimit;
  readonly now: () => number;
}

export type NotificationActivities = ReturnType<typeof createNotificationActivities>;

/** How long the task that announced a final status may take to record it, including repetitions. */
const RECORDED_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;
/** The pause of a delivery that found no slot free: half as long as it has waited, so that a long backlog asks rarely. */
const NO_SLOT_MS = { shortest: 5_000, longest: 600_000 };

/** Storing events for subscribers and delivering them, as Temporal activities. */
export function createNotificationActivities(deps: NotificationDeps) {
  const { subscribers, store, findState, sender, limit, now } = deps;

  async function tell(subscriber: SubscriberConfig, { id, body }: NotificationEvent): Promise<Attempt | null> {
    const text = JSON.stringify(body);
    const signature = signatureHeaders({ id, atSeconds: Math.floor(now() / 1_000), body: text }, subscriber.secrets);
    const headers = { 'content-type': 'application/json', 'user-agent': 'payout-orchestrator', ...signature };
    const { url, allowPrivateAddresses: allowPrivate } = subscriber;
    return await limit.tryRun(subscriber.name, () => sender.send({ url, allowPrivate, headers, body: text }));
  }

  const elapsed = () => Math.max(0, now() - Context.current().info.scheduledTimestampMs);

  return {
    /** Stores an event for every subscriber that gets it. @throws if Temporal did not store it: announce it again */
    async storeNotice(notice: Notice): Promise<void> {
      const { endpoint, tenant, clientOrderId } = notice.payout;
      const context = subscribers.filter(
        (subscriber) => subscribesTo(subscriber, notice.payout) && subscriber.events.includes(notice.type),
      );
      if (context.length === 0) return;
      const event = eventOf(notice);
      const stored = { clientOrderId, endpoint, ...storedTenant(tenant), event };
      await Promise.all(context.map(({ name }) => store({ subscriber: name, ...stored })));
    },

    /**
     * Checks that the payout has recorded a final status before it is delivered: the task that announced it may be lost, or repeated with
     * another result. Looks again for a minute, in which such a task is over for certain.
     * @throws ApplicationFailure NotDelivered, retryable
     */
    async findRecorded({ clientOrderId, event }: Delivery): Promise<DeliveryOutcome | 'recorded'> {
      const state = await findState(clientOrderId);
      if (state === event.finalState) return 'recorded';
      if (elapsed() < RECORDED_WITHIN_MS) throw notDelivered('the payout’s record does not say so yet', LOOK_AGAIN_MS);
      return state === null ? 'dead' : 'not_recorded';
    },

    /**
     * One attempt to deliver to a subscriber.
     * @throws ApplicationFailure NotDelivered, retryable, with the pause before the next attempt
     */
    async deliver({ subscriber: name, event }: Delivery): Promise<DeliveryOutcome> {
      const { attempt: nth } = Context.current().info;
      const again = (why: string, wishMs: number | null = null): DeliveryOutcome => {
        const delayMs = nextAttemptDelay(elapsed(), { unit: unitOf(`${event.id} ${nth}`), wishMs });
        if (delayMs === null) return 'dead';
        throw notDelivered(why, delayMs);
      };
      // A name may have gone to another tenant since the event was stored.
      const subscriber = subscribers.find(
        (each) => each.name === name && each.tenant === tenantOf(event.body.data as Pick<Payout, 'tenant'>),
      );
      if (subscriber === undefined) return again('no subscriber of this name is configured');
      const attempt = await tell(subscriber, event);
      if (attempt === null)
        throw notDelivered('too many requests to this subscriber are under way', noSlotPause(elapsed()));
      if (attempt.kind === 'not_answered') return again(`not answered: ${attempt.cause}`);
      const { statusCode, retryAfterMs } = attempt;
      if (statusCode >= 200 && statusCode < 300) return 'delivered';
      return statusCode === 410 ? 'gone' : again(`answered ${statusCode}`, retryAfterMs);
    },
  };
}

function noSlotPause(elapsedMs: number): number {
  return Math.min(NO_SLOT_MS.longest, Math.max(NO_SLOT_MS.shortest, Math.ceil(elapsedMs / 2)));
}

/** A number from 0 to 1 that is the same whenever it is asked for: what spreads attempts must not depend on who makes them. */
function unitOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

/** Everything the worker needs to notify these subscribers, with so many requests `each` at once, but for the store. */
export function createNotifications(subscribers: readonly SubscriberConfig[], { each }: { readonly each: number }) {
  const sender = createSender();
  const limit = createConcurrencyLimit({ each });
  return {
    activitiesOver: (outbox: Pick<NotificationDeps, 'store' | 'findState'>) =>
      createNotificationActivities({ ...outbox, subscribers, sender, limit, now: Date.now }),
    close: () => sender.close(),
  };
}
