import { createHash } from 'node:crypto';
import { NOTIFICATION_VERSION, type Notice } from '../domain/notification';
import { isFinalState } from '../domain/payout';
import { viewPayout } from '../domain/view';
import type { NotificationEvent } from '../workflows/notification-messages';

/** The event an announcement is of: one id and one body, on every attempt and for every subscriber. */
export function eventOf({ type, key, atMs, payout, late }: Notice): NotificationEvent {
  const { clientOrderId, state } = payout;
  const hash = createHash('sha256').update([clientOrderId, key].join('\n')).digest('base64url');
  return {
    id: `evt_${hash.slice(0, 32)}`,
    body: {
      type,
      version: NOTIFICATION_VERSION,
      timestamp: new Date(atMs).toISOString(),
      data: viewPayout(payout, late === null ? [] : [late]),
    },
    finalState: isFinalState(state) ? state : null,
  };
}
