import { describePayout } from '../../scripts/payout-api';
import { QUICK } from './quick';
import { type Stack, startStack } from './stack';

/** Payouts that wait do so to the end of the test. */
const PATIENT = { POLL_PLAN: JSON.stringify([{ every: '1s', until: '20m' }]) };

/** How many payouts there are of each kind, the digits of its scenario, and where it ends here. */
const KINDS = {
  approved: { count: 70, digits: '000', state: 'approved' },
  declined: { count: 30, digits: '116', state: 'declined' },
  refused: { count: 30, digits: '400', state: 'rejected' },
  waiting: { count: 25, digits: '321', state: 'awaiting_receiver' },
  following: { count: 25, digits: '611', state: 'processing' },
  doubtful: { count: 20, digits: '505', state: 'needs_review' },
  slow: { count: 40, digits: '610', state: 'approved' },
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];
const idsOf = (kind: Kind) => Array.from({ length: KINDS[kind].count }, (_, n) => `L-${kind}-${n}`);
const ALL = kinds.flatMap(idsOf);

interface Listed {
  readonly clientOrderId: string;
  readonly state: string;
  readonly attention: string | null;
  readonly createdAt: string;
}
interface Page {
  readonly payouts: readonly Listed[];
  readonly nextCursor: string | null;
}

let stack: Stack;
let started = 0;

beforeAll(async () => {
  stack = await startStack({
    ...QUICK,
    api: { ...QUICK.api, ...PATIENT },
    worker: { ...QUICK.worker, ...PATIENT },
    settings: { ...QUICK.settings, slowMs: 40_000 },
    temporal: 'shared',
  });
  // The slow ones last: they are open while the first pages are read, and close meanwhile.
  for (const kind of kinds) await startAll(idsOf(kind), KINDS[kind].digits);
}, 240_000);
afterAll(async () => await stack?.stop(), 60_000);

async function startAll(ids: readonly string[], digits: string) {
  for (let at = 0; at < ids.length; at += 10) {
    await Promise.all(ids.slice(at, at + 10).map((clientOrderId) => stack.createPayout({ clientOrderId, digits })));
  }
}

async function readPages(query: string, betweenPages = async () => {}): Promise<Listed[]> {
  const found: Listed[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = (await stack.request<Page>(`/payouts?${query}${cursor === null ? '' : `&cursor=${cursor}`}`))
      .body;
    found.push(...page.payouts);
    cursor = page.nextCursor;
    await betweenPages();
  } while (cursor !== null);
  return found;
}
const names = (payouts: readonly Listed[]) => payouts.map(({ clientOrderId }) => clientOrderId);
const startOne = async () => {
  started += 1;
  await stack.createPayout({ clientOrderId: `N-${started}`, digits: started % 2 === 0 ? '000' : '400' });
};

describe('pages, while new payouts start and others close', () => {
  it('have every payout that was there, once, newest first', async () => {
    const found = await readPages('limit=7', startOne);
    const times = found.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    expect(names(found).filter((id, at, all) => all.indexOf(id) !== at)).toEqual([]);
    expect(
      names(found)
        .filter((id) => id.startsWith('L-'))
        .sort(),
    ).toEqual([...ALL].sort());
    expect(started).toBeGreaterThan(30);
  }, 180_000);

  it.each([
    ['state=processing', idsOf('following')],
    ['state=awaiting_receiver', idsOf('waiting')],
    ['state=declined', idsOf('declined')],
  ])(
    '%s: exactly those that stood there throughout',
    async (query, expected) => {
      await waitForStates();
      const found = await readPages(`limit=4&clientOrderId=L-*&${query}`, startOne);
      expect(
        names(found)
          .filter((id) => !id.startsWith('L-slow'))
          .sort(),
      ).toEqual([...expected].sort());
    },
    180_000,
  );
});

let settled: Promise<unknown> | null = null;
/** Every kind is where it ends here, and visibility says so. */
function waitForStates() {
  settled ??= stack.waitFor(
    'every payout to be where its scenario leads',
    async () => {
      for (const kind of kinds) {
        const found = await readPages(`limit=200&clientOrderId=L-${kind}-*&state=${KINDS[kind].state}`);
        if (found.length !== KINDS[kind].count) return null;
      }
      return true;
    },
    120_000,
  );
  return settled;
}

it('filters give exact sets, and show each as it is when it is read alone', async () => {
  await waitForStates();
  for (const kind of kinds) {
    const { state } = KINDS[kind];
    const found = await readPages(`limit=50&clientOrderId=L-*&state=${state}`);
    const expected = kinds.filter((other) => KINDS[other].state === state).flatMap(idsOf);
    expect(names(found).sort()).toEqual(expected.sort());
  }
  const attentive = await readPages('attention=any&limit=200');
  expect(
    names(attentive)
      .filter((id) => id.startsWith('L-'))
      .sort(),
  ).toEqual(idsOf('doubtful').sort());
  for (const listed of (await readPages('clientOrderId=L-*&limit=200')).filter((_, at) => at % 20 === 0)) {
    const { body } = await stack.request<Record<string, unknown>>(`/payouts/${listed.clientOrderId}`);
    const { createdAt: _, closedAt: __, ...said } = listed as Listed & { closedAt: string | null };
    expect(body).toMatchObject(said);
  }
}, 180_000);

it('times and one id find what they should', async () => {
  const all = await readPages('clientOrderId=L-*&limit=200');
  const [first, last] = [all[200], all[20]];
  const between = await readPages(
    `clientOrderId=L-*&limit=30&createdFrom=${first?.createdAt}&createdTo=${last?.createdAt}`,
  );
  const expected = all.filter(
    ({ createdAt }) => createdAt >= String(first?.createdAt) && createdAt < String(last?.createdAt),
  );
  expect(names(between)).toEqual(names(expected));
  expect(between.length).toBeGreaterThan(100);
  expect(names(await readPages('clientOrderId=L-slow-3'))).toEqual(['L-slow-3']);
}, 60_000);

it('the export is the list', async () => {
  await waitForStates();
  const response = await fetch(`${stack.api}/payouts.csv?clientOrderId=L-*`);
  const [head, ...lines] = (await response.text()).trimEnd().split('\r\n');
  expect(head).toMatch(/^clientOrderId,state,/);
  const rows = lines.map((line) => line.split(',').slice(0, 2));
  const listed = await readPages('clientOrderId=L-*&limit=200');
  expect(rows).toEqual(listed.map(({ clientOrderId, state }) => [clientOrderId, state]));
  expect(rows).toHaveLength(ALL.length);
}, 60_000);

it('counts count', async () => {
  await waitForStates();
  const rejected = await readPages('state=rejected&limit=200');
  await stack.waitFor('the counts to be right', async () => {
    const { body } = await stack.request('/payout-counts');
    expect(body).toMatchObject({
      open: 70,
      waiting: { unconfirmed: 0, awaiting_receiver: 25, needs_review: 20 },
      final: { declined: 30, rejected: rejected.length, filtered: 0, error: 0, cancelled: 0 },
      attention: { outcome_unknown: 20 },
      strays: { late: 0, orphan: 0 },
    });
    return true;
  });
}, 60_000);

interface StreamEvent {
  readonly id: string;
  readonly state: string;
}

/** Reads a stream until it ends, breaks or `isEnough`. */
async function readEvents(
  id: string,
  lastId: string | null,
  isEnough: (events: readonly StreamEvent[]) => Promise<boolean> | boolean,
) {
  const events: StreamEvent[] = [];
  const headers: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId };
  const response = await fetch(`${stack.api}/payouts/${id}/events`, { headers });
  let text = '';
  try {
    for await (const piece of response.body ?? []) {
      text += Buffer.from(piece).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const eventId = /^id: (.+)$/m.exec(part)?.[1];
        const data = /^data: (.+)$/m.exec(part)?.[1];
        if (eventId !== undefined && data !== undefined) events.push({ id: eventId, state: JSON.parse(data).state });
      }
      if (await isEnough(events)) break;
    }
  } catch {
    // The process was killed: what was heard until then counts.
  }
  return { events, status: response.status };
}

it('a stream goes on after the API was killed: no change is missed, none is said twice', async () => {
  const id = 'L-stream';
  const created = await fetch(`${stack.api}/payouts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(describePayout(id, { digits: '000' })),
  });
  expect(created.status).toBe(202);
  const before = await readEvents(id, null, async (events) => {
    if (events.length === 0) return false;
    await stack.kill('api');
    return false;
  });
  expect(before.events.length).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await stack.start('api');
  const after = await readEvents(id, before.events.at(-1)?.id ?? null, () => false);
  expect(after.events.at(-1)?.state).toBe('approved');
  const whole = await readEvents(id, before.events[0]?.id ?? null, () => false);
  expect([...before.events.slice(1), ...after.events]).toEqual(whole.events);
  expect((await readEvents(id, after.events.at(-1)?.id ?? null, () => false)).status).toBe(204);
}, 120_000);

it('a stream follows a payout with every worker down, and ends with the final', async () => {
  await stack.kill('worker');
  await stack.createPayout({ clientOrderId: 'L-unwatched', digits: '400' });
  let isWorkerBack = false;
  const { events } = await readEvents('L-unwatched', null, async (heard) => {
    if (heard.length > 0 && !isWorkerBack) {
      isWorkerBack = true;
      await stack.start('worker');
    }
    return false;
  });
  expect(events[0]?.state).toBe('accepted');
  expect(events.at(-1)?.state).toBe('rejected');
}, 120_000);
