import { etagOf } from '../../../src/api/payouts/payout-answer';
import type { LateNotice } from '../../../src/domain/notification';
import type { AttentionReason } from '../../../src/domain/payout';
import { makeFinal, START_MS } from '../../domain/samples';
import { makeApp, makeNotificationStore, makeReading, makeStore } from '../app-harness';

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
    kept?: LateNotice | null;
    ifMatch?: string | undefined;
  } = {},
) {
  const reading = makeReading(makeFinal('declined', { attention }), { isClosed, lateEvents });
  const store = makeStore({ read: async () => reading, acknowledge: async () => kept });
  const { app } = await makeApp({ store });
  const response = await app.inject({
    ...{ method: 'POST', url: '/payouts/PO-000001/acknowledge', payload: body },
    headers: { 'idempotency-key': 'seen-1', ...(ifMatch !== undefined && { 'if-match': ifMatch }) },
  });
  return { response, body: response.json(), calls: store.acknowledge.mock.calls.map(([, order]) => order) };
}

it('a closed payout is acknowledged with what was seen, who saw it and why', async () => {
  const { response, body, calls } = await acknowledge('conflict');
  expect(response.statusCode).toBe(200);
  expect(calls).toEqual([{ id: 'seen-1', actor: 'local', reason: 'told the shop', attention: 'conflict' }]);
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
  expect([shown.response.statusCode, shown.calls.length]).toEqual([200, 1]);
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

it('so often and no more is 409', async () => {
  expect((await acknowledge('conflict', { kept: null })).response.statusCode).toBe(409);
});

it.each([{ attention: 'conflict' }, { reason: 'seen' }, { reason: 'seen', attention: 'any' }])(
  '%j is refused',
  async (body) => {
    const { response, calls } = await acknowledge('conflict', { body });
    expect([response.statusCode, calls]).toEqual([400, []]);
  },
);

it('callbacks of an unknown payout are acknowledged while they are kept', async () => {
  const store = makeStore({ acknowledgeUnmatched: async (id) => id === 'PO-1' });
  const { app } = await makeApp({ store });
  const post = async (id: string) =>
    (await app.inject({ method: 'POST', url: `/unmatched/${id}/acknowledge`, payload: { reason: 'seen' } })).statusCode;
  expect([await post('PO-1'), await post('PO-2'), await post('1x')]).toEqual([202, 404, 404]);
  expect(store.acknowledgeUnmatched.mock.calls[0]).toEqual([
    'PO-1',
    expect.objectContaining({ actor: 'local', reason: 'seen', attention: 'unmatched_callback' }),
  ]);
});

it.each([
  ['asked', 202],
  ['not_dead', 409],
  ['not_found', 404],
] as const)('notifications: %s is %i', async (outcome, status) => {
  const notifications = makeNotificationStore({ acknowledge: async () => outcome });
  const { app } = await makeApp({ notifications });
  const url = '/notifications/erp:PO-1/acknowledge';
  expect((await app.inject({ method: 'POST', url, payload: { reason: 'seen' } })).statusCode).toBe(status);
});

it('the queue is answered whole, with its totals', async () => {
  const { app } = await makeApp({});
  expect((await app.inject('/attention')).json()).toEqual({ items: [], totals: [], hasMore: false });
});
