import type { ListFilter } from '../../src/store/list-filter';
import { createPayoutList } from '../../src/store/payout-list';
import type { VisibleRun } from '../../src/store/visibility';
import { START_MS } from '../domain/samples';
import { createFakeVisibility, makeOpenRun, makeRun } from './fake-visibility';

const LAST_RUNS_OF = /^WorkflowId IN .* AND ExecutionStatus/;
const PASS_FILTER = /^WorkflowId IN .* AND WorkflowType/;
const late = (id: string, attention: string | undefined, fields: Partial<VisibleRun> = {}) =>
  makeRun(id, {
    workflowId: `late:${id}`,
    runId: `late-${id}`,
    type: 'lateEvents',
    attributes: { PayoutState: 'late', PayoutOutcome: undefined, PayoutAttention: attention },
    ...fields,
  });

/** @param passing what the server answers of payouts that were found by a late event: those that pass the filter */
function makeList(
  found: readonly VisibleRun[],
  others: readonly VisibleRun[] = found,
  { passing = others }: { passing?: readonly VisibleRun[] } = {},
) {
  const visibility = createFakeVisibility([
    [PASS_FILTER, passing],
    [LAST_RUNS_OF, others],
    [/./, found],
  ]);
  const list = createPayoutList({ visibility, exportPauseMs: 0 });
  const rows = async (filter: Partial<ListFilter> = {}) =>
    (await list.page({ tenants: '*', ...filter }, { token: null, limit: 100 })).rows;
  return { list, rows, queries: visibility.queries };
}
const idsOf = (rows: readonly { clientOrderId: string }[]) => rows.map(({ clientOrderId }) => clientOrderId);

describe('a row', () => {
  it.each(['open', 'accepted', 'sending', 'processing'])('of one that is %s says open', async (state) => {
    const [row] = await makeList([makeOpenRun('PO-1', { attributes: { PayoutState: state } })]).rows();
    expect(row).toMatchObject({ state: 'open', outcome: null, closedAt: null, orderId: null });
  });

  it.each<[string, Partial<VisibleRun>]>([
    ['has no memo sealed with a key of ours', { hasReadableMemo: false }],
    ['has no state', { attributes: { PayoutState: undefined } }],
    ['has a state nobody knows', { attributes: { PayoutState: 'paid' } }],
    ['has no amount', { attributes: { AmountMinor: undefined } }],
    ['has no currency', { attributes: { PayoutCurrency: undefined } }],
    ['has no endpoint', { attributes: { PayoutEndpoint: undefined } }],
  ])('of a payout that %s is there, and says that it cannot be read', async (_name, fields) => {
    const [broken, whole] = await makeList([makeRun('PO-1', fields), makeRun('PO-2')]).rows();
    expect([broken?.clientOrderId, broken?.problem]).toEqual(['PO-1', 'unreadable']);
    expect(whole).toMatchObject({ clientOrderId: 'PO-2', problem: null });
  });

  it.each([
    [['refund', 'week-48'], { tags: ['refund', 'week-48'] }],
    // As visibility hands on a list of one.
    ['refund', { tags: ['refund'] }],
    [undefined, {}],
  ])('of one with the tags %j has them, and no field more', async (PayoutTags, expected) => {
    const [row] = await makeList([makeRun('PO-1', { attributes: { PayoutTags } })]).rows();
    const { tags } = row as { tags?: unknown };
    expect(tags === undefined ? {} : { tags }).toEqual(expected);
    expect(Object.hasOwn(row ?? {}, 'tags')).toBe('tags' in expected);
  });

  it('of a payout whose workflow the server reports says that it is stuck', async () => {
    const reported = { TemporalReportedProblems: 'category=WorkflowTaskFailed' };
    const [row] = await makeList([makeOpenRun('PO-1', { attributes: reported })]).rows();
    expect(row).toMatchObject({ state: 'open', problem: 'stuck' });
  });

  it.each(['Terminated', 'Failed', 'TimedOut', 'Canceled'] as const)(
    'of a run that was %s calls for attention',
    async (status) => {
      const closed = { status, closedAtMs: START_MS + 9 };
      const [row] = await makeList([makeOpenRun('PO-1', closed)]).rows();
      expect(row).toMatchObject({ state: 'open', outcome: null, attention: 'not_followed' });
      const [final] = await makeList([makeRun('PO-1', closed)]).rows();
      expect(final).toMatchObject({ outcome: 'approved', attention: null });
    },
  );

  it('is of no workflow that was started under another id', async () => {
    expect(
      await makeList([makeRun('x', { workflowId: 'by-hand' }), makeRun('x', { workflowId: 'payout:1 2' })]).rows(),
    ).toEqual([]);
  });
});

describe('what closed runs cannot say', () => {
  it('is asked once for a page, and not of open payouts', async () => {
    const closed = makeList(Array.from({ length: 100 }, (_, at) => makeRun(`PO-${at}`)));
    expect(await closed.rows()).toHaveLength(100);
    expect(closed.queries).toHaveLength(2);
    const open = makeList([makeOpenRun('PO-1'), makeOpenRun('PO-2')]);
    expect(await open.rows()).toHaveLength(2);
    expect(open.queries).toHaveLength(1);
  });

  it('a payout that was reset is its last run, where that one is', async () => {
    const old = makeOpenRun('PO-1', { runId: 'a', status: 'Terminated', closedAtMs: START_MS + 5 });
    const last = makeOpenRun('PO-1', { runId: 'b', startedAtMs: START_MS + 5 });
    expect(await makeList([last, old]).rows()).toMatchObject([{ state: 'open', attention: null }]);
    expect(await makeList([old], [last, old]).rows()).toEqual([]);
    const approved = makeRun('PO-1', { runId: 'a' });
    expect(await makeList([approved], [last, approved]).rows()).toEqual([]);
  });

  it('a late event calls for attention to its payout alone, by its last run', async () => {
    const payouts = [makeRun('A'), makeRun('AB'), makeRun('a')];
    const events = [
      late('A', undefined, { runId: 'older', startedAtMs: START_MS + 1 }),
      late('A', 'post_payout_event', { startedAtMs: START_MS + 2 }),
    ];
    const rows = await makeList(payouts, [...payouts, ...events]).rows();
    expect(rows.map(({ attention }) => attention)).toEqual(['post_payout_event', null, null]);
  });
});

describe('filtered by attention', () => {
  const both = makeRun('both', { attributes: { PayoutAttention: 'never_confirmed' } });
  const events = [late('late', 'conflict'), late('both', 'conflict')];
  const others = [makeRun('late'), both, ...events];
  const found = [both, ...events];

  // `found` is as the server answers: payouts that say it, and late events that do.
  it.each<[ListFilter['attention'], readonly VisibleRun[], string[]]>([
    ['any', found, ['both never_confirmed', 'late conflict']],
    ['conflict', events, ['late conflict']],
    ['never_confirmed', [both], ['both never_confirmed']],
  ])('%s: each payout once, with the attention that it shows', async (attention, runs, expected) => {
    const rows = await makeList(runs, others).rows({ attention });
    expect(rows.map((row) => `${row.clientOrderId} ${row.attention}`)).toEqual(expected);
  });

  it('a payout that is found by an event passes the other filters, asked once, or is left out', async () => {
    const { rows, queries } = makeList(found, others, { passing: [] });
    expect(idsOf(await rows({ attention: 'any', currency: 'USD' }))).toEqual(['both']);
    expect(queries.filter((query) => PASS_FILTER.test(query))).toEqual([
      "WorkflowId IN ('payout:late', 'payout:both') AND WorkflowType IN ('payout') AND ExecutionStatus != 'ContinuedAsNew' " +
        "AND PayoutCurrency IN ('USD')",
    ]);
  });

  it('an event of an earlier run of the late workflow is not shown again', async () => {
    const earlier = late('late', 'conflict', { runId: 'earlier', startedAtMs: START_MS - 1 });
    expect(idsOf(await makeList([...found, earlier], [...others, earlier]).rows({ attention: 'any' }))).toEqual([
      'both',
      'late',
    ]);
  });

  it('a payout that was forgotten meanwhile is left out', async () => {
    expect(await makeList([late('gone', 'conflict')]).rows({ attention: 'any' })).toEqual([]);
  });
});

describe('filtered by settlement', () => {
  const run = (id: string, startedAtMs: number, outcome: string | undefined, attention?: string) =>
    late(id, undefined, {
      ...{ runId: `late-${id}-${startedAtMs}`, startedAtMs },
      attributes: { PayoutState: 'late_event', PayoutOutcome: outcome, PayoutAttention: attention },
    });
  const payouts = ['paid', 'part', 'rest', 'seen'].map((id) => makeRun(id));
  const part = run('part', 1, 'partially_returned', 'post_payout_event');
  const first = run('rest', 1, 'partially_returned');
  const rest = run('rest', 2, 'rest_returned', 'post_payout_event');
  const whole = run('seen', 1, 'returned', 'post_payout_event');
  const others = [...payouts, part, first, rest, whole, run('seen', 2, undefined)];
  const wordsOf = async (filter: Partial<ListFilter>, found: readonly VisibleRun[]) =>
    (await makeList(found, others, { passing: payouts }).rows(filter)).map(
      (row) => `${row.clientOrderId} ${row.settlement} ${row.attention}`,
    );

  it('each payout has the last word of its late events, whatever came after it', async () => {
    const all = ['paid paid null', 'part partially_returned post_payout_event'];
    const returned = ['rest returned post_payout_event', 'seen returned null'];
    expect(await wordsOf({}, payouts)).toEqual([...all, ...returned]);
    expect(await wordsOf({ settlement: 'paid' }, payouts)).toEqual(['paid paid null']);
    expect(await wordsOf({ settlement: 'returned' }, [rest, whole])).toEqual(returned);
    expect(await wordsOf({ settlement: 'partially_returned' }, [part, first])).toEqual([all[1]]);
    expect(await wordsOf({ settlement: 'returned', attention: 'any' }, [rest, whole])).toEqual([returned[0]]);
  });
});

it.each<[string, Partial<ListFilter>]>([
  ['an id', { clientOrderId: 'po-1' }],
  ['the beginning of an id', { clientOrderId: 'po*' }],
])('what the server finds although %s differs in case is left out', async (_name, filter) => {
  expect(await makeList([makeRun('PO-1')]).rows(filter)).toEqual([]);
  expect(idsOf(await makeList([makeRun('PO-1')]).rows({ clientOrderId: 'PO*' }))).toEqual(['PO-1']);
});

describe('all of them', () => {
  it('a payout that closes meanwhile is exported once', async () => {
    const open = Array.from({ length: 600 }, (_, at) => makeOpenRun(`PO-${at}`));
    // The first has closed when the second page is read.
    const found = [...open, makeRun('PO-0'), makeRun('PO-x')];
    const ids: string[] = [];
    for await (const row of makeList(found).list.all({ tenants: '*' })) ids.push(row.clientOrderId);
    expect(ids).toEqual([...open.map(({ workflowId }) => workflowId.slice('payout:'.length)), 'PO-x']);
  });
});

describe('acknowledged', () => {
  const conflict = { attributes: { PayoutAttention: 'conflict' } };
  const closedAtMs = START_MS + 8_000;
  const seen = (atMs: number, attention?: string) =>
    late('A', attention, {
      attributes: {
        PayoutState: 'late',
        PayoutOutcome: undefined,
        PayoutAttention: attention,
        AcknowledgedAt: new Date(atMs).toISOString(),
      },
    });

  it('after it closed, a payout calls for attention no more, and is not found by it', async () => {
    const { rows } = makeList([makeRun('A', conflict)], [makeRun('A', conflict), seen(closedAtMs + 1)]);
    expect(await rows()).toEqual([expect.objectContaining({ clientOrderId: 'A', attention: null })]);
    expect(await rows({ attention: 'any' })).toEqual([]);
    expect(await rows({ attention: 'conflict' })).toEqual([]);
  });

  it('before it closed once more, after a reset, it calls for attention again', async () => {
    const { rows } = makeList([makeRun('A', conflict)], [makeRun('A', conflict), seen(closedAtMs - 1)]);
    expect(await rows({ attention: 'any' })).toEqual([expect.objectContaining({ attention: 'conflict' })]);
  });

  it('a later event calls for attention again, once', async () => {
    const event = seen(closedAtMs + 1, 'post_payout_event');
    const { rows } = makeList([makeRun('A', conflict), event], [makeRun('A', conflict), event]);
    expect(await rows({ attention: 'any' })).toEqual([expect.objectContaining({ attention: 'post_payout_event' })]);
  });
});
