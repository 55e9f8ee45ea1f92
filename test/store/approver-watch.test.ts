import type { Gate } from '../../src/domain/gate';
import { toClientOrderId } from '../../src/domain/ids';
import { openPayout, type Payout } from '../../src/domain/payout';
import { watchApprovers } from '../../src/store/approver-watch';
import type { Reading } from '../../src/store/history-reader';
import type { VisibleRun } from '../../src/store/visibility';
import { REQUEST, START_MS } from '../domain/samples';

const GATE: Gate = {
  requester: 'rita',
  approval: { rule: 'large', needed: 2, expiresInMs: 1e9, because: 'rule' },
};
const payoutOf = (id: string, gate?: Gate): Payout =>
  openPayout({ ...REQUEST, clientOrderId: toClientOrderId(id) }, { endpoint: 'default', atMs: START_MS, gate });

/** Payouts in memory, what they were told, and how often they were listed. */
function makeWatch(payouts: readonly Payout[], { fails = 0 }: { fails?: number } = {}) {
  const told: string[] = [];
  const stopping = new AbortController();
  let [lists, failsLeft, nowMs] = [0, fails, START_MS];
  let approvers = ['rita', 'anna'];
  const watch = watchApprovers({
    store: {
      read: async (id) => {
        const payout = payouts.find(({ clientOrderId }) => clientOrderId === id);
        return payout === undefined ? null : ({ payout, tenant: 'default', isClosed: false } as Reading);
      },
      signalApprovers: async (id, isBlocked) => told.push(`${id} ${isBlocked}`) > 0,
    },
    visibility: {
      list: async (query) => {
        lists += 1;
        expect(query).toContain("PayoutState IN ('awaiting_details', 'awaiting_approval')");
        failsLeft -= 1;
        if (failsLeft >= 0) throw new Error('away');
        const runs = payouts.map(({ clientOrderId: id }) => ({ workflowId: `payout:${id}` }) as VisibleRun);
        return { runs, next: null };
      },
    },
    ...{ tenants: () => ['default'], approversFor: () => approvers, now: () => nowMs, pauseMs: 0 },
    signal: stopping.signal,
  });
  stopping.abort();
  return {
    ...{ told, look: watch.look, countLists: () => lists },
    later: (ms: number) => (nowMs += ms),
    givenTo: (...persons: string[]) => (approvers = persons),
  };
}

it('a payout that lacks approvers gets a signal, and another one once there are enough', async () => {
  const blocked = payoutOf('B', { ...GATE, isBlocked: true });
  const { told, look, givenTo } = makeWatch([payoutOf('A', GATE), blocked, payoutOf('C')]);
  await look();
  expect(told).toEqual(['A true']);
  givenTo('anna', 'bert');
  await look();
  expect(told).toEqual(['A true', 'B false']);
});

it('nothing is listed while nobody got or lost a key, but for a second walk: lists are late', async () => {
  const { look, countLists, later } = makeWatch([]);
  for (const [ms, lists] of [
    [0, 1],
    [5_000, 1],
    [60_000, 2],
    [600_000, 2],
  ] as const) {
    later(ms);
    await look();
    expect(countLists()).toBe(lists);
  }
});

it('a walk that fails is made again', async () => {
  const { look, countLists, told } = makeWatch([payoutOf('A', GATE)], { fails: 2 });
  for (let nth = 1; nth <= 4; nth += 1) await look();
  expect([countLists(), told]).toEqual([3, ['A true']]);
});
