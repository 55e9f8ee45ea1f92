import { type ActivityDeps, createActivities } from './activities';
import { type BatchDeps, createBatchActivities } from './batch-activities';
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
}) {
  const { calling, notifications, records, batches } = deps;
  return {
    ...createActivities({ ...calling, ...records.sends }),
    ...notifications.activitiesOver(records.outbox),
    ...createBatchActivities(batches),
    ...createLimitActivities({ ledger: records.ledger, now: Date.now }),
  };
}
