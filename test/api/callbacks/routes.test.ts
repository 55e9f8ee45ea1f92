import { signCallback } from '../../../src/gateway/callback';
import { makeFinal, ORDER_ID, START_MS } from '../../domain/samples';
import { CONTROL_KEY, countCalls, makeApp, makeReading, makeStore, problemBody } from '../app-harness';

/** Golden vectors of the gateway's protocol: order 6768788 of PO-000001. */
const CONTROLS = {
  approved: '4532d5c4877bd037b0edcaec3788c9eef0b561bd',
  declined: '6c6ba290fac23348394c21fdb68988711bd9cc1c',
  error: '993cc85dca21869da817a0225ca160db9d6f2629',
  filtered: '2a794526903af41f130c8bc15e18648436575c50',
  unknown: 'b0c5b0f75bb19ffbc6ce230e8247036ff71f098b',
  processing: '0300ab21bed2c16987ca55e0bde1af9fced28505',
} as const;
const STATUSES = Object.keys(CONTROLS) as (keyof typeof CONTROLS)[];

const formOf = (status: keyof typeof CONTROLS, more = '') =>
  `status=${status}&orderid=6768788&client_orderid=PO-000001&merchant_order=PO-000001&type=payout&control=${CONTROLS[status]}${more}`;

type Options = Parameters<typeof makeApp>[0];

async function callBack(query: string, options: Options = {}) {
  const made = await makeApp(options);
  const response = await made.app.inject({ method: 'GET', url: `/callbacks/default?${query}` });
  return { ...made, response };
}

async function postBack(payload: string, options: Options & { contentType?: string; query?: string } = {}) {
  const made = await makeApp(options);
  const { contentType = 'application/x-www-form-urlencoded', query = '' } = options;
  const response = await made.app.inject({
    method: 'POST',
    url: `/callbacks/default${query}`,
    headers: { 'content-type': contentType },
    payload,
  });
  return { ...made, response };
}

const FORBIDDEN = problemBody('bad_control');
const MALFORMED = problemBody('malformed_callback');

describe('a signed callback', () => {
  it.each(STATUSES)('by GET, %s: one signal, then 200', async (status) => {
    const { response, store } = await callBack(
      formOf(status, '&amount=10.50&currency=EUR&error_code=116&error_message=null'),
    );
    expect([response.statusCode, response.body]).toEqual([200, 'OK']);
    expect(store.signalCallback).toHaveBeenCalledTimes(1);
    expect(countCalls(store)).toBe(1);
    expect(store.signalCallback).toHaveBeenCalledWith('PO-000001', {
      endpoint: 'default',
      report: {
        source: 'callback',
        status,
        statusText: status,
        subject: 'payout',
        transactionType: 'payout',
        orderId: '6768788',
        amount: '10.50',
        currency: 'EUR',
        stage: null,
        serialNumber: null,
        redirectTo: null,
        reason: { code: '116', message: null },
        processorTxId: null,
      },
    });
  });

  it.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'text/plain',
    'application/json',
    'x/y',
  ])('by POST labelled %s is the same form', async (contentType) => {
    const { response, store } = await postBack(formOf('approved'), { contentType });
    expect(response.statusCode).toBe(200);
    expect(store.signalCallback).toHaveBeenCalledTimes(1);
  });

  it('by POST with everything in its query is taken too', async () => {
    const { response, store } = await postBack('', { query: `?${formOf('approved')}` });
    expect(response.statusCode).toBe(200);
    expect(store.signalCallback).toHaveBeenCalledTimes(1);
  });

  it('is checked on decoded values', async () => {
    const { response } = await callBack(
      formOf('approved').replace('PO-000001', 'PO%2D000001').replace('approved', 'appro%76ed'),
    );
    expect(response.statusCode).toBe(200);
  });

  it('of a later event says so', async () => {
    const { store } = await callBack(formOf('approved').replace('type=payout', 'type=reversal'));
    expect(store.signalCallback.mock.calls[0]?.[1].report).toMatchObject({
      subject: 'post_payout_event',
      transactionType: 'reversal',
    });
  });
});

describe('a forged callback', () => {
  const forged: [string, string][] = [
    ['another status', formOf('approved').replace('status=approved', 'status=declined')],
    ['another order', formOf('approved').replace('6768788', '6768789')],
    ['another id of ours', formOf('approved').replaceAll('PO-000001', 'PO-000002')],
    ['no control', formOf('approved').replace(/&control=.*/, '')],
    ['an empty control', formOf('approved').replace(/control=.*/, 'control=')],
    ['a control in capitals', formOf('approved').replace(CONTROLS.approved, CONTROLS.approved.toUpperCase())],
    ['a control cut short', formOf('approved').slice(0, -1)],
    ['no status', formOf('approved').replace('status=approved&', '')],
    ['nothing at all', ''],
  ];

  it.each(forged)('with %s: 403, the same body always, nothing touched', async (_name, form) => {
    for (const { response, store } of [await callBack(form), await postBack(form)]) {
      expect(response.statusCode).toBe(403);
      expect(response.json()).toEqual(FORBIDDEN);
      expect(countCalls(store)).toBe(0);
    }
  });
});

describe('a callback that can be read two ways', () => {
  const control = (status: string, orderId: string, clientOrderId: string) =>
    signCallback({ status, orderId, clientOrderId }, CONTROL_KEY);

  it.each([
    'status=approved',
    'orderid=6768788',
    'client_orderid=PO-000001',
    'merchant_order=PO-000001',
    `control=${CONTROLS.approved}`,
  ])('because %s is there twice: 400, nothing touched', async (pair) => {
    const twice = await callBack(`${formOf('approved')}&${pair}`);
    const inBoth = await postBack(formOf('approved'), { query: `?${pair}` });
    const encoded = await callBack(`${formOf('approved')}&${pair.replace('r', '%72')}`);
    for (const { response, store } of [twice, inBoth, encoded]) {
      expect(response.statusCode).toBe(400);
      expect(response.json()).toEqual(MALFORMED);
      expect(countCalls(store)).toBe(0);
    }
  });

  it.each([
    ['a status that took a digit of the order', 'approved6', '768788', 'PO-000001'],
    ['a status that took the order', 'approved6768788PO-', '1', 'x'],
    ['no order id', 'approved', '', 'PO-000001'],
    ['an id that starts with a digit', 'approved', '6768788', '1PO'],
  ])('with %s, though signed: 400', async (_name, status, orderId, clientOrderId) => {
    const form = `status=${status}&orderid=${orderId}&client_orderid=${clientOrderId}&control=${control(status, orderId, clientOrderId)}`;
    const { response, store } = await callBack(form);
    expect(response.json()).toEqual(MALFORMED);
    expect(countCalls(store)).toBe(0);
  });

  it('made by splitting a signed one anew at a digit of its client order id: 400', async () => {
    const signed = control('approved', '6768788', 'A1PO-000002');
    const form = `status=approved6768788A&orderid=1&client_orderid=PO-000002&control=${signed}`;
    const { response, store } = await callBack(form);
    expect(response.json()).toEqual(MALFORMED);
    expect(countCalls(store)).toBe(0);
  });

  it.each([
    ['two ids of ours', formOf('approved').replace('merchant_order=PO-000001', 'merchant_order=PO-000002')],
    ['bad percent-encoding in an id', formOf('approved').replace('orderid=', 'orderid=%zz')],
    ['bytes that are no text in the type', `${formOf('approved').replace(/&type=[^&]*/, '')}&type=%ff`],
    ['too many pairs', `${formOf('approved')}${'&x=1'.repeat(80)}`],
    ['too much of it', `${formOf('approved')}&x=${'1'.repeat(17_000)}`],
  ])('with %s: 400', async (_name, form) => {
    const { response, store } = await callBack(form);
    expect(response.json()).toEqual(MALFORMED);
    expect(countCalls(store)).toBe(0);
  });
});

describe('what is not used is not read', () => {
  it.each([
    ['bad percent-encoding', '&error_message=100%'],
    ['bytes that are no text', '&last_name=M%FCller'],
    ['a field twice', '&descriptor=a&descriptor=b'],
    ['a name with a blank', '&first name=x'],
    ['__proto__', '&__proto__=1'],
  ])('%s in another field changes nothing', async (_name, more) => {
    const { response, store } = await callBack(`${formOf('approved')}${more}`);
    expect([response.statusCode, response.body]).toEqual([200, 'OK']);
    expect(countCalls(store)).toBe(1);
  });
});

describe('one signal for each callback', () => {
  it('a defect is 500, with a constant body', async () => {
    const store = makeStore({
      signalCallback: async () => {
        throw new Error('MARKER7f3');
      },
    });
    const { response } = await callBack(formOf('approved'), { store });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('MARKER7f3');
  });

  it('a repeat within the window is 200 with exactly one signal, and after it is signalled again', async () => {
    let nowMs = START_MS;
    const store = makeStore();
    const { app } = await makeApp({ store, now: () => nowMs });
    const url = `/callbacks/default?${formOf('approved')}`;
    for (const laterMs of [0, 1, 59_998]) {
      nowMs += laterMs;
      expect((await app.inject({ method: 'GET', url })).statusCode).toBe(200);
      expect(store.signalCallback).toHaveBeenCalledTimes(1);
    }
    nowMs += 1;
    expect((await app.inject({ method: 'GET', url })).statusCode).toBe(200);
    expect(store.signalCallback).toHaveBeenCalledTimes(2);
  });
});

describe('a callback that no running payout takes', () => {
  it.each([
    ['another final', formOf('declined')],
    ['a reversal', formOf('approved').replace('type=payout', 'type=reversal')],
  ])('%s: kept as late, by what is signed alone, then 200', async (_name, form) => {
    const reading = makeReading(makeFinal('approved'));
    const store = makeStore({ signalCallback: async () => 'closed', read: async () => reading });
    const { response } = await callBack(form, { store });
    expect(response.statusCode).toBe(200);
    expect(store.keepLate).toHaveBeenCalledTimes(1);
    expect(store.keepLate).toHaveBeenCalledWith(reading, expect.objectContaining({ endpoint: 'default' }));
    expect(store.keepUnmatched).toHaveBeenCalledTimes(0);
  });

  it('of a payout that never was: kept as unmatched, without reading anything, then 200', async () => {
    const store = makeStore({ signalCallback: async () => 'unknown' });
    const { response } = await callBack(formOf('approved'), { store });
    expect(response.statusCode).toBe(200);
    expect(store.keepUnmatched).toHaveBeenCalledTimes(1);
    expect(store.keepUnmatched).toHaveBeenCalledWith('PO-000001', expect.objectContaining({ endpoint: 'default' }));
    expect(store.read).toHaveBeenCalledTimes(0);
  });

  it('more than its payout may take in: 200, and the log counts it', async () => {
    const store = makeStore({ signalCallback: async () => 'full' });
    const { response, log } = await callBack(formOf('approved'), { store });
    expect(response.statusCode).toBe(200);
    expect(log()).toContain('callback not taken');
    expect(log()).not.toContain('callback stored');
  });
});

describe('the route', () => {
  it.each(['other', 'DEFAULT', 'default%2F', '__proto__', 'constructor'])(
    '%s is no endpoint: 404, nothing touched',
    async (name) => {
      const { app, store } = await makeApp({});
      const response = await app.inject({ method: 'GET', url: `/callbacks/${name}?${formOf('approved')}` });
      expect(response.statusCode).toBe(404);
      expect(countCalls(store)).toBe(0);
    },
  );

  it.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)(
    '%s is not allowed: 405, nothing touched',
    async (method) => {
      const { app, store } = await makeApp({});
      const response = await app.inject({ method, url: `/callbacks/default?${formOf('approved')}` });
      expect(response.statusCode).toBe(405);
      expect(countCalls(store)).toBe(0);
    },
  );

  it('a body beyond any form is 413, nothing touched', async () => {
    const { response, store } = await postBack(`${formOf('approved')}&x=${'1'.repeat(20_000)}`);
    expect(response.statusCode).toBe(413);
    expect(countCalls(store)).toBe(0);
  });

  it('logs the result, and nothing of the content', async () => {
    const personal =
      '&name=MARKERname&email=MARKER%40mail&phone=MARKERphone&last-four-digits=MARKER1111&error_message=MARKERtext';
    const texts: string[] = [];
    for (const form of [
      formOf('approved', personal),
      formOf('approved', personal).replace('approved', 'declined'),
      `${formOf('approved', personal)}&status=x`,
    ]) {
      texts.push((await callBack(form)).log(), (await postBack(form)).log());
    }
    const { app, log } = await makeApp({});
    await app.inject({ method: 'GET', url: `/callbacks/other?${formOf('approved', personal)}` });
    await app.inject({ method: 'PUT', url: `/callbacks/default?${formOf('approved', personal)}` });
    await app.inject({ method: 'GET', url: `/callbacks/%zz?${formOf('approved', personal)}` });
    texts.push(log());
    const all = texts.join('');
    expect(all).toContain('callback stored');
    expect(all).toContain('callback refused');
    expect(all).toContain('"path":"/callbacks/:endpoint"');
    for (const secret of ['MARKER', ...Object.values(CONTROLS), 'control=', 'orderid=', '?status', CONTROL_KEY]) {
      expect(all).not.toContain(secret);
    }
    expect(all).toContain(`"orderId":"${ORDER_ID}"`);
  });
});
