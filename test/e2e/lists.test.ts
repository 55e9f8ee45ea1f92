import { describePayout } from '../../scripts/payout-api';
import { follow } from '../support/payouts';
import { QUICK } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

/** Payouts that wait do so to the end of the test. */
const PATIENT = { POLL_PLAN: JSON.stringify([{ every: '2s', until: '20m' }]), GATEWAY_TIMEOUT: '15s' };

/** How many payouts there are of each kind, and the digits of its scenario. Where each ends is asked of itself: a machine may be slow. */
const KINDS = {
  approved: { count: 24, digits: '000' },
  declined: { count: 10, digits: '116' },
  refused: { count: 10, digits: '400' },
  waiting: { count: 6, digits: '321' },
  following: { count: 6, digits: '611' },
  doubtful: { count: 6, digits: '505' },
  slow: { count: 12, digits: '610' },
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];
const idsOf = (kind: Kind) => Array.from({ length: KINDS[kind].count }, (_, n) => `L-${kind}-${n}`);
const ALL = kinds.flatMap(idsOf);

interface Listed {
  readonly clientOrderId: string;
  readonly state: string;
  readonly attention: string | null;
  readonly orderId: string | null;
  readonly createdAt: string;
  readonly closedAt: string | null;
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
    settings: { ...QUICK.settings, slowMs: 15_000 },
    temporal: 'shared',
  });
  // The slow ones last: they are open while the first pages are read, and close meanwhile.
  for (const kind of kinds) await startAll(idsOf(kind), KINDS[kind].digits);
  // Lists are a moment behind: their promise is about what they have once shown.
  await stack.waitFor('every payout to be visible', async () => {
    const found = await readPages('limit=200&clientOrderId=L-*');
    return found.length === ALL.length;
  });
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

/** What a list says of a payout in a state. */
const listedAs = (state: string | undefined) =>
  ['accepted', 'sending', 'processing'].includes(state ?? '') ? 'open' : state;

it('pages have every payout that was there, open ones first, while others start and close', async () => {
  const found = await readPages('limit=7', startOne);
  const isOpen = found.map(({ closedAt }) => closedAt === null);
  expect(isOpen).toEqual([...isOpen].sort((left, right) => Number(right) - Number(left)));
  const times = found.map(({ createdAt, closedAt }) => closedAt ?? createdAt);
  const [open, closed] = [times.slice(0, isOpen.indexOf(false)), times.slice(isOpen.indexOf(false))];
  expect(open).toEqual([...open].sort().reverse());
  expect(closed).toEqual([...closed].sort().reverse());
  // One that closed between two pages may come again, closed.
  const again = found.filter(({ clientOrderId }, at) => names(found).indexOf(clientOrderId) < at);
  const first = new Map([...found].reverse().map((listed) => [listed.clientOrderId, listed]));
  expect(again.filter(({ clientOrderId }) => first.get(clientOrderId)?.closedAt !== null)).toEqual([]);
  expect(ALL.filter((id) => !first.has(id))).toEqual([]);
  expect(started).toBeGreaterThan(10);
}, 180_000);

let truths: Promise<Map<string, Listed>> | null = null;
/** Every payout read alone, once each has come to rest and the list shows it as it is. */
function readTruth() {
  truths ??= (async () => {
    await stack.waitFor(
      'every payout to come to rest',
      async () => {
        const moving = await readPages('limit=200&clientOrderId=L-*&state=open,unconfirmed');
        return moving.every(({ clientOrderId, state }) => clientOrderId.startsWith('L-following-') && state === 'open');
      },
      200_000,
    );
    const found = new Map<string, Listed>();
    for (const id of ALL) found.set(id, (await stack.request<Listed>(`/payouts/${id}`)).body);
    // A list is a moment behind: what it promises holds when it has caught up.
    await stack.waitFor('the list to show each as it is', async () =>
      (await readPages('limit=200&clientOrderId=L-*')).every(({ clientOrderId, state, attention }) => {
        const read = found.get(clientOrderId);
        return state === listedAs(read?.state) && attention === read?.attention;
      }),
    );
    return found;
  })();
  return truths;
}

it('a filter gives the exact set, and shows each as it is when it is read alone', async () => {
  const truth = await readTruth();
  const states = [...new Set([...truth.values()].map(({ state }) => listedAs(state)))];
  expect(states.length).toBeGreaterThanOrEqual(6);
  for (const state of states) {
    const found = await readPages(`limit=5&clientOrderId=L-*&state=${state}`, startOne);
    expect(names(found).sort()).toEqual(ALL.filter((id) => listedAs(truth.get(id)?.state) === state).sort());
  }
  const attentive = await readPages('attention=any&limit=200&clientOrderId=L-*');
  expect(names(attentive).sort()).toEqual(ALL.filter((id) => truth.get(id)?.attention !== null).sort());
  expect(attentive.length).toBeGreaterThanOrEqual(6);
  for (const listed of await readPages('clientOrderId=L-*&limit=200')) {
    const read = truth.get(listed.clientOrderId) as unknown as Record<string, unknown>;
    const { clientOrderId, amount, currency, endpoint, outcome, attention } = read;
    expect(listed).toMatchObject({ clientOrderId, amount, currency, endpoint, outcome, attention, problem: null });
    if (listed.closedAt !== null) expect(listed.orderId).toBe(read.orderId);
  }
}, 300_000);

it('times and one id find what they should', async () => {
  const all = await readPages('clientOrderId=L-*&limit=200');
  const created = [...all].sort((left, right) => (left.createdAt < right.createdAt ? 1 : -1));
  const [first, last] = [created[60], created[10]];
  const between = await readPages(
    `clientOrderId=L-*&limit=30&createdFrom=${first?.createdAt}&createdTo=${last?.createdAt}`,
  );
  const expected = all.filter(
    ({ createdAt }) => createdAt >= String(first?.createdAt) && createdAt < String(last?.createdAt),
  );
  expect(names(between)).toEqual(names(expected));
  expect(between.length).toBeGreaterThan(30);
  expect(names(await readPages('clientOrderId=L-slow-3'))).toEqual(['L-slow-3']);
}, 60_000);

it('the export is the list', async () => {
  await readTruth();
  const response = await fetch(`${stack.api}/payouts.csv?clientOrderId=L-*`);
  const [head, ...lines] = (await response.text()).trimEnd().split('\r\n');
  expect(head).toMatch(/^clientOrderId,state,/);
  const rows = lines.map((line) => line.split(',').slice(0, 2));
  const listed = await readPages('clientOrderId=L-*&limit=200');
  expect(rows).toEqual(listed.map(({ clientOrderId, state }) => [clientOrderId, state]));
  expect(rows).toHaveLength(ALL.length);
}, 60_000);

it('counts count', async () => {
  await readTruth();
  await stack.waitFor('the counts to agree with the list', async () => {
    // Some of those that were started between pages may still be on their way.
    const everything = await readPages('limit=200');
    const countOf = (state: string) => everything.filter((listed) => listed.state === state).length;
    const { body } = await stack.request('/payout-counts');
    expect(body).toMatchObject({
      waiting: {
        unconfirmed: 0,
        awaiting_receiver: countOf('awaiting_receiver'),
        needs_review: countOf('needs_review'),
      },
      final: { approved: countOf('approved'), declined: countOf('declined'), rejected: countOf('rejected') },
      attention: { outcome_unknown: everything.filter(({ attention }) => attention === 'outcome_unknown').length },
    });
    return true;
  });
}, 120_000);

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
    // The process was killed: what came until then counts.
  }
  return { events, status: response.status };
}

it('a stream goes on after the API was killed: no change is missed, none is said twice', async () => {
  const id = 'L-stream';
  // Nothing moves it before the API is killed.
  await stack.kill('worker');
  const created = await fetch(`${stack.api}/payouts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // No callback comes, which could change it after its end.
    body: JSON.stringify(describePayout(id, { digits: '700' })),
  });
  expect(created.status).toBe(202);
  const before = await readEvents(id, null, async (events) => {
    if (events.length === 0) return false;
    await stack.kill('api');
    return false;
  });
  expect(before.events.map(({ state }) => state)).toEqual(['accepted']);
  await stack.start('worker');
  const { ledger, requests } = follow(stack, id);
  let asked = 0;
  await stack.waitFor('the order to be approved', async () => {
    // Counted first: the question that finds it approved may be the last.
    const soFar = (await requests()).length;
    if ((await ledger()).some(({ kind, status }) => kind === 'status' && status === 'approved')) return true;
    asked = soFar;
    return null;
  });
  await stack.waitFor('the product to ask for it', async () => (await requests()).length > asked);
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
  const { events } = await readEvents('L-unwatched', null, async (received) => {
    if (received.length > 0 && !isWorkerBack) {
      isWorkerBack = true;
      await stack.start('worker');
    }
    return false;
  });
  expect(events[0]?.state).toBe('accepted');
  expect(events.at(-1)?.state).toBe('rejected');
}, 120_000);
