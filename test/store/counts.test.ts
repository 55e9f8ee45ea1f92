import { createCounts } from '../../src/store/counts';
import { TemporalUnavailable } from '../../src/store/errors';
import { createPayoutList } from '../../src/store/payout-list';
import type { VisibleRun } from '../../src/store/visibility';
import { START_MS } from '../domain/samples';
import { createFakeVisibility, makeOpenRun, makeRun } from './fake-visibility';

interface Others {
  readonly batches?: readonly VisibleRun[];
  readonly unmatched?: readonly VisibleRun[];
  readonly dead?: readonly VisibleRun[];
  readonly onCall?: () => void;
}

function makeCounts(
  found: readonly VisibleRun[],
  { batches = [], unmatched = [], dead = [], onCall = () => {} }: Others = {},
) {
  let nowMs = START_MS;
  const visibility = createFakeVisibility(
    [
      [/'batch'/, batches],
      [/'unmatchedCallback'/, unmatched],
      [/'notification'/, dead],
      [/./, found],
    ],
    onCall,
  );
  const counts = createCounts({ visibility, list: createPayoutList({ visibility }), now: () => nowMs });
  return { counts, queries: visibility.queries, pass: (ms: number) => (nowMs += ms) };
}

describe('the queue', () => {
  const attentive = (id: string, startedAtMs: number, attributes = {}) =>
    makeOpenRun(id, {
      startedAtMs,
      attributes: { PayoutState: 'needs_review', PayoutAttention: 'outcome_unknown', ...attributes },
    });
  const unmatched = makeRun('X', {
    workflowId: 'unmatched:X',
    type: 'unmatchedCallback',
    status: 'Running',
    startedAtMs: START_MS + 1,
    attributes: { PayoutAttention: 'unmatched_callback', GatewayOrderId: '77' },
  });
  const dead = makeRun('N', {
    workflowId: 'notify:N:erp',
    type: 'notification',
    status: 'Running',
    startedAtMs: START_MS + 3,
    attributes: { PayoutAttention: 'notification_dead' },
  });

  it('holds payouts, unmatched callbacks and dead notifications, oldest first', async () => {
    const payouts = [attentive('B', START_MS + 2), attentive('A', START_MS)];
    const { items, hasMore } = await makeCounts(payouts, { unmatched: [unmatched], dead: [dead] }).counts.readQueue(
      '*',
    );
    expect(items.map(({ kind, clientOrderId, subscriber }) => [kind, clientOrderId, subscriber])).toEqual([
      ['payout', 'A', null],
      ['unmatched_callback', 'X', null],
      ['payout', 'B', null],
      ['notification', 'N', 'erp'],
    ]);
    expect(items[1]).toMatchObject({ attention: 'unmatched_callback', orderId: '77', amount: null, state: null });
    expect(hasMore).toBe(false);
  });

  it('has a batch that waits before its first row once, and asks for no other', async () => {
    const batchIn = (id: string, state: string, tenant?: string) =>
      makeOpenRun(id, {
        workflowId: `batch:${id}`,
        type: 'batch',
        attributes: { PayoutState: `batch_${state}`, PayoutTenant: tenant },
      });
    const batches = [
      batchIn('B-1', 'awaiting_approval', 'shops'),
      batchIn('B-2', 'limit_reached'),
      batchIn('B-3', 'running'),
    ];
    const { counts, queries } = makeCounts([attentive('A', START_MS)], { batches });
    const { items, totals } = await counts.readQueue('*');
    expect(items.map(({ kind, clientOrderId, attention, tenant }) => [kind, clientOrderId, attention, tenant])).toEqual(
      [
        ['payout', 'A', 'outcome_unknown', 'default'],
        ['batch', 'B-1', 'awaiting_approval', 'shops'],
        ['batch', 'B-2', 'limit_reached', 'default'],
      ],
    );
    expect(totals).toEqual([{ currency: 'EUR', count: 1, amount: '10.50' }]);
    expect((await counts.count('*')).attention).toEqual({ outcome_unknown: 1, awaiting_approval: 1, limit_reached: 1 });
    expect(queries.filter((query) => query.includes("'batch'"))).toEqual([
      "WorkflowType IN ('batch') AND ExecutionStatus IN ('Running') AND PayoutState IN ('batch_awaiting_approval', 'batch_limit_reached')",
    ]);
  });

  it('sums payouts by currency', async () => {
    const payouts = [
      attentive('A', START_MS, { AmountMinor: 10 }),
      attentive('B', START_MS, { AmountMinor: 20 }),
      attentive('C', START_MS, { AmountMinor: 5, PayoutCurrency: 'JPY' }),
    ];
    const { totals } = await makeCounts(payouts, { unmatched: [unmatched] }).counts.readQueue('*');
    expect(totals).toEqual([
      { currency: 'EUR', count: 2, amount: '0.30' },
      { currency: 'JPY', count: 1, amount: '5' },
    ]);
  });

  it('is as long as the counts by reason say', async () => {
    const { counts } = makeCounts([attentive('A', START_MS)], { unmatched: [unmatched], dead: [dead] });
    expect((await counts.count('*')).attention).toEqual({
      outcome_unknown: 1,
      unmatched_callback: 1,
      notification_dead: 1,
    });
    expect((await counts.readQueue('*')).items).toHaveLength(3);
  });
});

describe('counts', () => {
  it('are the same for everyone who asks within ten seconds, and are asked once', async () => {
    const { counts, queries, pass } = makeCounts([makeRun('A', { attributes: { PayoutAttention: 'conflict' } })]);
    const [first, second] = await Promise.all([counts.count('*'), counts.count('*')]);
    expect(second).toBe(first);
    expect(first).toMatchObject({ attention: { conflict: 1 }, hasMoreAttention: false });
    const asked = queries.length;
    pass(9_999);
    expect(await counts.count('*')).toBe(first);
    expect(queries).toHaveLength(asked);
    pass(1);
    expect(await counts.count('*')).not.toBe(first);
    expect(queries).toHaveLength(2 * asked);
  });

  it('by reason are what is in the queue', async () => {
    const found = Array.from({ length: 1_001 }, (_, at) =>
      makeRun(`PO-${at}`, { attributes: { PayoutAttention: 'conflict' } }),
    );
    const { counts } = makeCounts(found);
    expect(await counts.count('*')).toMatchObject({ attention: { conflict: 1_000 }, hasMoreAttention: true });
    expect((await counts.readQueue('*')).items).toHaveLength(1_000);
  });

  it('of one tenant are none of another', async () => {
    const { counts, queries } = makeCounts([makeRun('A')]);
    const [shops, all] = await Promise.all([counts.count(['shops']), counts.count('*')]);
    expect(all).not.toBe(shops);
    const ofShops = queries.filter((query) => query.includes("PayoutTenant IN ('shops')"));
    const ofAll = queries.filter((query) => !query.includes('PayoutTenant') && !query.startsWith('WorkflowId IN'));
    expect(ofShops.map((query) => query.replaceAll(" AND (PayoutTenant IN ('shops'))", '')).sort()).toEqual(
      ofAll.sort(),
    );
  });

  it('of returns count a payout once, though a part of it came back first', async () => {
    const marks = (found: Readonly<Record<string, number>>) =>
      createFakeVisibility(
        Object.entries(found).map(([pattern, size]) => [
          new RegExp(`lateEvents.*PayoutOutcome IN \\(${pattern}\\)`),
          Array.from({ length: size }, (_, at) => makeRun(`${at}`)),
        ]),
      );
    const visibility = marks({ "'returned', 'rest_returned'": 5, "'partially_returned'": 3, "'rest_returned'": 2 });
    const counts = createCounts({ visibility, list: createPayoutList({ visibility }), now: () => START_MS });
    expect((await counts.count('*')).settlement).toEqual({ returned: 5, partially_returned: 1 });
  });

  it('that failed are asked again', async () => {
    let isAway = true;
    const onCall = () => {
      if (isAway) throw new TemporalUnavailable();
    };
    const { counts } = makeCounts([makeRun('A')], { onCall });
    await expect(counts.count('*')).rejects.toThrow(TemporalUnavailable);
    isAway = false;
    expect(await counts.count('*')).toMatchObject({ open: 1 });
  });
});
