import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../../support/stack';
import type { ProductView } from '../chaos/comparison';

interface Listed {
  readonly clientOrderId: string;
  readonly state: string;
}

/** Visibility is behind, longer after a crash of its database: so long it may be. */
const LATE_MS = 60_000;
/** Two ids that differ in case alone are two payouts, and a filter finds each by itself. */
const CASED = ['CASE-abc', 'case-ABC'] as const;

/** What lists, filters, counts and the queue say otherwise than the payouts read alone; empty when all is right. */
export async function findWrongLists(stack: Stack, payouts: readonly ProductView[]): Promise<string[]> {
  for (const clientOrderId of CASED) await stack.createPayout({ clientOrderId, digits: '400' });
  const deadline = performance.now() + LATE_MS;
  for (;;) {
    const wrong = await compareOnce(stack, payouts);
    if (wrong.length === 0 || performance.now() > deadline) return wrong;
    await sleep(1_000);
  }
}

async function compareOnce(stack: Stack, payouts: readonly ProductView[]): Promise<string[]> {
  const wrong: string[] = [];
  const expectIds = (what: string, found: readonly string[], expected: readonly string[]): void => {
    const [left, right] = [[...found].sort().join(' '), [...expected].sort().join(' ')];
    if (left !== right) wrong.push(`${what}: found ${left || 'none'}, expected ${right || 'none'}`);
  };
  const list = async (query: string): Promise<string[]> => {
    const { body } = await stack.request<{ payouts: Listed[] }>(`/payouts?limit=200&${query}`);
    return (body.payouts ?? []).map(({ clientOrderId }) => clientOrderId);
  };
  const idsWith = (isIt: (payout: ProductView) => boolean): string[] =>
    payouts.filter(isIt).map(({ clientOrderId }) => clientOrderId);
  expectIds(
    'all',
    await list('clientOrderId=PG-*'),
    idsWith(() => true),
  );
  expectIds('other case', await list('clientOrderId=pg-*'), []);
  for (const state of new Set(payouts.map((payout) => payout.state)))
    expectIds(
      `state ${state}`,
      await list(`clientOrderId=PG-*&state=${state}`),
      idsWith((one) => one.state === state),
    );
  const inNeed = idsWith(({ attention }) => attention !== null);
  expectIds('attention', await list('clientOrderId=PG-*&attention=any'), inNeed);
  for (const id of CASED) expectIds(id, await list(`clientOrderId=${id}`), [id]);
  expectIds('prefix', await list('clientOrderId=CASE-*'), [CASED[0]]);
  const queue = await stack.request<{ items: Listed[] }>('/attention');
  expectIds(
    'queue',
    (queue.body.items ?? []).map(({ clientOrderId }) => clientOrderId),
    inNeed,
  );
  const counts = await stack.request<{ final?: Record<string, number> }>('/payout-counts');
  for (const outcome of ['approved', 'declined', 'filtered', 'error', 'rejected']) {
    const expected = payouts.filter((payout) => payout.outcome === outcome).length + (outcome === 'rejected' ? 2 : 0);
    const found = counts.body.final?.[outcome] ?? 0;
    if (found !== expected) wrong.push(`count ${outcome}: found ${found}, expected ${expected}`);
  }
  return wrong;
}
