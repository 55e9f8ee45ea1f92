import type { SubscriberConfig } from '../config/subscriber';
import { createSender } from '../notifications/sender';
import { createConcurrencyLimit } from './concurrency-limit';
import { createNotificationActivities, type NotificationDeps } from './notification-activities';

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
