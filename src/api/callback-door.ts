import { createHash } from 'node:crypto';
import type { ClientOrderId } from '../domain/ids';
import { lateAnnouncement } from '../domain/notification';
import type { OrderReport } from '../domain/order-report';
import type { Payout } from '../domain/payout';
import {
  LATE_CALLBACK_WORKFLOW_TYPE,
  lateWorkflowPrefix,
  ORPHAN_CALLBACK_WORKFLOW_TYPE,
  orphanWorkflowPrefix,
} from '../workflows/messages';
import type { PayoutDesk } from './payouts';
import { describeStray, strayAttention } from './stray-callback';

/** What became of a verified callback. In every case Temporal holds it, or holds something equal. */
export type Delivery = 'signalled' | 'repeated' | 'agrees' | 'kept_late' | 'kept_orphan';

export interface CallbackDoor {
  /** @throws TemporalUnavailable when nothing was stored: the gateway must then not be told 200 */
  deliver(callback: { endpoint: string; clientOrderId: ClientOrderId; report: OrderReport }): Promise<Delivery>;
}

/** A signed callback can be replayed for ever, and a run takes 10,000 signals: equal ones within this time are not signalled. */
const REPEAT_WINDOW_MS = 60_000;
const REMEMBERED = 10_000;

/** Brings verified callbacks to their payouts, or keeps them where an operator finds them. */
export function createCallbackDoor(desk: PayoutDesk, now: () => number = Date.now): CallbackDoor {
  const delivered = new Map<string, number>();

  function isRepeat(key: string): boolean {
    const atMs = delivered.get(key);
    return atMs !== undefined && now() - atMs < REPEAT_WINDOW_MS;
  }

  function remember(key: string): void {
    delivered.delete(key);
    delivered.set(key, now());
    const oldest = delivered.keys().next().value;
    if (delivered.size > REMEMBERED && oldest !== undefined) delivered.delete(oldest);
  }

  return {
    async deliver({ endpoint, clientOrderId, report }) {
      const key = [endpoint, clientOrderId, report.orderId, report.transactionType, report.statusText].join('\n');
      if (isRepeat(key)) return 'repeated';
      const delivery = (await desk.signalCallback(clientOrderId, { endpoint, report }))
        ? 'signalled'
        : await keep({ endpoint, clientOrderId, report });
      remember(key);
      return delivery;
    },
  };

  async function keep(callback: {
    endpoint: string;
    clientOrderId: ClientOrderId;
    report: OrderReport;
  }): Promise<Delivery> {
    const { clientOrderId, report } = callback;
    const reading = await desk.read(clientOrderId);
    if (reading !== null && agrees(reading.payout, callback)) return 'agrees';
    const attention = strayAttention(report, reading?.payout ?? null, callback.endpoint);
    const words = [report.orderId ?? 'none', slug(report.transactionType), slug(report.statusText)].join(':');
    const [kind, prefix] =
      reading === null
        ? [ORPHAN_CALLBACK_WORKFLOW_TYPE, orphanWorkflowPrefix(clientOrderId)]
        : [LATE_CALLBACK_WORKFLOW_TYPE, lateWorkflowPrefix(clientOrderId)];
    const workflowId = prefix + words;
    const stray = { ...callback, finalState: reading?.payout.state ?? null, attention };
    const isTold = reading?.input.notify === true && attention !== 'orphan_callback';
    const late = { workflowId, what: describeStray(stray), atMs: now() };
    const announcement = isTold ? { announcement: lateAnnouncement(reading.payout, { ...late, attention }) } : {};
    await desk.keepStray(kind, workflowId, { ...stray, ...announcement });
    return reading === null ? 'kept_orphan' : 'kept_late';
  }
}

/** The callback says of the payout what is already known of it. */
function agrees(payout: Payout, { endpoint, report }: { endpoint: string; report: OrderReport }): boolean {
  const isSameOrder = report.orderId === null || payout.orderId === null || report.orderId === payout.orderId;
  return report.subject === 'payout' && report.status === payout.state && isSameOrder && endpoint === payout.endpoint;
}

/** Words a gateway is known to use of an order or a transaction; they may stand in an id. */
const KNOWN_WORDS: ReadonlySet<string> = new Set([
  ...['approved', 'declined', 'filtered', 'error', 'processing', 'unknown', 'payout', 'reversal', 'chargeback'],
  ...['refund', 'cancel', 'void', 'capture', 'fraud', 'retrieval', 'dispute'],
]);

/**
 * A word of the gateway as part of an id. Ids stand in clear everywhere and a type is not signed: a word nobody knows may be anything,
 * a name or an account number too, and is told apart by a hash.
 */
function slug(word: string | null): string {
  const text = (word ?? '').toLowerCase();
  if (text === '') return 'none';
  if (KNOWN_WORDS.has(text)) return text;
  return `other-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}
