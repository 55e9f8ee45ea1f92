import type { InjectOptions } from 'fastify';
import type { Scope } from '../../../src/config/api-keys';
import { START_MS } from '../../domain/samples';

export const PAYOUT = {
  clientOrderId: 'PO-000001',
  amount: '10.50',
  currency: 'EUR',
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
};

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly scope: Scope | null;
  /**
   * What tenants may see of it: one payout or batch by its id, a new one, lists and counts, other lists or one delivery by its id, callbacks of an
   * unknown payout, what is the caller's own tenant's alone (tested beside its route), or nothing of any payout.
   */
  readonly about: 'payout' | 'batch' | 'start' | 'list' | 'notified' | 'notification' | 'unmatched' | 'own' | 'none';
}

/** Every route of the description; what it says of its security is checked apart. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/health/live', scope: null, about: 'none' },
  { method: 'GET', path: '/health/ready', scope: null, about: 'none' },
  { method: 'POST', path: '/payouts', scope: 'payouts:write', about: 'start' },
  { method: 'GET', path: '/payouts/{clientOrderId}', scope: 'payouts:read', about: 'payout' },
  { method: 'GET', path: '/payouts/{clientOrderId}/timeline', scope: 'payouts:read', about: 'payout' },
  { method: 'POST', path: '/payouts/{clientOrderId}/check', scope: 'payouts:operate', about: 'payout' },
  { method: 'POST', path: '/payouts/{clientOrderId}/cancel', scope: 'payouts:operate', about: 'payout' },
  { method: 'POST', path: '/payouts/{clientOrderId}/reschedule', scope: 'payouts:operate', about: 'payout' },
  { method: 'POST', path: '/payouts/{clientOrderId}/approve', scope: 'payouts:approve', about: 'payout' },
  { method: 'POST', path: '/payouts/{clientOrderId}/reject', scope: 'payouts:approve', about: 'payout' },
  { method: 'POST', path: '/payouts/{clientOrderId}/withdraw', scope: 'payouts:approve', about: 'payout' },
  { method: 'POST', path: '/payouts/{clientOrderId}/resend', scope: 'payouts:operate', about: 'payout' },
  { method: 'POST', path: '/payouts/{clientOrderId}/resolve', scope: 'payouts:operate', about: 'payout' },
  { method: 'GET', path: '/limits', scope: 'payouts:read', about: 'own' },
  { method: 'GET', path: '/payouts', scope: 'payouts:read', about: 'list' },
  { method: 'GET', path: '/payouts.csv', scope: 'payouts:read', about: 'list' },
  { method: 'GET', path: '/payout-counts', scope: 'payouts:read', about: 'list' },
  { method: 'GET', path: '/payouts/{clientOrderId}/events', scope: 'payouts:read', about: 'payout' },
  { method: 'GET', path: '/payouts/{clientOrderId}/notifications', scope: 'payouts:read', about: 'notified' },
  { method: 'GET', path: '/notifications', scope: 'payouts:read', about: 'notified' },
  { method: 'GET', path: '/notifications/{id}', scope: 'payouts:read', about: 'notification' },
  { method: 'POST', path: '/notifications/{id}/resend', scope: 'payouts:operate', about: 'notification' },
  { method: 'POST', path: '/payouts/{clientOrderId}/note', scope: 'payouts:operate', about: 'payout' },
  { method: 'POST', path: '/payouts/{clientOrderId}/acknowledge', scope: 'payouts:operate', about: 'payout' },
  { method: 'GET', path: '/unmatched/{clientOrderId}', scope: 'payouts:read', about: 'unmatched' },
  { method: 'POST', path: '/unmatched/{clientOrderId}/acknowledge', scope: 'payouts:operate', about: 'unmatched' },
  { method: 'POST', path: '/notifications/{id}/acknowledge', scope: 'payouts:operate', about: 'notification' },
  { method: 'GET', path: '/attention', scope: 'payouts:read', about: 'list' },
  { method: 'GET', path: '/me', scope: 'payouts:read', about: 'none' },
  { method: 'GET', path: '/payout-day', scope: 'payouts:read', about: 'list' },
  { method: 'POST', path: '/batches', scope: 'payouts:write', about: 'start' },
  { method: 'GET', path: '/batches', scope: 'payouts:read', about: 'notified' },
  { method: 'GET', path: '/batches/template.csv', scope: 'payouts:read', about: 'none' },
  { method: 'GET', path: '/batches/{batchId}', scope: 'payouts:read', about: 'batch' },
  { method: 'GET', path: '/batches/{batchId}/result', scope: 'payouts:read', about: 'batch' },
  { method: 'POST', path: '/batches/{batchId}/pause', scope: 'payouts:operate', about: 'batch' },
  { method: 'POST', path: '/batches/{batchId}/resume', scope: 'payouts:operate', about: 'batch' },
  { method: 'POST', path: '/batches/{batchId}/cancel', scope: 'payouts:operate', about: 'batch' },
  { method: 'POST', path: '/batches/{batchId}/reschedule', scope: 'payouts:operate', about: 'batch' },
  { method: 'POST', path: '/batches/{batchId}/approve', scope: 'payouts:approve', about: 'batch' },
  { method: 'POST', path: '/batches/{batchId}/reject', scope: 'payouts:approve', about: 'batch' },
];
/** What needs no Temporal to be answered. */
export const ASKS_NOTHING = ['/limits', '/me', '/batches/template.csv'];
/** What streams has no HEAD; of two routes at one path, a HEAD is the GET's. */
export const HEADLESS = ['/payouts.csv', '/payouts/{clientOrderId}/events', '/batches/{batchId}/result'];
export const isKeyed = (route: Route): route is Route & { readonly scope: Scope } => route.scope !== null;

export function requestTo({ method, path }: Pick<Route, 'method' | 'path'>, headers: Record<string, string> = {}) {
  const named = path.replace('{clientOrderId}', 'PO-000001').replace('{id}', 'erp:PO-000001').replace('{batchId}', 'B');
  const url = `${named}${path === '/notifications' ? '?state=dead' : ''}`;
  if (method === 'GET') return { method, url, headers } satisfies InjectOptions;
  const body =
    path === '/payouts'
      ? PAYOUT
      : path === '/batches'
        ? { batchId: 'B', rows: [PAYOUT] }
        : {
            reason: 'seen',
            ...(path.endsWith('resolve') ? { outcome: 'error' } : {}),
            ...(path === '/batches/{batchId}/approve' ? { contentHash: 'hash' } : {}),
            ...(path.endsWith('reschedule') ? { executeAt: new Date(START_MS + 60_000).toISOString() } : {}),
            ...(path === '/payouts/{clientOrderId}/acknowledge' ? { attention: 'conflict' } : {}),
          };
  return {
    method,
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: body,
  } satisfies InjectOptions;
}
