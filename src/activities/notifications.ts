import { createLanes } from '../notifications/lanes';
import { createSender } from '../notifications/sender';
import type { SubscriberConfig } from '../subscriber';
import { createNotificationActivities, type NotificationDeps } from './notification-activities';

/** One subscriber that hangs holds a fifth of the worker's requests at most. */
const LANES_EACH = 20;

/** Everything the worker needs to tell these subscribers, but for where it is kept until then. */
export function createNotifications(subscribers: readonly SubscriberConfig[]) {
  const sender = createSender();
  const lanes = createLanes(LANES_EACH);
  return {
    activitiesOver: (outbox: Pick<NotificationDeps, 'store' | 'findState'>) =>
      createNotificationActivities({ ...outbox, subscribers, sender, lanes, now: Date.now }),
    close: () => sender.close(),
  };
}
