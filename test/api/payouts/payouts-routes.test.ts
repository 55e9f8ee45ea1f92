import {
  BANK_ACCOUNT_FIELD_LENGTHS,
  CARD_FIELD_LENGTHS,
  forgetPersonal,
  RECEIVER_FIELD_LENGTHS,
  REQUEST_FIELD_LENGTHS,
} from '../../../src/domain/payout-request';
import { TemporalUnavailable } from '../../../src/store/errors';
import { fingerprintOf } from '../../../src/store/fingerprint';
import type { Reading } from '../../../src/store/payouts';
import { makeFinal, makeFollowed, makePayout, ORDER_ID, REQUEST, START_MS } from '../../domain/samples';
import {
  countCalls,
  HASH_KEY,
  INPUT,
  makeApp,
  makeCaller,
  makeReading,
  makeStore,
  PUBLIC_BASE_URL,
  shareApp,
} from '../app-harness';

const BANK_BODY = {
  clientOrderId: 'PO-000001',
  amount: '10.50',
  currency: 'EUR',
  description: 'Invoice 42',
  receiver: { firstName: 'José', lastName: "O'Neil" },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000', bankName: 'Cool Bank' },
};
const CARD_BODY = { ...BANK_BODY, destination: { type: 'card', cardNumber: '4444333322221111' } };

type Json = { [name: string]: unknown };

/** A copy of a body with one value, named by its path, replaced; `undefined` takes it out. */
function withValue(body: object, path: string, value: unknown): object {
  const copy: Json = structuredClone(body) as Json;
  const names = path.split('.');
  const last = names.pop()!;
  const parent = names.reduce<Json>((at, name) => {
    at[name] ??= {};
    return at[name] as Json;
  }, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

const share = shareApp();
const postTo =
  (open: typeof makeApp | typeof share) =>
  async (payload: unknown, { headers, ...options }: Parameters<typeof makeApp>[0] & { headers?: object } = {}) => {
    const made = await open(options);
    const response = await made.app.inject({
      method: 'POST',
      url: '/payouts',
      headers: { 'content-type': 'application/json', ...headers },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
    return { ...made, response };
  };
const post = postTo(share);

const problem = (code: string, status: number, title: string, errors?: object) => ({
  type: `${PUBLIC_BASE_URL}/problems/${code}`,
  title,
  detail: expect.any(String),
  status,
  code,
  ...(errors === undefined ? {} : { errors }),
});

const MARKER = 'MARKER7f3';
const fieldsOf = ({ response }: Awaited<ReturnType<typeof post>>): string[] =>
  response.json<{ errors: { field: string }[] }>().errors.map(({ field }) => field);
/** Refused with this status, without repeating what was sent; nothing behind the API was called. */
function expectRefused({ response, store }: Awaited<ReturnType<typeof post>>, said: object, status = 400): void {
  expect(response.json()).toMatchObject(said);
  expect(response.statusCode).toBe(status);
  expect(response.body).not.toContain(MARKER);
  expect(response.body).not.toContain('4444333322221111');
  expect(countCalls(store)).toBe(0);
}
const invalid = (...errors: { field: string; expected: string }[]) =>
  problem('invalid_request', 400, 'The request is not valid', errors);

describe('POST /payouts: what is wrong', () => {
  const inReceiver = Object.keys(RECEIVER_FIELD_LENGTHS).map((name) => `receiver.${name}`);
  const inDestination = (name: string): string => `destination.${name}`;
  const inBank = Object.keys(BANK_ACCOUNT_FIELD_LENGTHS).map(inDestination);
  const inCard = Object.keys(CARD_FIELD_LENGTHS).map(inDestination);
  const inRequest = Object.keys(REQUEST_FIELD_LENGTHS);

  const TEXTS_FOR_PEOPLE = [
    ...'receiver.firstName receiver.lastName receiver.address receiver.city destination.accountName'.split(' '),
    ...'bankName bankBranch bankAddress bankCity bankProvince bankArea cardHolder'.split(' ').map(inDestination),
  ];

  /** Values no text field takes, whatever it is for. */
  const notTexts: readonly unknown[] = [
    ...[7, true, null, [MARKER], { a: MARKER }, '', '   ', `${MARKER}\u0000`, `${MARKER}\n`, `\u007f${MARKER}`],
    ...[`${MARKER}\ud800`, `\udc00${MARKER}`, `${MARKER}\ufffd`, '\u200b', '\u200d\u00a0\u3164'],
  ];
  const CONTROLS = [...'\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029'];
  type Case = [path: string, body: object, value: unknown];
  const each = (paths: string | readonly string[], values: readonly unknown[]): Case[] =>
    [paths].flat().flatMap((path) => {
      const body = inCard.includes(path) ? CARD_BODY : BANK_BODY;
      return values.map((value): Case => [path, body, value]);
    });
  const cases: readonly Case[] = [
    ...each([...inRequest, ...inReceiver, ...inBank, ...inCard], notTexts),
    ...each('clientOrderId', [
      7,
      null,
      '',
      '1A',
      'PO 1',
      `PO-${MARKER}!`,
      `P${'0'.repeat(128)}`,
      `${MARKER}\n`,
      undefined,
    ]),
    ...each('amount', [10.5, null, '', '1e3', '+1', '-1', '01', '1.', '.5', '１０', ' 1', 'NaN', '1,5', '10.501', '0']),
    ...each('amount', ['0.00', '10000000.01', '10000000000', '9'.repeat(40), MARKER, undefined]),
    ...each('currency', [978, null, '', 'eur', 'XXX', 'EURO', MARKER, '__proto__', undefined]),
    ...each('receiver.email', [MARKER, `${MARKER}@`, `@${MARKER}`, `a b@${MARKER}`, `a@b@${MARKER}`]),
    ...each('receiver.ipAddress', [
      MARKER,
      ...'1.2.3 localhost 1.2.3.4/8 999.1.1.1 1:2 fe80::1%eth0 01.2.3.4'.split(' '),
    ]),
    ...each('receiver.country', ['D', '1A', 'D1', 'XQ', 'UK', 'EU']),
    ...each('receiver.state', ['C', 'C-']),
    ...each('receiver.birthday', '1990 1990-1-1 1990010A 19990231 19990001 20230229 19000229 20250101'.split(' ')),
    ...each('destination.accountNumber', [`${MARKER}/`, 'DE89;', 'Ж12345', undefined, 'DE00370400440532013000']),
    ...each('destination.accountNumber', [
      'de00 3704 0044 0532 0130 00',
      'XQ89370400440532013000',
      'DE8937040044053201300',
    ]),
    ...each('destination.cardNumber', [
      '4444333322221112',
      '44443333222',
      '44443333222211110000',
      '4444 3333 2222 1112',
    ]),
    ...each('destination.cardNumber', [MARKER, undefined]),
    ...each('destination.expiryMonth', ['0', '00', '13', MARKER.slice(0, 2)]),
    ...each('destination.expiryYear', ['1999', '2100', '20x1', '2020', '2023', '23']),
    ...each([...inRequest, ...TEXTS_FOR_PEOPLE], [`4444-3333 2222.1111 ${MARKER}`]),
    ...each(
      [...inRequest, ...TEXTS_FOR_PEOPLE],
      CONTROLS.map((control) => `${MARKER}${control}x`),
    ),
    ...each('clientOrderId', [`PO-${MARKER}-4444333322221111`]),
    ...each(['receiver', 'extraFields'], [MARKER, 7, null, []]),
  ];

  it('names exactly the field, never repeats the value, starts nothing', async () => {
    const { app, store, log } = await makeApp({});
    for (const [path, body, value] of cases) {
      const response = await app.inject({ method: 'POST', url: '/payouts', payload: withValue(body, path, value) });
      const seen = {
        path,
        value,
        status: response.statusCode,
        fields: [...new Set(response.json<{ errors?: { field: string }[] }>().errors?.map(({ field }) => field))],
      };
      expect(seen).toEqual({ path, value, status: 400, fields: [path] });
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(response.json()).toEqual(problem('invalid_request', 400, 'The request is not valid', expect.any(Array)));
      expect(response.body).not.toContain(MARKER);
    }
    expect(cases).toHaveLength(689);
    expect(log()).not.toContain(MARKER);
    expect(countCalls(store)).toBe(0);
  });

  it('says what is expected, in words for people', async () => {
    const { response } = await post({ ...BANK_BODY, amount: '10.501', receiver: { email: 'x', country: 'D1' } });
    const said = invalid(
      { field: 'receiver.email', expected: 'an e-mail address' },
      { field: 'receiver.country', expected: 'two capital letters of a country (ISO 3166-1)' },
      { field: 'amount', expected: 'at most 2 digits after the point for EUR' },
    );
    expect(response.json()).toEqual(said);
  });

  it('a card by its reference is taken as digits only', async () => {
    const by = (cardRefId: unknown) => withValue(BANK_BODY, 'destination', { type: 'card_ref', cardRefId });
    const { response, store } = await post(by(' 12345678 '));
    expect([response.statusCode, response.json<{ destination: string }>().destination]).toEqual([202, '••••5678']);
    expect(store.start.mock.calls[0]?.[0].request.destination).toEqual({ type: 'card_ref', cardRefId: '12345678' });
    for (const cardRefId of ['', '12a', '1'.repeat(21), '4444333322221111', 12345678, undefined]) {
      expectRefused(await post(by(cardRefId)), { errors: [{ field: 'destination.cardRefId' }] });
    }
  });

  it.each([undefined, null, 7, 'card', {}, { type: 'MARKER7f3' }, { type: 'wallet', accountNumber: 'MARKER7f3' }])(
    'a destination %j is named',
    async (destination) => {
      const refused = await post(withValue(BANK_BODY, 'destination', destination));
      expectRefused(refused, {});
      expect(fieldsOf(refused).map((field) => field.split('.')[0])).toEqual(['destination']);
    },
  );

  it.each([
    ['callbackUrl', { callbackUrl: MARKER }],
    ['redirectUrl', { redirectUrl: MARKER }],
    ['receiver.cvv', { receiver: { cvv: MARKER } }],
    ...['cvv', 'cvc', 'cvc2', 'csc', 'cid', 'securityCode', 'security_code', 'pin', 'track2'].flatMap(
      (name): [string, object][] => [
        [name, { [name]: MARKER }],
        [`destination.${name}`, { destination: { ...CARD_BODY.destination, [name]: MARKER } }],
        [`destination.${name}`, { destination: { ...BANK_BODY.destination, [name]: MARKER } }],
      ],
    ),
    ['destination.cvv2', { destination: { ...CARD_BODY.destination, cvv2: MARKER } }],
    ['destination.cardNumber', { destination: { ...BANK_BODY.destination, cardNumber: MARKER } }],
    ['destination.accountNumber', { destination: { ...CARD_BODY.destination, accountNumber: MARKER } }],
    ['(unreadable name)', { '4444333322221111': MARKER }],
    ['(unreadable name)', { [`${MARKER} x`]: MARKER }],
    ['constructor', { constructor: 'x' }],
  ])('a field nobody knows is named: %s', async (field, more) => {
    expectRefused(await post({ ...BANK_BODY, ...more }), invalid({ field, expected: 'no field of this name' }));
  });

  it.each([
    ['bad JSON', '{"clientOrderId": MARKER7f3'],
    ['no object', '["MARKER7f3"]'],
    ['a text', '"MARKER7f3"'],
    ['null', 'null'],
    ['nothing', ''],
    ['__proto__', '{"__proto__":{"amount":"1"},"clientOrderId":"PO-1"}'],
    ['constructor.prototype', '{"constructor":{"prototype":{"amount":"MARKER7f3"}}}'],
  ])('a body that is %s', async (_name, payload) =>
    expectRefused(await post(payload), { code: 'invalid_request', errors: [{ field: 'body' }] }),
  );

  it.each([
    ['at the top', (text: string) => text.replace('{', '{"amount":"99.00",')],
    ['escaped', (text: string) => text.replace('{', '{"\\u0061mount":"99.00",')],
    [
      'below',
      (text: string) => text.replace('"accountNumber"', '"accountNumber":"GB33BUKB20201555555555","accountNumber"'),
    ],
  ])('a name that stands there twice, %s, is 400: readers differ in which they believe', async (_name, repeat) => {
    const text = repeat(JSON.stringify(BANK_BODY));
    expect(JSON.parse(text)).toEqual(BANK_BODY);
    expectRefused(await post(text), invalid({ field: 'body', expected: 'each name once' }));
  });

  it.each(['receiver', 'destination', 'extraFields'])('a %s nested five thousand deep is 400', async (field) => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    expectRefused(await post(JSON.stringify(withValue(BANK_BODY, field, 'DEEP')).replace('"DEEP"', deep)), {});
  });

  it('a body that is too long is 413, and one in another language 415', async () => {
    const long = await post({ ...BANK_BODY, description: 'x'.repeat(70_000) });
    expect(long.response.json()).toEqual(problem('too_large', 413, 'The request is too large'));
    const form = await post('amount=10', { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect(form.response.json()).toEqual(problem('unsupported_media_type', 415, 'Expected application/json in UTF-8'));
    expect(countCalls(long.store) + countCalls(form.store)).toBe(0);
  });
});

describe('POST /payouts: the length of every field', () => {
  const filler: Record<string, (length: number) => string> = {
    'receiver.email': (length) => `a@${'b'.repeat(length - 2)}`,
    'receiver.ipAddress': (length) => `${'0000:0000:0000:0000:0000:ffff:192.168.100.2000'.slice(0, length - 1)}0`,
    'receiver.country': (length) => 'DEE'.slice(0, length),
    'receiver.state': (length) => 'C'.repeat(length),
    'receiver.birthday': (length) => '199902281'.slice(0, length),
    'destination.accountNumber': (length) => '1'.repeat(length),
  };
  const limits: [string, number][] = [
    ...Object.entries(REQUEST_FIELD_LENGTHS),
    ...Object.entries(RECEIVER_FIELD_LENGTHS).map(([name, max]): [string, number] => [`receiver.${name}`, max]),
    ...Object.entries(BANK_ACCOUNT_FIELD_LENGTHS).map(([name, max]): [string, number] => [`destination.${name}`, max]),
    ['clientOrderId', 128],
  ];

  it.each(limits)('%s: %i characters are taken, one more is not', async (path, maxLength) => {
    // A character of two code units is one character.
    const fill =
      filler[path] ?? ((length: number) => (path === 'clientOrderId' ? 'P'.repeat(length) : '😀'.repeat(length)));
    const taken = await post(withValue(BANK_BODY, path, fill(maxLength)));
    expect(taken.response.statusCode).toBe(202);
    expect(taken.store.start).toHaveBeenCalledTimes(1);
    const refused = await post(withValue(BANK_BODY, path, fill(maxLength + 1)));
    expect(refused.response.json()).toMatchObject({ status: 400, errors: [{ field: path }] });
    expect(refused.store.start).toHaveBeenCalledTimes(0);
  });

  it.each([
    ['cardHolder', 'x'.repeat(128), 'x'.repeat(129)],
    ['cardNumber', '4000000000000000006', '40000000000000000006'],
    ['expiryMonth', '12', '012'],
    ['expiryYear', '2030', '20300'],
  ])('destination.%s: %s is taken, %s is not', async (name, good, bad) => {
    expect((await post(withValue(CARD_BODY, `destination.${name}`, good))).response.statusCode).toBe(202);
    const refused = await post(withValue(CARD_BODY, `destination.${name}`, bad));
    expect([refused.response.statusCode, ...new Set(fieldsOf(refused))]).toEqual([400, `destination.${name}`]);
  });
});

describe('POST /payouts: extra fields', () => {
  const endpoint = {
    extraFields: [
      { name: 'sender_name', required: true, maxLength: 5 },
      { name: 'tax_id', required: false, maxLength: 10 },
    ],
  };

  it('passes on what the endpoint takes', async () => {
    const { response, store } = await post({ ...BANK_BODY, extraFields: { sender_name: 'Ann' } }, { endpoint });
    expect(response.statusCode).toBe(202);
    expect(store.start.mock.calls[0]?.[0].request.extraFields).toEqual({ sender_name: 'Ann' });
  });

  it.each([
    ['one that is too long', { sender_name: MARKER }, 'sender_name', 'at most 5 characters'],
    ['a missing one', {}, 'sender_name', 'a value: this endpoint requires it'],
    // Card security codes among them.
    ...['other', 'cvv', 'cvv2', 'cvc', 'csc', 'cid', 'security_code'].map(
      (name): [string, Record<string, string>, string, string] => [
        ...([name, { sender_name: 'Ann', [name]: MARKER }, name, 'a field that this endpoint accepts'] as const),
      ],
    ),
  ])('names %s', async (_name, extraFields, name, expected) => {
    const refused = await post({ ...BANK_BODY, extraFields }, { endpoint });
    expectRefused(refused, invalid({ field: `extraFields.${name}`, expected }));
  });

  it.each([
    [{ sender_name: 7 }, ['extraFields.sender_name']],
    [{ 'Sender Name': 'x' }, ['extraFields']],
    [{ '4444333322221111': 'x' }, ['extraFields']],
    [{ 'DE89/3704': 'x' }, ['extraFields']],
  ])('refuses %j', async (extraFields, fields) => {
    const refused = await post({ ...BANK_BODY, extraFields }, { endpoint });
    expectRefused(refused, {});
    expect(fieldsOf(refused)).toEqual(fields);
    expect(refused.response.body).not.toContain('3704');
  });
});

describe('POST /payouts: starting', () => {
  // An app remembers what it started.
  const post = postTo(makeApp);
  it('answers 202 with where to read it, and starts exactly once with the whole input', async () => {
    const { response, store, log } = await post(BANK_BODY);
    expect(response.statusCode).toBe(202);
    expect(response.headers.location).toBe('/payouts/PO-000001');
    expect(response.headers.etag).toMatch(/^W\/"[\w-]{22}"$/);
    expect(response.headers['idempotent-replayed']).toBeUndefined();
    expect(response.json()).toEqual({
      clientOrderId: 'PO-000001',
      tenant: 'default',
      state: 'accepted',
      outcome: null,
      attention: null,
      acknowledged: null,
      settledBy: null,
      confirmed: false,
      lateEvents: [],
      orderId: null,
      endpoint: 'default',
      amount: '10.50',
      actualAmount: null,
      currency: 'EUR',
      actualCurrency: null,
      destination: '••••3000',
      detailsUntil: null,
      redirectTo: null,
      receiverPage: expect.stringMatching(/^https:\/\/cp\.example\.org\/r\/PO-000001~[0-9a-z]+~[\w-]{22}$/),
      reason: null,
      agreedAt: { submission: null, poll: null, callback: null, operator: null },
      createdAt: '2024-11-22T12:00:00.000Z',
      updatedAt: '2024-11-22T12:00:00.000Z',
      settledAt: null,
      settlement: null,
      approval: null,
      executeAt: null,
      movedFrom: null,
      movedBecause: null,
      allowedActions: ['cancel', 'reschedule', 'note'],
    });
    expect(store.start).toHaveBeenCalledTimes(1);
    expect(countCalls(store)).toBe(1);
    const fingerprint = fingerprintOf(REQUEST, HASH_KEY);
    expect(store.start).toHaveBeenCalledWith(INPUT, {
      fingerprint,
      madeBy: 'local',
      destinationHash: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    for (const secret of ['DE8937', 'José', 'Neil', 'Cool Bank']) {
      expect(response.body).not.toContain(secret);
      expect(log()).not.toContain(secret);
    }
  });

  it('makes its addresses from configuration, whatever host the request claims', async () => {
    const headers = {
      host: 'evil.example',
      forwarded: 'host=evil.example;proto=http',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      'x-original-url': '/evil.example',
    };
    const shop = makeCaller('shop', ['payouts:write']);
    const { response, store } = await post(BANK_BODY, {
      headers: { ...headers, ...shop.headers },
      access: { apiKeys: [shop.apiKey] },
    });
    expect(response.headers.location).toBe('/payouts/PO-000001');
    expect(store.start.mock.calls.map(([input]) => input)).toEqual([INPUT]);
  });

  it.each([
    ['10.5', 'EUR', '10.50'],
    ['10', 'EUR', '10.00'],
    ['10.00', 'JPY', '10'],
    ['1.2', 'BHD', '1.200'],
  ])('writes %s %s as %s', async (amount, currency, canonical) => {
    const { store } = await post({ ...BANK_BODY, amount, currency });
    expect(store.start.mock.calls[0]?.[0].request.amount).toBe(canonical);
  });

  it('takes a card, and shows its last four digits only', async () => {
    const { response, store } = await post(CARD_BODY);
    expect(response.json()).toMatchObject({ destination: '••••1111' });
    expect(response.body).not.toContain('444433332222');
    expect(store.start.mock.calls[0]?.[0].request.destination).toEqual(CARD_BODY.destination);
  });

  it.each([
    [undefined, 0],
    ['wait=0', 0],
    ['wait=-1', 0],
    ['wait=x', 0],
    ['respond-async', 0],
    ['wait=5', 5_000],
    ['respond-async, wait=5', 5_000],
    ['wait=5;foo', 5_000],
    ['wait=9999', 60_000],
  ])('Prefer: %s waits %i ms for an order id or a final', async (prefer, forMs) => {
    const readings: Reading[] = [];
    const store = makeStore({ readUntil: async () => makeReading(makeFollowed()) });
    const { response } = await post(BANK_BODY, { store, headers: prefer === undefined ? {} : { prefer } });
    expect(response.statusCode).toBe(202);
    expect(store.readUntil).toHaveBeenCalledTimes(forMs === 0 ? 0 : 1);
    expect(response.headers['preference-applied']).toBe(forMs === 0 ? undefined : `wait=${forMs / 1_000}`);
    expect(response.json()).toMatchObject({ orderId: forMs === 0 ? null : ORDER_ID });
    if (forMs === 0) return;
    const wait = store.readUntil.mock.calls[0]?.[1];
    expect(wait?.forMs).toBe(forMs);
    readings.push(makeReading(), makeReading(makeFollowed()), makeReading(makeFinal('declined', { orderId: null })));
    expect(readings.map((reading) => wait?.isEnough(reading))).toEqual([false, true, true]);
  });
});

describe('POST /payouts: the same id again', () => {
  // An app remembers what it started.
  const post = postTo(makeApp);
  const known = makeReading(makeFinal('approved'), { fingerprint: fingerprintOf(REQUEST, HASH_KEY) });
  const exists = (reading: Reading | null) => makeStore({ start: async () => null, read: async () => reading });

  it('the same request gets the payout as it is now', async () => {
    const { response, store } = await post(BANK_BODY, { store: exists(known) });
    expect(response.statusCode).toBe(200);
    expect(response.headers['idempotent-replayed']).toBe('true');
    expect(response.headers.location).toBe('/payouts/PO-000001');
    expect(response.json()).toMatchObject({ state: 'approved', outcome: 'approved', orderId: ORDER_ID });
    expect(store.start).toHaveBeenCalledTimes(1);
  });

  it('the same request in other clothes is the same request', async () => {
    const { destination, receiver, ...rest } = BANK_BODY;
    const reordered = {
      destination: { bankName: 'Cool Bank', accountNumber: 'DE89370400440532013000', type: 'bank_account' },
      ...rest,
      amount: '10.5',
      receiver,
    };
    const { response } = await post(reordered, { store: exists(known) });
    expect(response.statusCode).toBe(200);
  });

  it('another request learns what differs, but not which field of destination or receiver, and not how', async () => {
    const other = { ...BANK_BODY, amount: '11.00', receiver: { firstName: 'José', lastName: 'MARKER7f3' } };
    const body = withValue(other, 'destination.accountNumber', 'GB33BUKB20201555555555');
    const { response, store } = await post(body, { store: exists(known) });
    expect(response.json()).toEqual(
      problem('payout_differs', 409, 'A different payout with this clientOrderId exists', [
        { field: 'amount', expected: 'the value of the existing payout' },
        { field: 'destination', expected: 'the value of the existing payout' },
        { field: 'receiver', expected: 'the value of the existing payout' },
      ]),
    );
    for (const secret of ['MARKER7f3', "O'Neil", 'DE89', 'GB33', '10.50', '11.00'])
      expect(response.body).not.toContain(secret);
    expect(store.start).toHaveBeenCalledTimes(1);
  });

  it('a storm of repeats is answered from what is recorded, with one start', async () => {
    let reading: Reading | null = null;
    const store = makeStore({
      start: async () => {
        reading = known;
        return makePayout();
      },
      read: async () => reading,
    });
    const { app } = await makeApp({ store });
    const bodies = [BANK_BODY, ...Array(49).fill(BANK_BODY), { ...BANK_BODY, amount: '11.00' }];
    const statuses: number[] = [];
    for (const payload of bodies) {
      statuses.push((await app.inject({ method: 'POST', url: '/payouts', payload })).statusCode);
    }
    expect(statuses).toEqual([202, ...Array(49).fill(200), 409]);
    expect(store.start).toHaveBeenCalledTimes(1);
    expect(store.read).toHaveBeenCalledTimes(50);
  });

  it('one that was known and is gone from the records is started again, as ever', async () => {
    const store = makeStore({});
    const { app } = await makeApp({ store });
    const post = async () => (await app.inject({ method: 'POST', url: '/payouts', payload: BANK_BODY })).statusCode;
    expect([await post(), await post()]).toEqual([202, 202]);
    expect([store.start.mock.calls.length, store.read.mock.calls.length]).toEqual([2, 1]);
  });

  it('a payout whose account was forgotten is compared by its fingerprint, and by what was kept', async () => {
    const input = { ...known.input, request: forgetPersonal(REQUEST), isAccountForgotten: true as const };
    const store = () => exists({ ...known, input });
    expect((await post(BANK_BODY, { store: store() })).response.statusCode).toBe(200);
    for (const [path, value, differs] of [
      ['amount', '11.00', 'amount'],
      ['destination.accountNumber', 'GB33BUKB20201555555555', 'destination'],
      // Another number with the same tail: nothing that was kept differs.
      ['destination.accountNumber', '11111111111111113000', 'destination or receiver'],
      ['receiver.lastName', MARKER, 'destination or receiver'],
    ] as const) {
      const refused = await post(withValue(BANK_BODY, path, value), { store: store() });
      expect([refused.response.statusCode, ...fieldsOf(refused)]).toEqual([409, differs]);
    }
  });

  it('one that vanished in between is not found, not started again', async () => {
    const { response, store } = await post(BANK_BODY, { store: exists(null) });
    expect(response.json()).toEqual(problem('not_found', 404, 'Not found'));
    expect(store.start).toHaveBeenCalledTimes(1);
  });
});

const STEP = { rule: null, atMs: START_MS, state: 'processing', orderId: ORDER_ID, actor: null, reason: null } as const;

describe('GET /payouts/:clientOrderId', () => {
  async function get(url: string, store: ReturnType<typeof makeStore>, headers: Record<string, string> = {}) {
    const { app, log } = await share({ store });
    return { response: await app.inject({ method: 'GET', url, headers }), log };
  }
  const reads = (payout = makeFollowed()) => makeStore({ readUntil: async () => makeReading(payout) });

  it('answers with the payout and its tag, without waiting', async () => {
    const store = reads();
    const { response } = await get('/payouts/PO-000001', store);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ state: 'processing', orderId: ORDER_ID });
    expect(response.headers.etag).toMatch(/^W\/"/);
    expect(store.readUntil).toHaveBeenCalledTimes(1);
    const wait = store.readUntil.mock.calls[0]?.[1];
    expect(wait?.forMs).toBe(0);
    expect(wait?.isEnough(makeReading())).toBe(true);
  });

  it('answers 304 without a body to one who knows it already', async () => {
    const first = await get('/payouts/PO-000001', reads());
    const tag = first.response.headers.etag as string;
    const again = await get('/payouts/PO-000001', reads(), { 'if-none-match': tag });
    expect([again.response.statusCode, again.response.body, again.response.headers.etag]).toEqual([304, '', tag]);
    const changed = await get('/payouts/PO-000001', reads(makeFinal('approved')), { 'if-none-match': tag });
    expect(changed.response.statusCode).toBe(200);
  });

  it('with wait, waits for a change against what the caller knows, or for a final', async () => {
    const tag = (await get('/payouts/PO-000001', reads())).response.headers.etag as string;
    const store = reads();
    await get('/payouts/PO-000001?wait=20', store, { 'if-none-match': tag });
    const wait = store.readUntil.mock.calls[0]?.[1];
    expect(wait?.forMs).toBe(20_000);
    expect(wait?.isEnough(makeReading(makeFollowed()))).toBe(false);
    expect(wait?.isEnough(makeReading(makeFollowed({ attention: 'gateway_unreachable' })))).toBe(true);
    expect(wait?.isEnough(makeReading(makeFinal('approved')))).toBe(true);
  });

  it('with wait and nothing known, waits for a change against what it was', async () => {
    const store = reads();
    await get('/payouts/PO-000001?wait=1.5', store);
    const wait = store.readUntil.mock.calls[0]?.[1];
    expect(wait?.forMs).toBe(1_500);
    const seen = [makePayout(), makePayout({ updatedAtMs: START_MS + 1 }), makeFollowed()].map((payout) =>
      wait?.isEnough(makeReading(payout)),
    );
    expect(seen).toEqual([false, false, true]);
  });

  it.each(['61', '-1', 'x', '1e9', 'NaN', 'Infinity'])('wait=%s is refused by name', async (wait) => {
    const store = reads();
    const { response } = await get(`/payouts/PO-000001?wait=${wait}`, store);
    expect(response.json()).toMatchObject({ status: 400, errors: [{ field: 'wait' }] });
    expect(countCalls(store)).toBe(0);
  });

  it.each(['1', 'PO 1', 'PO%2F1', 'payout:PO-1', `P${'0'.repeat(128)}`, '%00', '..%2Fhealth'])(
    '%s cannot be an id: 404 without asking Temporal',
    async (id) => {
      const store = reads();
      for (const url of [`/payouts/${id.replace(' ', '%20')}`, `/payouts/${id.replace(' ', '%20')}/timeline`]) {
        const { response } = await get(url, store);
        expect(response.json()).toEqual(problem('not_found', 404, 'Not found'));
      }
      expect(countCalls(store)).toBe(0);
    },
  );

  it('an unknown id is 404', async () => {
    const { response } = await get('/payouts/PO-000002', makeStore());
    expect(response.json()).toEqual(problem('not_found', 404, 'Not found'));
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('tells what came after the end as the last steps', async () => {
    const what = 'payout declined';
    const late = {
      workflowId: 'late:PO-000001:1',
      what,
      isConfirmed: true,
      attention: 'conflict',
      atMs: START_MS,
    } as const;
    const reading = makeReading(makeFinal('approved'), { isClosed: true, lateEvents: [late] });
    const { response } = await get('/payouts/PO-000001/timeline', makeStore({ read: async () => reading }));
    const said = { source: 'callback', what: 'late: payout declined', state: 'approved', reason: 'conflict' };
    expect(response.json().steps).toEqual([expect.objectContaining(said)]);
  });

  it.each([
    ['still asked', makeFollowed({ polling: 'slow', lastAskedAtMs: START_MS }), false, 'ask'],
    ['watched', makeFollowed(), false, 'watch'],
    ['in review', makePayout({ state: 'needs_review' }), false, null],
    ['closed', makeFollowed({ polling: 'slow', lastAskedAtMs: START_MS }), true, null],
  ] as const)('tells what comes next by itself: %s', async (_name, payout, isClosed, what) => {
    const store = makeStore({ read: async () => makeReading(payout, { isClosed }) });
    const { next, deadline } = (await get('/payouts/PO-000001/timeline', store)).response.json();
    expect([next?.what ?? null, deadline !== null]).toEqual([what, what !== null]);
    expect(what === null || Date.parse(next.at) > START_MS).toBe(true);
  });

  it('tells the steps', async () => {
    const step = { ...STEP, source: 'poll', what: 'approved', state: 'approved', enteredFrom: null } as const;
    const store = makeStore({ read: async () => makeReading(makeFinal('approved'), { steps: [step] }) });
    const { response } = await get('/payouts/PO-000001/timeline', store);
    const { atMs: _, ...said } = step;
    const at = '2024-11-22T12:00:00.000Z';
    expect(response.json()).toEqual({
      clientOrderId: 'PO-000001',
      steps: [{ at, ...said }],
      lastWord: null,
      next: null,
      deadline: null,
    });
  });
});

it.each([
  ['payouts:operate', '203.0.113.7'],
  ['payouts:write', null],
] as const)('a key that may read and %s is told that details came from %s', async (scope, enteredFrom) => {
  const step = { ...STEP, source: 'receiver', what: 'details', enteredFrom: '203.0.113.7' };
  const store = makeStore({ read: async () => makeReading(makeFollowed(), { steps: [step] }) });
  const caller = makeCaller('shop', ['payouts:read', scope]);
  const { app } = await makeApp({ store, access: { apiKeys: [caller.apiKey] } });
  const { body } = await app.inject({ url: '/payouts/PO-000001/timeline', headers: caller.headers });
  expect(JSON.parse(body)).toMatchObject({ steps: [{ source: 'receiver', what: 'details', enteredFrom }] });
});

describe('when Temporal is away, and when something breaks', () => {
  const urls: [string, 'GET' | 'POST', string][] = [
    ['starting', 'POST', '/payouts'],
    ['reading', 'GET', '/payouts/PO-000001'],
    ['the timeline', 'GET', '/payouts/PO-000001/timeline'],
  ];
  const failing = (error: Error) => {
    const fail = async () => {
      throw error;
    };
    return makeStore({ start: fail, read: fail, readUntil: fail });
  };

  it.each(urls)('%s is 503 with Retry-After', async (_name, method, url) => {
    const { app } = await makeApp({ store: failing(new TemporalUnavailable()) });
    const response = await app.inject({ method, url, ...(method === 'POST' ? { payload: BANK_BODY } : {}) });
    expect(response.json()).toEqual(problem('temporal_unavailable', 503, 'Temporarily unavailable'));
    expect(response.headers['retry-after']).toBe('5');
  });

  it.each(urls)('%s is a constant 500 on a defect', async (_name, method, url) => {
    const { app, log } = await makeApp({ store: failing(new Error('MARKER7f3')) });
    const response = await app.inject({ method, url, ...(method === 'POST' ? { payload: BANK_BODY } : {}) });
    expect(response.json()).toEqual(problem('internal', 500, 'Internal error'));
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.body).not.toContain('MARKER7f3');
    expect(log()).toContain('request failed');
  });
});
