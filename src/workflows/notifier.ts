import { log, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { NotificationActivities } from '../activities/notification-activities';
import { type Notice, type Notified, noticeOf } from '../domain/notification';
import type { Payout } from '../domain/payout';
import { storeNoticeLocallyOptions, storeNoticeOptions } from './policies';

/** Stores notifications of a payout for its subscribers, without ever holding the payout up. */
export interface Notifier {
  /** Takes note of the record. `isLast`: the workflow is about to complete. */
  notice(current: Payout, options: { isLast: boolean }): void;
  /** True when everything noticed is stored. */
  isIdle(): boolean;
}

/**
 * In the middle of a payout an ordinary activity stores the notification: the workflow task that records the change also schedules it, so
 * nothing unrecorded is notified. At the end a local activity saves five events. The task that runs it may be lost, or refused because a
 * signal came meanwhile, and be done again with another result: the delivery of a final looks at the record first.
 */
export function createNotifier(options: { isOn: boolean; notified: Notified; onStored: () => void }): Notifier {
  let { notified } = options;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  return {
    notice(current, { isLast }) {
      const notice = options.isOn ? noticeOf(notified, current) : null;
      notified = current;
      if (notice === null) return;
      waiting += 1;
      last = last
        .then(async () => await (isLast ? storeSoon(notice) : store(notice)))
        .then(() => {
          waiting -= 1;
          options.onStored();
        });
    },
    isIdle: () => waiting === 0,
  };
}

/** Stores a notification as one event of history; when Temporal is out of reach for a moment, by an ordinary activity. */
async function storeSoon(notice: Notice): Promise<void> {
  const { storeNotice } = proxyLocalActivities<Pick<NotificationActivities, 'storeNotice'>>(
    storeNoticeLocallyOptions(),
  );
  try {
    await storeNotice(notice);
  } catch {
    await store(notice);
  }
}

/** Stores a notification by an ordinary activity, however long it takes. */
export async function store(notice: Notice): Promise<void> {
  const { storeNotice } = proxyActivities<Pick<NotificationActivities, 'storeNotice'>>(storeNoticeOptions());
  try {
    await storeNotice(notice);
  } catch {
    // It is tried without end, so this is a defect; the payout must not stay open for it.
    log.error('a notification could not be stored', { type: notice.type });
  }
}
