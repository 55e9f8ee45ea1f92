import type { OperatorOrder } from '../../../src/domain/operator';
import { openPayout } from '../../../src/domain/payout';
import type { BankCalendar } from '../../../src/schedule/banking-days';
import { fingerprintOf } from '../../../src/store/fingerprint';
import { makePayout, REQUEST } from '../../domain/samples';
import { HASH_KEY, INPUT, makeApp, makeReading, makeStore } from '../app-harness';

const BODY = {
  ...{ clientOrderId: 'PO-000001', amount: '10.50', currency: 'EUR', description: 'Invoice 42' },
  receiver: { firstName: 'José', lastName: "O'Neil" },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000', bankName: 'Cool Bank' },
};
/** A Friday, in winter. */
const NOON = '2027-03-05T12:00:00+01:00';
const CALENDAR: BankCalendar = { country: 'DE', region: null, cutOff: '16:00', zone: 'Europe/Berlin' };

interface Options {
  readonly now?: string;
  readonly calendar?: BankCalendar;
  readonly store?: ReturnType<typeof makeStore>;
}

async function post(path: string, payload: object, { now = NOON, calendar, store = openingStore() }: Options = {}) {
  const { app } = await makeApp({ store, now: () => Date.parse(now), ...(calendar && { endpoint: { calendar } }) });
  const headers = { 'idempotency-key': 'act-1' };
  return { store, response: await app.inject({ method: 'POST', url: path, payload, headers }) };
}

const openingStore = () =>
  makeStore({
    start: async ({ request, endpoint, acceptedAtMs: atMs, gate }) => openPayout(request, { endpoint, atMs, gate }),
  });

const fieldsOf = ({ response }: Awaited<ReturnType<typeof post>>) =>
  (response.json().errors as { field: string }[]).map(({ field }) => field);

describe('POST /payouts with a time', () => {
  it.each([
    ['with its offset', { executeAt: '2027-03-08T09:30:00+01:00' }],
    ['local, with its zone', { executeAt: '2027-03-08T09:30', timeZone: 'Europe/Berlin' }],
  ])('%s is scheduled for it', async (_how, fields) => {
    const { response, store } = await post('/payouts', { ...BODY, ...fields });
    expect(response.statusCode).toBe(202);
    const executeAt = '2027-03-08T08:30:00.000Z';
    expect(response.json()).toMatchObject({ state: 'scheduled', executeAt, movedFrom: null, movedBecause: null });
    expect(store.start.mock.calls[0]?.[0]).toMatchObject({
      ...{ request: fields, gate: { schedule: { executeAtMs: Date.parse(executeAt) } } },
    });
  });

  it('none is sent at once, and costs the workflow nothing', async () => {
    const { response, store } = await post('/payouts', BODY);
    expect(response.json()).toMatchObject({ state: 'accepted', executeAt: null });
    expect(store.start.mock.calls[0]?.[0]).not.toHaveProperty('gate');
  });

  it.each([
    ['executeAt', { executeAt: NOON }],
    ['executeAt', { executeAt: '2027-03-05T11:00:00Z' }],
    ['executeAt', { executeAt: '2028-03-07T09:00:00Z' }],
    ['executeAt', { executeAt: '2027-03-28T02:30', timeZone: 'Europe/Berlin' }],
    ['executeAt', { executeAt: 'tomorrow' }],
    ['executeAt', { executeAt: 1_900_000_000 }],
    ['timeZone', { executeAt: '2027-03-08T09:30' }],
    ['timeZone', { executeAt: '2027-03-08T09:30', timeZone: 'Nowhere' }],
    ['timeZone', { timeZone: 'Europe/Berlin' }],
  ])('%s is named when it is wrong, and nothing starts: %j', async (field, fields) => {
    const answer = await post('/payouts', { ...BODY, ...fields });
    expect(answer.response.statusCode).toBe(400);
    expect(fieldsOf(answer)).toEqual([field]);
    expect(answer.store.start).not.toHaveBeenCalled();
  });

  it('the same again is answered with the payout, also when its time has passed since', async () => {
    const asked = { ...BODY, executeAt: '2027-03-08T09:30:00+01:00' };
    const request = { ...REQUEST, executeAt: asked.executeAt };
    const reading = makeReading(makePayout(), {
      ...{ input: { ...INPUT, request }, fingerprint: fingerprintOf(request, HASH_KEY) },
    });
    const store = makeStore({ read: async () => reading, start: async () => null });
    const later = await post('/payouts', asked, { now: '2027-03-09T12:00:00Z', store });
    expect([later.response.statusCode, later.response.headers['idempotent-replayed']]).toEqual([200, 'true']);
    const other = await post('/payouts', { ...asked, executeAt: '2027-03-08T09:31:00+01:00' }, { store });
    expect([other.response.statusCode, fieldsOf(other)]).toEqual([409, ['executeAt']]);
  });
});

describe('an endpoint with a calendar', () => {
  it.each([
    [BODY, NOON, null, null, null],
    [
      BODY,
      '2027-03-05T16:00:00+01:00',
      '2027-03-07T23:00:00.000Z',
      '2027-03-05T15:00:00.000Z',
      'cut-off at 16:00 Europe/Berlin',
    ],
    [
      { ...BODY, executeAt: '2027-03-06T10:00:00Z' },
      NOON,
      '2027-03-07T23:00:00.000Z',
      '2027-03-06T10:00:00.000Z',
      'weekend',
    ],
    [{ ...BODY, executeAt: '2027-03-08T10:00:00Z' }, NOON, '2027-03-08T10:00:00.000Z', null, null],
  ])('says at once when it is sent', async (body, now, executeAt, movedFrom, movedBecause) => {
    const { response } = await post('/payouts', body, { now, calendar: CALENDAR });
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({ executeAt, movedFrom, movedBecause });
  });
});

describe('POST /payouts/:clientOrderId/reschedule', () => {
  const reschedule = (fields: object, options: Options = {}) =>
    post('/payouts/PO-000001/reschedule', { reason: 'not funded', ...fields }, options);
  const storeWith = (payout = makePayout()) =>
    makeStore({ read: async () => makeReading(payout), operate: async () => payout });

  it('is performed with its time, reason, actor and id', async () => {
    const { response, store } = await reschedule(
      { executeAt: '2027-03-08T09:30', timeZone: 'Europe/Berlin' },
      { store: storeWith() },
    );
    expect(response.statusCode).toBe(200);
    const order: OperatorOrder = {
      ...{ id: 'act-1', actor: 'local', reason: 'not funded', action: 'reschedule' },
      schedule: { executeAtMs: Date.parse('2027-03-08T08:30:00Z') },
    };
    expect(store.operate.mock.calls).toEqual([['PO-000001', order]]);
  });

  it('is moved by the calendar of its endpoint', async () => {
    const options = { store: storeWith(), calendar: CALENDAR };
    const { store } = await reschedule({ executeAt: '2027-03-06T09:30:00Z' }, options);
    expect(store.operate.mock.calls[0]?.[1]).toMatchObject({
      schedule: { executeAtMs: Date.parse('2027-03-07T23:00:00Z'), moved: { because: 'weekend' } },
    });
  });

  it.each([
    ['executeAt', {}],
    ['executeAt', { executeAt: '2027-03-05T10:00:00Z' }],
    ['timeZone', { executeAt: '2027-03-08T09:30' }],
  ])('%s is named when it is wrong', async (field, fields) => {
    const answer = await reschedule(fields, { store: storeWith() });
    expect([answer.response.statusCode, fieldsOf(answer)]).toEqual([400, [field]]);
    expect(answer.store.operate).not.toHaveBeenCalled();
  });

  it('that was done is answered again when its time has passed', async () => {
    const operator = { id: 'act-1', actor: 'local', reason: 'not funded' };
    const what = 'reschedule_2027-03-05T10:00:00.000Z';
    const entry = {
      source: 'operator',
      what,
      orderId: null,
      stage: null,
      serialNumber: null,
      contradicts: false,
    } as const;
    const payout = makePayout({ evidence: [{ ...entry, atMs: 1, lastAtMs: 1, times: 1, operator }] });
    const { response } = await reschedule({ executeAt: '2027-03-05T10:00:00Z' }, { store: storeWith(payout) });
    expect(response.statusCode).toBe(200);
  });

  it('of an unknown payout is 404', async () => {
    const { response } = await reschedule({ executeAt: '2027-03-08T09:30:00Z' });
    expect(response.statusCode).toBe(404);
  });
});
