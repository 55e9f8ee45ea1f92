import { isFinalStatus, type OrderReport } from '../domain/order-report';
import type { AttentionReason, Payout } from '../domain/payout';

type StrayAttention = AttentionReason | 'orphan_callback';

/** Why a person should look at a callback that no open payout could take; null for one that says nothing new. */
export function strayAttention(report: OrderReport, payout: Payout | null, endpoint: string): StrayAttention | null {
  if (payout === null) return 'orphan_callback';
  const isOtherOrder = report.orderId !== null && payout.orderId !== null && report.orderId !== payout.orderId;
  if (isOtherOrder || endpoint !== payout.endpoint) return 'order_id_mismatch';
  if (report.subject !== 'payout') return report.subject;
  return isFinalStatus(report.status) && report.status !== payout.state ? 'conflict' : null;
}

/** A stray callback in a few words of the gateway; no account data. */
export function describeStray({ report }: { readonly report: OrderReport }): string {
  return [report.transactionType ?? 'callback', report.statusText].join(' ').slice(0, 80);
}
