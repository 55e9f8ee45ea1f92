import { etagOf } from '../../../src/api/payouts/payout-answer';
import type { LateNotice } from '../../../src/domain/notification';
import type { AttentionReason } from '../../../src/domain/payout';
import type { NotifiedEvent } from '../../../src/store/notification-history';
import type { DeliveryReading } from '../../../src/store/notifications';
import type { UnmatchedReading } from '../../../src/store/unmatched-callbacks';
import { CLIENT_ORDER_ID, makeFinal, makeReport, START_MS } from '../../domain/samples';
import { makeApp, makeNotificationStore, makeReading, makeStore, shareApp } from '../app-harness';

const NOTICE: LateNotice = {
  workflowId: 'late:PO-000001',
  what: 'acknowledged: conflict',
  isConfirmed: true,
  attention: null,
  atMs: START_MS + 60_000,
  acknowledgedBy: { id: 'seen-0', actor: 'local', reason: 'told the shop', attention: 'conflict' },
};
const REVERSAL: LateNotice = {
  workflowId: 'late:PO-000001',
  what: 'reversal approved',
  isConfirmed: true,
  attention: 'post_payout_event',
  atMs: START_MS + 90_000,
};

const share = shareApp();
async function acknowledge(
  attention: AttentionReason | null,
  {
    lateEvents = [],
    isClosed = true,
    body = { reason: 'told the shop', attention: 'conflict' },
    kept = NOTICE,
    ifMatch = undefined,
  }: {
    lateEvents?: readonly LateNotice[];
    isClosed?: boolean;
    body?: object;
    kept?: LateNotice | 'full' | 'id_used';
    ifMatch?: string | undefined;
  } = {},
) {
  const reading = makeReading(makeFinal('declined', { attention }), { isClosed, lateEvents });
  const store = makeStore({ read: async () => reading, acknowledge: async () => kept });
  const { app } = await share({ store });
  const response = await app.inject({
    ...{ method: 'POST', url: '/payouts/PO-000001/acknowledge', payload: body },
    headers: { 'idempotency-key': 'seen-1', ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
  });
  return { response, body: response.json(), calls: store.acknowledge.mock.calls.map(([, order]) => order) };
}

it('a closed payout is acknowledged with what was seen, who saw it and why', async () => {
  const { response, body, calls } = await acknowledge('conflict');
  expect(response.statusCode).toBe(200);
  expect(calls).toEqual([{ id: 'seen-1', actor: 'local', reason: 'told the shop', attention: 'conflict', seen: 0 }]);
  expect(body).toMatchObject({
    state: 'declined',
    attention: null,
    acknowledged: { at: new Date(START_MS + 60_000).toISOString(), by: 'local', reason: 'told the shop' },
    lateEvents: [],
  });
  expect(body.allowedActions).toEqual([]);
});

it('is answered as done when it was done, and done no second time', async () => {
  const { response, calls } = await acknowledge('conflict', { lateEvents: [NOTICE] });
  expect([response.statusCode, calls]).toEqual([200, []]);
});

describe('with the Idempotency-Key of an acknowledgement that was made', () => {
  const made = { id: 'seen-1', actor: 'local', reason: 'told the shop', attention: 'conflict' };
  const lateEvents = [{ ...NOTICE, acknowledgedBy: made }, REVERSAL];

  it('the same one is answered as done, whatever came since', async () => {
    const { response, body, calls } = await acknowledge('conflict', { lateEvents });
    expect([response.statusCode, body.attention, calls]).toEqual([200, 'post_payout_event', []]);
  });

  it.each([
    { reason: 'told the shop', attention: 'post_payout_event' },
    { reason: 'told nobody', attention: 'conflict' },
  ])('another one, %j, is 409, and nothing is written', async (body) => {
    const { response, calls } = await acknowledge('conflict', { lateEvents, body });
    expect([response.statusCode, response.json().code, calls]).toEqual([409, 'idempotency_key_used', []]);
  });
});

it('a page that does not show what came since acknowledges nothing; one that does, what it shows', async () => {
  const tagOf = (lateEvents: readonly LateNotice[]) =>
    etagOf(makeFinal('declined', { attention: 'conflict' }), lateEvents);
  const { response, calls } = await acknowledge('conflict', { lateEvents: [REVERSAL], ifMatch: tagOf([]) });
  expect([response.statusCode, response.json().code, calls]).toEqual([412, 'changed', []]);
  const shown = await acknowledge('conflict', { lateEvents: [REVERSAL], ifMatch: tagOf([REVERSAL]) });
  expect([shown.response.statusCode, shown.calls]).toEqual([200, [expect.objectContaining({ seen: 1 })]]);
  expect(shown.body.attention).toBe('post_payout_event');
});

it.each([
  ['still open', 'conflict', { isClosed: false }, 'state', 'a payout that is closed'],
  ['not what was seen', 'amount_mismatch', {}, 'attention', 'amount_mismatch'],
  ['nothing to see', null, {}, 'attention', 'a payout that needs attention'],
  ['an event after it was seen', 'conflict', { lateEvents: [NOTICE, REVERSAL] }, 'attention', 'post_payout_event'],
] as const)('%s is 409, and nothing is written', async (_name, attention, options, field, expected) => {
  const { response, body, calls } = await acknowledge(attention, options);
  expect([response.statusCode, body.code, body.errors]).toEqual([409, 'not_allowed', [{ field, expected }]]);
  expect(calls).toEqual([]);
});

it.each([
  ['full', 'not_allowed'],
  ['id_used', 'idempotency_key_used'],
] as const)('%s is 409 %s', async (kept, code) => {
  const { response, body } = await acknowledge('conflict', { kept });
  expect([response.statusCode, body.code]).toEqual([409, code]);
});

it.each([{ attention: 'conflict' }, { reason: 'seen' }, { reason: 'seen', attention: 'any' }])(
  '%j is refused',
  async (body) => {
    const { response, calls } = await acknowledge('conflict', { body });
    expect([response.statusCode, calls]).toEqual([400, []]);
  },
);

const MADE = { id: 'seen-1', actor: 'local', reason: 'seen', attention: 'unmatched_callback' };
const CALLBACK = {
  endpoint: 'default',
  report: makeReport({ source: 'callback', status: 'declined' }),
  atMs: START_MS,
};
const UNMATCHED: UnmatchedReading = { clientOrderId: CLIENT_ORDER_ID, callbacks: [CALLBACK], acknowledgements: [] };
const EVENT: NotifiedEvent = {
  ...{ id: 'msg_1', type: 'payout.approved' as const, atMs: START_MS, state: 'dead' as const, attempts: 9 },
  ...{ problem: 'answered 500', nextAtMs: null, settledAtMs: START_MS },
};

describe.each([
  {
    url: '/unmatched/PO-000001',
    open: async (reading: UnmatchedReading | null, outcome: 'done' | 'not_found' | 'id_used' = 'done') => {
      const store = makeStore({ readUnmatched: async () => reading, acknowledgeUnmatched: async () => outcome });
      return {
        ...(await makeApp({ store })),
        sent: () => store.acknowledgeUnmatched.mock.calls.map(([, order]) => order),
      };
    },
    before: UNMATCHED,
    after: { ...UNMATCHED, callbacks: [CALLBACK, { ...CALLBACK, atMs: START_MS + 1 }] },
    made: MADE,
  },
  {
    url: '/notifications/erp:PO-000001',
    open: async (reading: DeliveryReading | null, outcome: 'done' | 'not_found' | 'id_used' = 'done') => {
      const acknowledge = jest.fn(async () => (outcome === 'done' ? ('asked' as const) : outcome));
      const notifications = makeNotificationStore({ read: async () => reading, acknowledge });
      const sent = () => acknowledge.mock.calls.map((call: readonly unknown[]) => call[1]);
      return { ...(await makeApp({ notifications })), sent };
    },
    before: { events: [EVENT], acknowledgements: [] },
    after: { events: [EVENT, { ...EVENT, id: 'msg_2' }], acknowledgements: [] },
    made: { ...MADE, attention: 'notification_dead' },
  },
])('what is at $url', ({ url, open, before, after, made }) => {
  type Opened = Awaited<ReturnType<typeof open>>;
  const read = open as (reading: object | null, outcome?: 'not_found' | 'id_used') => Promise<Opened>;
  const post = async ({ app }: Opened, headers: Record<string, string> = {}, reason = 'seen') => {
    const request = { method: 'POST', url: `${url}/acknowledge`, payload: { reason } } as const;
    const response = await app.inject({ ...request, headers: { 'idempotency-key': 'seen-1', ...headers } });
    return [response.statusCode, response.json().code ?? null];
  };

  it('is read with a tag, and acknowledged with how much there was to see', async () => {
    const opened = await read(after);
    const shown = await opened.app.inject(url);
    expect([shown.statusCode, shown.headers.etag]).toEqual([200, expect.stringMatching(/^W\/"/)]);
    expect(await post(opened, { 'if-match': String(shown.headers.etag) })).toEqual([202, null]);
    expect(opened.sent()).toEqual([{ ...made, seen: 2 }]);
  });

  it('is not acknowledged by who has not seen what came since', async () => {
    const { etag } = (await (await read(before)).app.inject(url)).headers;
    const opened = await read(after);
    expect(await post(opened, { 'if-match': String(etag) })).toEqual([412, 'changed']);
    expect(opened.sent()).toEqual([]);
  });

  it('is acknowledged once for its key, and a key of another acknowledgement is refused', async () => {
    const opened = await read({ ...after, acknowledgements: [made] });
    expect(await post(opened)).toEqual([202, null]);
    expect(await post(opened, {}, 'for another reason')).toEqual([409, 'idempotency_key_used']);
    expect(opened.sent()).toEqual([]);
    expect(await post(await read(before, 'id_used'))).toEqual([409, 'idempotency_key_used']);
  });

  it('is 404 when there is nothing', async () => {
    expect(await post(await read(null))).toEqual([404, 'not_found']);
    expect((await (await read(null)).app.inject(url)).statusCode).toBe(404);
    expect(await post(await read(before, 'not_found'))).toEqual([404, 'not_found']);
  });
});

it('what callbacks of an unknown payout say is answered without account data', async () => {
  const store = makeStore({ readUnmatched: async () => UNMATCHED });
  const { app } = await makeApp({ store });
  const { callbacks } = (await app.inject('/unmatched/PO-000001')).json();
  expect(callbacks).toEqual([
    {
      ...{ at: new Date(START_MS).toISOString(), endpoint: 'default', orderId: CALLBACK.report.orderId },
      ...{ status: 'declined', type: CALLBACK.report.transactionType },
      ...{ amount: CALLBACK.report.amount, currency: CALLBACK.report.currency },
    },
  ]);
});

it('notifications that are not dead any more are not acknowledged', async () => {
  const notifications = makeNotificationStore({
    read: async () => ({ events: [EVENT], acknowledgements: [] }),
    acknowledge: async () => 'not_dead',
  });
  const { app } = await makeApp({ notifications });
  const url = '/notifications/erp:PO-1/acknowledge';
  expect((await app.inject({ method: 'POST', url, payload: { reason: 'seen' } })).statusCode).toBe(409);
});

it('the queue is answered whole, with its totals', async () => {
  const { app } = await makeApp({});
  expect((await app.inject('/attention')).json()).toEqual({ items: [], totals: [], hasMore: false });
});
