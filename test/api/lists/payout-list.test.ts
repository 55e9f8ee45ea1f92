import fc from 'fast-check';
import { candidatesOf, type ListFilter } from '../../../src/api/lists/list-filter';
import { createPayoutList, type Position } from '../../../src/api/lists/payout-list';
import type { VisibleRun } from '../../../src/api/lists/visibility';
import { toClientOrderId } from '../../../src/domain/ids';
import { isFinalState, type Payout, type PayoutState } from '../../../src/domain/payout';
import { makeFinal, makeFollowed, makePayout, START_MS } from '../../domain/samples';
import { makeReading } from '../app-harness';
import { createFakeVisibility, EVERYTHING, makeOpenRun, makeRun, START_US } from './fake-visibility';

function makeList(runs: VisibleRun[], payouts: Partial<Record<string, Payout>> = {}, now = () => START_MS + 60_000) {
  const visibility = createFakeVisibility(runs);
  const read = jest.fn(async (id: string) => {
    const payout = payouts[id];
    return payout === undefined ? null : makeReading({ ...payout, clientOrderId: toClientOrderId(id) });
  });
  return { list: createPayoutList({ visibility, read, now }), visibility, read };
}

const idsOf = (items: readonly { clientOrderId: string }[]) => items.map(({ clientOrderId }) => clientOrderId);

describe('a page', () => {
  it('tells completed payouts by their attributes, newest first, without reading one', async () => {
    const runs = ['A', 'B', 'C'].map((id, at) => makeRun(id, { startUs: START_US + at }));
    const { list, read } = makeList(runs);
    const { items, last } = await list.page(EVERYTHING, { after: null, limit: 10 });
    expect(idsOf(items)).toEqual(['C', 'B', 'A']);
    expect(last).toBeNull();
    expect(read).not.toHaveBeenCalled();
    expect(items[2]).toEqual({
      clientOrderId: 'A',
      state: 'approved',
      outcome: 'approved',
      attention: null,
      endpoint: 'default',
      amount: '10.50',
      currency: 'EUR',
      orderId: '6768788',
      createdAt: new Date(START_MS).toISOString(),
      closedAt: new Date(START_MS + 8_000).toISOString(),
    });
  });

  it('reads every open payout: its attributes are behind', async () => {
    const runs = [
      makeOpenRun('A'),
      makeOpenRun('B', { attributes: { PayoutState: 'unconfirmed', PayoutAttention: 'gateway_unreachable' } }),
    ];
    const payouts = { A: makePayout({ state: 'sending' }), B: makeFinal('declined') };
    const { list, read } = makeList(runs, payouts);
    const { items } = await list.page(EVERYTHING, { after: null, limit: 10 });
    expect(items.map(({ clientOrderId, state, outcome }) => [clientOrderId, state, outcome])).toEqual([
      ['A', 'sending', null],
      ['B', 'declined', 'declined'],
    ]);
    expect(items[1]?.attention).toBeNull();
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('reads a final payout that is still asked about: what is heard of it is not published at once', async () => {
    const run = makeRun('A', { closedAtMs: null, attributes: { ExecutionStatus: 'Running' } });
    const { list, read } = makeList([run], { A: makeFinal('approved', { attention: 'post_payout_event' }) });
    const { items } = await list.page(EVERYTHING, { after: null, limit: 10 });
    expect(items).toMatchObject([{ state: 'approved', attention: 'post_payout_event', closedAt: null }]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it.each<[string, Partial<ListFilter>, string[]]>([
    ['a state of the fast path', { states: ['processing'] }, ['P', 'Q']],
    ['a published state', { states: ['unconfirmed'] }, ['U']],
    ['several states', { states: ['approved', 'sending'] }, ['F', 'S']],
    ['an outcome', { outcome: 'approved' }, ['F']],
    ['any attention', { attention: 'any' }, ['U']],
    ['one attention', { attention: 'conflict' }, []],
    ['an order id', { orderId: '42' }, []],
    ['an endpoint', { endpoint: 'yen' }, ['F']],
    ['a currency', { currency: 'USD' }, []],
    ['an id', { clientOrderId: { text: 'S', isPrefix: false } }, ['S']],
    ['a time', { fromUs: START_US + 2, toUs: START_US + 4 }, ['Q', 'S']],
  ])('is filtered by %s, after reading', async (_name, filter, expected) => {
    const runs = [
      makeRun('F', { startUs: START_US + 4, attributes: { PayoutEndpoint: 'yen' } }),
      makeOpenRun('Q', { startUs: START_US + 3, attributes: { PayoutState: 'unconfirmed' } }),
      makeOpenRun('S', { startUs: START_US + 2 }),
      makeOpenRun('U', {
        startUs: START_US + 1,
        attributes: { PayoutState: 'unconfirmed', PayoutAttention: 'gateway_unreachable' },
      }),
      makeOpenRun('P', { startUs: START_US, attributes: { PayoutAttention: 'gateway_unreachable' } }),
    ];
    const { list } = makeList(runs, {
      Q: makeFollowed(),
      S: makePayout({ state: 'sending' }),
      U: makePayout({ state: 'unconfirmed', attention: 'gateway_unreachable' }),
      P: makeFollowed(),
    });
    const { items } = await list.page({ ...EVERYTHING, ...filter }, { after: null, limit: 10 });
    expect(idsOf(items).sort()).toEqual(expected);
  });

  it('shows what a late callback calls attention to', async () => {
    const late = makeRun('x', {
      workflowId: 'late:A:6768788:reversal:approved',
      attributes: { WorkflowType: 'lateCallback', PayoutAttention: 'post_payout_event', PayoutState: 'stray_callback' },
    });
    const { list } = makeList([makeRun('A'), makeRun('AB'), late]);
    const { items } = await list.page(EVERYTHING, { after: null, limit: 10 });
    expect(items.map(({ attention }) => attention)).toEqual(['post_payout_event', null]);
  });

  const lateCall = (id: string, attention: string, startUs = START_US) =>
    makeRun('x', {
      workflowId: `late:${id}:6768788:reversal:approved`,
      startUs,
      attributes: { WorkflowType: 'lateCallback', PayoutAttention: attention, PayoutState: 'stray_callback' },
    });

  it.each<[ListFilter['attention'], string[]]>([
    ['any', ['A', 'D', 'O']],
    ['post_payout_event', ['A']],
    ['conflict', ['D']],
    ['never_confirmed', ['O']],
    ['amount_mismatch', []],
    [null, ['A', 'B', 'D', 'O']],
  ])('filtered by attention %p has those that a late callback gave it', async (attention, expected) => {
    const runs = [
      ...[makeRun('A'), makeRun('B'), makeRun('D')],
      makeRun('O', { attributes: { PayoutAttention: 'never_confirmed' } }),
      ...[lateCall('A', 'post_payout_event'), lateCall('D', 'conflict'), lateCall('O', 'amount_mismatch')],
    ];
    const { list } = makeList(runs);
    const { items } = await list.page({ ...EVERYTHING, attention }, { after: null, limit: 10 });
    expect(idsOf(items).sort()).toEqual(expected);
  });

  it('filtered by attention has them also when there are too many to be named', async () => {
    const ids = Array.from({ length: 301 }, (_, at) => `M${at}`);
    const runs = [makeRun('quiet'), ...ids.flatMap((id) => [makeRun(id), lateCall(id, 'conflict')])];
    const { list } = makeList(runs);
    const { items } = await list.page({ ...EVERYTHING, attention: 'conflict' }, { after: null, limit: 1_000 });
    expect(idsOf(items).sort()).toEqual(ids.sort());
  });

  it('shows a payout that was continued, reset or terminated once, as it truly stands', async () => {
    const runs = [
      makeRun('C', {
        startUs: START_US,
        runId: 'c1',
        attributes: { ExecutionStatus: 'ContinuedAsNew', PayoutState: 'unconfirmed', PayoutOutcome: undefined },
      }),
      makeOpenRun('C', { startUs: START_US + 9, runId: 'c2', attributes: { PayoutState: 'needs_review' } }),
      makeRun('R', { startUs: START_US + 1, runId: 'r1' }),
      makeOpenRun('R', { startUs: START_US + 8, runId: 'r2' }),
      makeRun('T', {
        startUs: START_US + 2,
        attributes: { ExecutionStatus: 'Terminated', PayoutState: 'open', PayoutOutcome: undefined },
      }),
    ];
    const payouts = { C: makePayout({ state: 'needs_review' }), R: makeFinal('declined'), T: makeFollowed() };
    const { list } = makeList(runs, payouts);
    const { items } = await list.page(EVERYTHING, { after: null, limit: 10 });
    expect(items.map(({ clientOrderId, state }) => [clientOrderId, state])).toEqual([
      ['T', 'processing'],
      ['R', 'declined'],
      ['C', 'needs_review'],
    ]);
    const review = await list.page({ ...EVERYTHING, states: ['needs_review'] }, { after: null, limit: 10 });
    expect(idsOf(review.items)).toEqual(['C']);
  });

  it('leaves out what is no payout, and a payout that is forgotten meanwhile', async () => {
    const { list } = makeList([makeRun('x', { workflowId: 'by-hand' }), makeOpenRun('gone'), makeRun('A')]);
    expect(idsOf((await list.page(EVERYTHING, { after: null, limit: 10 })).items)).toEqual(['A']);
  });

  it('is answered with what it has when its time is over, and goes on from there', async () => {
    const runs = Array.from({ length: 30 }, (_, at) => makeOpenRun(`P${at}`, { startUs: START_US - at }));
    const payouts = Object.fromEntries(runs.map((_, at) => [`P${at}`, at === 29 ? makeFollowed() : makePayout()]));
    let nowMs = START_MS;
    const { list } = makeList(runs, payouts, () => (nowMs += 2_000));
    const pages = [];
    let after: Position | null = null;
    do {
      const page = await list.page({ ...EVERYTHING, states: ['processing'] }, { after, limit: 5 });
      pages.push(idsOf(page.items));
      after = page.last;
    } while (after !== null);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(['P29']);
  });
});

/** A world in which payouts start, move, are continued and close while somebody pages through it. */
function makeWorld(count: number, spreadUs: number) {
  const runs: VisibleRun[] = [];
  const states = new Map<string, PayoutState>();
  const held = new Map<string, Set<PayoutState>>();
  let nowUs = START_US;
  let runNumber = 0;

  function put(id: string, state: PayoutState, startUs: number) {
    states.set(id, state);
    held.set(id, (held.get(id) ?? new Set()).add(state));
    const runId = `run-${String(runNumber++).padStart(6, '0')}`;
    const published = { PayoutState: isFinalState(state) || state === 'unconfirmed' ? state : 'open' };
    if (isFinalState(state))
      runs.push(makeRun(id, { runId, startUs, attributes: { ...published, PayoutOutcome: state } }));
    else runs.push(makeOpenRun(id, { runId, startUs, attributes: published }));
  }
  const replaceOpen = (id: string, fields: Parameters<typeof makeRun>[1]) => {
    const at = runs.findIndex((run) => run.workflowId === `payout:${id}` && run.closedAtMs === null);
    const before = runs[at];
    if (before === undefined) return null;
    const { runId, startUs } = before;
    runs[at] = makeRun(id, { runId, startUs, ...fields, attributes: { ...before.attributes, ...fields?.attributes } });
    return before;
  };

  for (let at = 0; at < count; at += 1) {
    const state = (['approved', 'processing', 'unconfirmed', 'declined'] as const)[at % 4] ?? 'approved';
    nowUs += Math.floor((at * 7_919) % (spreadUs + 1));
    put(`P${at}`, state, nowUs);
  }
  return {
    runs,
    states,
    held,
    /** One thing that happens; which is chosen by a number. */
    happen(choice: number) {
      nowUs += 1 + (choice % 3);
      const open = [...states].filter(([, state]) => !isFinalState(state)).map(([id]) => id);
      const id = open[choice % Math.max(1, open.length)];
      const what = choice % 5;
      if (what === 0 || id === undefined)
        return put(`N${runNumber}`, choice % 2 === 0 ? 'processing' : 'approved', nowUs);
      if (what === 1) {
        replaceOpen(id, {
          attributes: { ExecutionStatus: 'Completed', PayoutState: 'approved', PayoutOutcome: 'approved' },
        });
        states.set(id, 'approved');
      } else if (what === 2) {
        if (replaceOpen(id, { attributes: { ExecutionStatus: 'ContinuedAsNew' } }) !== null)
          put(id, states.get(id) ?? 'processing', nowUs);
      } else {
        const state = what === 3 ? 'unconfirmed' : 'processing';
        replaceOpen(id, { closedAtMs: null, attributes: state === 'unconfirmed' ? { PayoutState: state } : {} });
        states.set(id, state);
      }
      held.get(id)?.add(states.get(id) ?? 'approved');
    },
  };
}

describe('page after page, while payouts start, move, close and are continued', () => {
  const filters: Partial<ListFilter>[] = [
    {},
    { states: ['processing'] },
    { states: ['approved', 'unconfirmed'] },
    { outcome: 'approved' },
  ];

  it('has every payout that matched throughout exactly once, and none that never did', async () => {
    const world = fc.record({
      count: fc.integer({ min: 0, max: 60 }),
      spreadUs: fc.constantFrom(0, 1, 50, 40_000_000),
      limit: fc.integer({ min: 1, max: 9 }),
      filter: fc.constantFrom(...filters),
      happenings: fc.array(fc.nat(10_000), { minLength: 20, maxLength: 80 }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ count, spreadUs, limit, filter: part, happenings }) => {
        const filter = { ...EVERYTHING, ...part };
        const { runs, states, held, happen } = makeWorld(count, spreadUs);
        const fits = (state: PayoutState) =>
          (filter.states === null || filter.states.includes(state)) &&
          (filter.outcome === null || filter.outcome === state);
        const wanted = [...states].filter(([, state]) => fits(state)).map(([id]) => id);
        let at = 0;
        const onCall = () => {
          const choice = happenings[at];
          at += 1;
          if (choice !== undefined) happen(choice);
        };
        const visibility = createFakeVisibility(runs, { pageSize: 8, onCall });
        const read = async (id: string) =>
          makeReading({ ...makePayout({ state: states.get(id) ?? 'accepted' }), clientOrderId: toClientOrderId(id) });
        const list = createPayoutList({ visibility, read, now: () => START_MS, sizes: { least: 2, most: 5 } });
        const seen: string[] = [];
        let after: Position | null = null;
        do {
          const page = await list.page(filter, { after, limit });
          seen.push(...idsOf(page.items));
          after = page.last;
        } while (after !== null);
        expect(seen.filter((id, place) => seen.indexOf(id) !== place)).toEqual([]);
        const throughout = wanted.filter((id) => [...(held.get(id) ?? [])].every(fits));
        expect(throughout.filter((id) => !seen.includes(id))).toEqual([]);
        expect(seen.filter((id) => ![...(held.get(id) ?? [])].some(fits))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

it('asks for candidates by structure alone: no value of a caller is part of the language', () => {
  expect(candidatesOf({ ...EVERYTHING, endpoint: 'euros' })).toEqual({
    is: 'all',
    of: [
      { is: 'one_of', attribute: 'WorkflowType', values: ['payout'] },
      { is: 'one_of', attribute: 'PayoutEndpoint', values: ['euros'] },
    ],
  });
});
