import type { NotificationType } from '../domain/notification';
import type { DeliveryOutcome, NotificationEvent } from '../workflows/notification-messages';

/** What the history of one notification workflow says, in order; values already decoded. */
export type NotificationRecorded =
  | { readonly type: 'stored'; readonly event: NotificationEvent; readonly atMs: number }
  | { readonly type: 'resend'; readonly atMs: number }
  | { readonly type: 'trying'; readonly eventId: string }
  | {
      readonly type: 'settled';
      readonly eventId: string;
      readonly outcome: DeliveryOutcome;
      readonly attempts: number;
      readonly atMs: number;
    };

/** The delivery under way: which attempt is next or running, why the last one failed, when the next one is. */
export interface PendingDelivery {
  readonly attempt: number;
  readonly problem: string | null;
  readonly nextAtMs: number | null;
}

/** One event and how its telling stands. */
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

export interface NotificationRun {
  readonly events: readonly NotifiedEvent[];
}

const UNTOLD = { state: 'pending', attempts: 0, problem: null, nextAtMs: null, settledAtMs: null } as const;

/** The events of one run, in the order in which they happened. */
export function projectNotification(
  recorded: readonly NotificationRecorded[],
  pending: PendingDelivery | null,
): NotificationRun {
  const events = new Map<string, NotifiedEvent>();
  let tried: string | null = null;
  for (const entry of recorded) {
    if (entry.type === 'stored') {
      const { event, atMs } = entry;
      const known = events.get(event.id);
      if (known === undefined || known.state === 'not_recorded')
        events.set(event.id, { id: event.id, type: event.body.type, atMs, ...UNTOLD });
    } else if (entry.type === 'resend') {
      for (const [id, event] of events) if (isDead(event)) events.set(id, { ...event, ...UNTOLD });
    } else if (entry.type === 'trying') tried = entry.eventId;
    else {
      const event = events.get(entry.eventId);
      const { outcome: state, attempts, atMs: settledAtMs } = entry;
      if (event !== undefined) events.set(event.id, { ...event, state, attempts, settledAtMs });
      tried = null;
    }
  }
  const underWay = tried === null ? undefined : events.get(tried);
  if (underWay !== undefined && pending !== null) {
    const { attempt, problem, nextAtMs } = pending;
    events.set(underWay.id, { ...underWay, attempts: attempt - 1, problem, nextAtMs });
  }
  return { events: [...events.values()] };
}

function isDead({ state }: NotifiedEvent): boolean {
  return state === 'dead' || state === 'gone';
}
