import { countCalls, shareApp } from '../app-harness';

const BODY = (name: string) =>
  JSON.stringify({
    clientOrderId: 'PO-000001',
    amount: '10.50',
    currency: 'EUR',
    receiver: { lastName: name },
    destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
  });
const LATIN_1 = Buffer.from(BODY('Jörg'), 'latin1');

const share = shareApp();
async function post(payload: string | Buffer, contentType = 'application/json', url = '/payouts') {
  const { app, store, log } = await share();
  const response = await app.inject({ method: 'POST', url, headers: { 'content-type': contentType }, payload });
  return { response, store, log };
}

test.each([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset="UTF-8"',
  'application/json; charset=utf8',
])('a body in UTF-8 as %s is read as it is', async (contentType) => {
  const { response, store } = await post(BODY('Jörg'), contentType);
  expect(response.statusCode).toBe(202);
  expect(store.start.mock.calls[0]?.[0].request.receiver).toEqual({ lastName: 'Jörg' });
});

test.each<[string, Buffer]>([
  ['in Latin-1', LATIN_1],
  [
    'with an overlong sequence',
    Buffer.concat([Buffer.from('{"clientOrderId":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
  ],
  [
    'with half a character in UTF-8',
    Buffer.concat([Buffer.from('{"clientOrderId":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  ],
  ['that ends within a character', Buffer.from(BODY('Jörg')).subarray(0, BODY('Jörg').indexOf('ö') + 1)],
  ['in UTF-16', Buffer.from(`\ufeff${BODY('Jorg')}`, 'utf16le')],
])('a body %s is 400, names nothing of it and starts nothing', async (_name, payload) => {
  const { response, store, log } = await post(payload);
  expect(response.json()).toMatchObject({
    ...{ status: 400, code: 'invalid_request' },
    errors: [{ field: 'body', expected: 'JSON in UTF-8' }],
  });
  expect(response.body + log()).not.toContain('J\ufffdrg');
  expect(countCalls(store)).toBe(0);
});

test.each(['iso-8859-1', 'windows-1252', 'utf-16', 'us-ascii', 'UTF-8-MAC', ''])(
  'a body whose character set is named %j is 415, whatever its bytes',
  async (charset) => {
    for (const payload of [LATIN_1, BODY('Jorg')]) {
      const { response, store } = await post(payload, `application/json; charset=${charset}`);
      expect(response.json()).toMatchObject({ status: 415, code: 'unsupported_media_type' });
      expect(countCalls(store)).toBe(0);
    }
  },
);

test('two names of character sets are 415 when one is another', async () => {
  const { response } = await post(LATIN_1, 'application/json; charset=utf-8; charset=iso-8859-1');
  expect(response.statusCode).toBe(415);
});

test.each(['\\ud800', '\\udc00', 'a\\ud83d', '\\u0000', '\\u202e', '\\ufffd'])(
  'a text in which %s is escaped is 400 by its name',
  async (escaped) => {
    const { response, store } = await post(BODY('NAME').replace('NAME', `J${escaped}rg`));
    expect(response.json()).toMatchObject({ status: 400, errors: [{ field: 'receiver.lastName' }] });
    expect(countCalls(store)).toBe(0);
  },
);

test.each([
  '/payouts/PO-000001/check',
  '/payouts/PO-000001/cancel',
  '/payouts/PO-000001/resend',
  '/payouts/PO-000001/resolve',
  '/notifications/shop:PO-000001/resend',
])('an act that is no UTF-8 does nothing: %s', async (url) => {
  const payload = Buffer.from('{"reason":"Jörg sagt es","outcome":"declined"}', 'latin1');
  const { response, store } = await post(payload, 'application/json', url);
  expect(response.json()).toMatchObject({ status: 400, errors: [{ field: 'body' }] });
  expect((await post(payload, 'application/json; charset=latin1', url)).response.statusCode).toBe(415);
  expect(countCalls(store)).toBe(0);
});

test.each(['/payouts?clientOrderId=J%F6rg', '/payouts/PO-000001?wait=%ff', '/payouts.csv?state=%', '/payouts?%c3'])(
  'a query that is no percent-encoded UTF-8 is 400: %s',
  async (url) => {
    const { app, store } = await share();
    const response = await app.inject({ url });
    expect(response.json()).toMatchObject({
      status: 400,
      errors: [{ field: 'query', expected: 'percent-encoded UTF-8' }],
    });
    expect(countCalls(store)).toBe(0);
  },
);

test.each(['/payouts/J%F6rg', '/payouts/J%F6rg/timeline', '/payouts/%'])(
  'a path that is none is 400: %s',
  async (url) => {
    const { app, store } = await share();
    const response = await app.inject({ url });
    expect(response.json()).toMatchObject({ status: 400, errors: [{ field: 'path' }] });
    expect(countCalls(store)).toBe(0);
  },
);
