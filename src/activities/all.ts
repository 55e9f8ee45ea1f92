import { type ActivityDeps, createActivities } from './activities';
import { type BatchDeps, createBatchActivities } from './batch-activities';
import type { HookActivities } from './hook-activities';
import { createLimitActivities, type LimitLedger } from './limit-activities';
import type { createNotifications, NotificationDeps } from './notification-activities';

type Sends = Pick<ActivityDeps, 'findStart' | 'recordSend'>;

/** Everything that a worker does on behalf of workflows. */
export function createAllActivities(deps: {
  readonly calling: Omit<ActivityDeps, keyof Sends>;
  readonly notifications: Pick<ReturnType<typeof createNotifications>, 'activitiesOver'>;
  readonly records: {
    readonly sends: Sends;
    readonly outbox: Pick<NotificationDeps, 'store' | 'findState'>;
    readonly ledger: LimitLedger;
  };
  readonly batches: BatchDeps;
  readonly hooks: { readonly activities: HookActivities };
}) {
  const { calling, notifications, records, batches, hooks } = deps;
  return {
    ...createActivities({ ...calling, ...records.sends }),
    ...notifications.activitiesOver(records.outbox),
    ...createBatchActivities(batches),
    ...hooks.activities,
    ...createLimitActivities({ ledger: records.ledger, now: Date.now }),
  };
}
