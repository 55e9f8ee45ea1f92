import { createReceiverLinks } from '../../../src/api/receiver/receiver-links';
import { openPayout, type Payout } from '../../../src/domain/payout';
import { TemporalUnavailable } from '../../../src/store/errors';
import { destinationHash } from '../../../src/store/fingerprint';
import { COLLECTING, START_MS } from '../../domain/samples';
import { sealedIn as findSealed } from '../../support/receiver-form';
import { HASH_KEY, INPUT, makeApp, makeReading, makeStore, PUBLIC_BASE_URL, RECEIVER_LINK_KEYS } from '../app-harness';

const ASKED = openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS });
const links = createReceiverLinks({ receiverLinkKeys: RECEIVER_LINK_KEYS, publicBaseUrl: PUBLIC_BASE_URL });
const PATH = links.pageOf(ASKED).slice(PUBLIC_BASE_URL.length);
const DAY_MS = 86_400_000;
const IBAN = 'DE89370400440532013000';
const PAN = '4444333322221111';

const sealedIn = (page: string) => findSealed(page) ?? '';
const BOTH = { endpoint: { collect: ['bank_account', 'card'] } } as const;

async function open(payout: Payout = ASKED, options: Parameters<typeof makeApp>[0] = {}) {
  const read = async () => makeReading(payout, { input: { ...INPUT, request: COLLECTING } });
  const made = await makeApp({ store: makeStore({ read }), ...options });
  const post = async (fields: Record<string, string>, url = PATH) =>
    await made.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    });
  /** Fills in the form and, where it is to be checked, sends it. */
  const enter = async (fields: Record<string, string>, url = PATH) => {
    const answer = await post(fields, url);
    return answer.statusCode === 200 ? await post({ sealed: sealedIn(answer.body), step: 'send' }, url) : answer;
  };
  return { ...made, post, enter };
}

describe('the form', () => {
  it('asks for an account, says until when, and shows no destination', async () => {
    const { app } = await open();
    const { body, statusCode } = await app.inject(PATH);
    expect(statusCode).toBe(200);
    expect(body).toContain('<h1 tabindex="-1">Where should the money go?</h1>');
    expect(body).toContain('29 Nov 2024, 12:00 UTC');
    expect([...body.matchAll(/<(?:input|select)[^>]* name="([^"]+)"/g)].map(([, name]) => name)).toEqual([
      'by',
      'destination.accountNumber',
      'destination.accountName',
    ]);
    expect(body).not.toContain('http-equiv');
    expect(body).not.toMatch(/cvv|cvc/i);
  });

  it('is written from the right in Arabic; amount and account number stay from the left', async () => {
    const { app } = await open();
    const { body } = await app.inject(`${PATH}?lang=ar`);
    expect(body).toContain('<html lang="ar" dir="rtl"');
    expect(body).toMatch(/<p class="amount"><bdi dir="ltr">[^<]*10\.50/);
    expect(body).toMatch(/name="destination.accountNumber"[^>]* dir="ltr"/s);
    expect(body).toMatch(/name="destination.accountName"[^>]* dir="auto"/s);
  });

  it('asks for a card when that was chosen, with what a browser may fill in', async () => {
    const { app } = await open(ASKED, BOTH);
    const { body } = await app.inject(`${PATH}?by=card&lang=de`);
    expect(body).toMatch(/name="destination.cardNumber" autocomplete="cc-number"[^>]*inputmode="numeric"/s);
    expect(body).toContain('Kartennummer');
    expect(body).toContain(`action="${PATH}?lang=de"`);
  });

  it('is not there any more once its time is over, even before the payout has ended', async () => {
    const { app, store, enter } = await open(ASKED, { now: () => START_MS + 7 * DAY_MS });
    expect((await app.inject(PATH)).body).toContain('The time to enter your details has passed');
    const answer = await enter({ 'destination.accountNumber': IBAN });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `${PATH}?lang=en`]);
    expect(store.signalDetails).not.toHaveBeenCalled();
  });
});

describe('what was entered', () => {
  it('is read up to its bound, and no further', async () => {
    const { post } = await open();
    const fill = (bytes: number) => ({ x: 'a'.repeat(bytes - 'x='.length) });
    expect((await post(fill(16_384))).statusCode).toBe(422);
    const tooLong = await post(fill(16_385));
    expect(tooLong.statusCode).toBe(404);
    expect(tooLong.body).toContain('There is nothing here');
  });

  it('goes to the payout once, with a hash to find it by, and the page comes next', async () => {
    const { store, enter, log } = await open();
    const answer = await enter({ by: 'bank_account', 'destination.accountNumber': 'DE89 3704 0044 0532 0130 00' });
    expect([answer.statusCode, answer.headers.location, answer.body]).toEqual([303, `${PATH}?lang=en`, '']);
    const destination = { type: 'bank_account', accountNumber: IBAN } as const;
    expect(store.signalDetails.mock.calls).toEqual([
      [
        'PO-000001',
        {
          ...{ destination, receiver: {}, enteredFrom: '127.0.0.1' },
          destinationHash: destinationHash(destination, HASH_KEY),
        },
      ],
    ]);
    expect(log()).not.toContain('0400440532');
  });

  it.each([
    ['of the browser, as a proxy of ours names it', ['127.0.0.1'], '203.0.113.7'],
    ['that connects, while there is no proxy to believe', [], '127.0.0.1'],
  ])('carries the address %s, and no log has it', async (_name, trustedProxies, enteredFrom) => {
    const { store, app, log, post } = await open(ASKED, { access: { trustedProxies } });
    const sealed = sealedIn((await post({ 'destination.accountNumber': IBAN })).body);
    await app.inject({
      ...{ method: 'POST', url: PATH, payload: `step=send&sealed=${sealed}` },
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '198.51.100.9, 203.0.113.7' },
    });
    expect(store.signalDetails.mock.calls).toMatchObject([['PO-000001', { enteredFrom }]]);
    expect(log()).not.toMatch(/203\.0\.113\.7|198\.51\.100\.9/);
  });

  it('is not asked for again, nor sent a second time, while Temporal has not recorded it yet', async () => {
    let nowMs = START_MS;
    const { app, store, enter } = await open(ASKED, { now: () => nowMs });
    await enter({ 'destination.accountNumber': IBAN });
    expect((await app.inject(PATH)).body).toContain('Your payment is being processed');
    expect((await app.inject(`${PATH}/status`)).json()).toMatchObject({ stage: 'working', isOver: false });
    expect((await enter({ 'destination.accountNumber': 'GB29NWBK60161331926819' })).statusCode).toBe(303);
    expect(store.signalDetails).toHaveBeenCalledTimes(1);
    nowMs += 30_000;
    expect((await app.inject(PATH)).body).toContain('Where should the money go?');
  });

  it('is not said to be in work when no running payout took it', async () => {
    const read = async () => makeReading(ASKED, { input: { ...INPUT, request: COLLECTING } });
    const store = makeStore({ read, signalDetails: async () => false });
    const { app, enter } = await open(ASKED, { store });
    expect((await enter({ 'destination.accountNumber': IBAN })).statusCode).toBe(303);
    expect(store.signalDetails).toHaveBeenCalledTimes(1);
    expect((await app.inject(`${PATH}/status`)).json()).toMatchObject({ stage: 'details' });
  });

  it('is refused beside its field, kept, and nothing is sent', async () => {
    const { store, enter } = await open();
    const answer = await enter({
      'destination.accountNumber': 'DE89370400440532013001',
      'destination.accountName': 'J. "O’Neil"',
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain('<p class="error" id="destination-accountNumber-error">This IBAN is not valid.');
    expect(answer.body).toContain('value="DE89 3704 0044 0532 0130 01"');
    expect(answer.body).toContain('value="J. &quot;O’Neil&quot;"');
    expect(answer.body).toContain('<a href="#destination-accountNumber">');
    expect(store.signalDetails).not.toHaveBeenCalled();
  });

  it('as a card number is never sent back', async () => {
    const { store, enter, log } = await open(ASKED, BOTH);
    for (const cardNumber of ['4444333322221112', PAN]) {
      const answer = await enter({
        by: 'card',
        'destination.cardNumber': cardNumber,
        'destination.cardHolder': '\u0000',
      });
      expect(answer.statusCode).toBe(422);
      expect(answer.body).not.toContain(cardNumber.slice(0, 12));
    }
    expect(store.signalDetails).not.toHaveBeenCalled();
    expect(log()).not.toContain('44443333');
  });

  it.each([
    ['bank_account', 'destination.accountName', 'J. Example 4444 3333 2222 1111'],
    ['card', 'destination.cardHolder', '4444-3333-2222-1111'],
    ['card', 'destination.cardHolder', `${PAN} ${'x'.repeat(128)}`],
  ])(
    'as a card number in a field for words is refused, not passed on and not sent back: %s, %s',
    async (by, name, text) => {
      const { store, enter, log } = await open(ASKED, BOTH);
      const right = { 'destination.accountNumber': 'DE89370400440532013000', 'destination.cardNumber': PAN };
      const answer = await enter({ by, ...right, [name]: text });
      expect(answer.statusCode).toBe(422);
      expect(answer.body).toContain(`<a href="#${name.replace('.', '-')}">`);
      for (const part of ['4444 3333', '4444-3333', '44443333']) expect(answer.body).not.toContain(part);
      expect(store.signalDetails).not.toHaveBeenCalled();
      expect(log()).not.toMatch(/4444.?3333/);
    },
  );

  it.each([
    ['nothing', '', 'application/x-www-form-urlencoded'],
    ['a body of another kind', '{"destination.accountNumber":"DE89"}', 'application/json'],
  ])('is missing when there is %s', async (_what, payload, type) => {
    const { app, store } = await open();
    const answer = await app.inject({ method: 'POST', url: PATH, headers: { 'content-type': type }, payload });
    expect([answer.statusCode, answer.body.includes('Please fill this in.')]).toEqual([422, true]);
    expect(store.signalDetails).not.toHaveBeenCalled();
  });

  it.each(['accepted', 'processing', 'approved', 'cancelled', 'expired'] as const)(
    'is not taken of a payout that is %s: the page shows its stage',
    async (state) => {
      const { store, enter } = await open({ ...ASKED, state, destination: '••••1111' });
      const answer = await enter({ 'destination.accountNumber': IBAN });
      expect([answer.statusCode, answer.headers.location]).toEqual([303, `${PATH}?lang=en`]);
      expect(store.signalDetails).not.toHaveBeenCalled();
    },
  );

  it('is not taken behind a wrong link, nor of a payout that never asked', async () => {
    const { store, enter } = await open();
    expect((await enter({ 'destination.accountNumber': IBAN }, `${PATH}x`)).statusCode).toBe(404);
    expect(store.read).not.toHaveBeenCalled();
    expect(store.signalDetails).not.toHaveBeenCalled();
  });

  it('is asked for again when Temporal did not take it', async () => {
    const read = async () => makeReading(ASKED, { input: { ...INPUT, request: COLLECTING } });
    const store = makeStore({ read, signalDetails: () => Promise.reject(new TemporalUnavailable()) });
    const { enter } = await open(ASKED, { store });
    const answer = await enter({ 'destination.accountNumber': IBAN });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.body).not.toContain('0400440532');
  });
});

describe('what was entered is checked before it is sent', () => {
  const FIELDS = { 'destination.accountNumber': 'de89 3704 0044 0532 0130 00', 'destination.accountName': 'José' };

  it('the page shows it as it is printed, keeps it sealed, and nothing has been sent', async () => {
    const { store, post, log } = await open();
    const { statusCode, body, headers } = await post(FIELDS);
    expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(body).toContain('<h1 tabindex="-1">Check your details</h1>');
    expect(body).toContain('<bdi>DE89 3704 0044 0532 0130 00</bdi>');
    expect(body).toContain('<bdi>José</bdi>');
    expect(body).not.toContain(IBAN);
    expect([...body.matchAll(/<input[^>]* name="([^"]+)"/g)].map(([, name]) => name)).toEqual(['sealed']);
    expect(store.signalDetails).not.toHaveBeenCalled();
    expect(log()).not.toContain('0400440532');
  });

  it('a card by its last four digits only', async () => {
    const { post } = await open(ASKED, BOTH);
    const { body } = await post({ by: 'card', 'destination.cardNumber': PAN });
    expect(body).toContain('<bdi>••••1111</bdi>');
    expect(body).not.toContain(PAN.slice(0, 12));
  });

  it('can be changed: the form has it again, and sends what it then holds', async () => {
    const { store, post, enter } = await open();
    const sealed = sealedIn((await post(FIELDS)).body);
    const { statusCode, body } = await post({ sealed, step: 'edit' });
    expect(statusCode).toBe(200);
    expect(body).toContain(`value="${IBAN.replaceAll(/.{4}(?=.)/g, '$& ')}"`);
    expect(body).toContain('value="José"');
    expect(store.signalDetails).not.toHaveBeenCalled();
    await enter({ ...FIELDS, 'destination.accountName': 'Ana' });
    expect(store.signalDetails.mock.calls).toMatchObject([
      [ASKED.clientOrderId, { destination: { accountName: 'Ana' } }],
    ]);
  });

  it.each([
    ['of another payout', 'x'],
    ['that was made up', 'A'.repeat(200)],
  ])('a seal %s sends nothing, and the form comes back', async (_name, made) => {
    const { store, post } = await open();
    const other = await open({ ...ASKED, clientOrderId: 'PO-000002' as typeof ASKED.clientOrderId });
    const sealed = made === 'x' ? sealedIn((await other.post(FIELDS)).body) : made;
    expect(sealed).not.toBe('');
    const answer = await post({ ...FIELDS, sealed, step: 'send' });
    expect([answer.statusCode, answer.body.includes('Please fill this in.')]).toEqual([422, true]);
    expect(store.signalDetails).not.toHaveBeenCalled();
  });

  it('plain fields are never sent without that step', async () => {
    const { store, post } = await open();
    expect((await post({ ...FIELDS, step: 'send' })).body).toContain('Check your details');
    expect(store.signalDetails).not.toHaveBeenCalled();
  });
});

describe('an endpoint says what may be entered', () => {
  it('no card unless it says so', async () => {
    const { app, post } = await open();
    expect((await app.inject(`${PATH}?by=card`)).body).not.toMatch(/cardNumber|value="card"/);
    const answer = await post({ by: 'card', 'destination.cardNumber': PAN });
    expect([answer.statusCode, answer.body.includes('cardNumber')]).toEqual([422, false]);
    expect((await (await open(ASKED, BOTH)).app.inject(PATH)).body).toContain('value="card"');
  });

  it('IBANs that are too long for it are named before one is typed, and refused as such', async () => {
    const { app, post } = await open();
    const { body } = await app.inject(PATH);
    expect(body).toContain('account numbers of up to 24 characters');
    expect(body).toMatch(/Cyprus, France, Greece.*Italy.*San Marino/);
    const answer = await post({ 'destination.accountNumber': 'FR1420041010050500013M02606' });
    expect([answer.statusCode, answer.body.includes('IBANs from this country are too long')]).toEqual([422, true]);
    const long = await open(ASKED, { endpoint: { fieldLengths: { accountNumber: 34, bankCode: 3 } } });
    expect((await long.app.inject(PATH)).body).not.toContain('class="limit"');
  });

  it('a country is chosen by its name in the reader’s language', async () => {
    const { app } = await open(ASKED, { endpoint: { requiredFields: ['receiver.country'] } });
    expect((await app.inject(`${PATH}?lang=de`)).body).toContain('<option value="DE">Deutschland</option>');
  });
});

describe('who pays', () => {
  const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
  const BRAND = {
    ...{ name: 'shop', payer: 'Example & Sons', purpose: 'Your sales', tenants: null, endpoints: null },
    ...{ colour: '#0b5d1e', darkColour: null, logo: { ending: 'svg' as const, bytes: SVG } },
  };

  it('is named with purpose, logo and colour, all from our own address', async () => {
    const { app } = await open(ASKED, { brands: [BRAND] });
    const { body } = await app.inject(PATH);
    expect(body).toContain('Example &amp; Sons is paying you');
    expect(body).toContain('<dt>For</dt><dd><bdi>Your sales</bdi></dd>');
    expect(body).toContain('ask Example &amp; Sons, in a way you already know');
    expect(body).not.toContain('Paid through');
    const [icon, style, logo] = [...body.matchAll(/"(\/r\/brand\/[0-9a-f]{16}\.(?:css|svg))"/g)].map(
      ([, path = '']) => path,
    );
    const [css, svg] = await Promise.all([app.inject(style ?? ''), app.inject(logo ?? '')]);
    expect(icon).toBe(logo);
    expect([css?.statusCode, css?.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
    expect(css?.body).toBe(
      ':root{--accent:#0b5d1e}@media(prefers-color-scheme:dark){:root{--accent:var(--accent-dark)}}',
    );
    expect([svg?.headers['content-type'], svg?.body]).toEqual(['image/svg+xml', SVG.toString()]);
    expect(svg?.headers['content-security-policy']).toMatch(/default-src 'none';.* sandbox;/);
    expect((await app.inject('/r/brand/0000000000000000.svg')).statusCode).toBe(404);
  });

  it('of another endpoint is not named', async () => {
    const { app } = await open(ASKED, { brands: [{ ...BRAND, endpoints: ['sepa'] }] });
    expect((await app.inject(PATH)).body).toContain('cp.example.org (default)');
  });

  it('is the one of the tenant before that of the endpoint', async () => {
    const brand = (payer: string, tenants: string[] | null, endpoints: string[] | null) => ({
      ...BRAND,
      payer,
      tenants,
      endpoints,
    });
    const brands = [
      brand('House', null, null),
      brand('Euros', null, ['default']),
      brand('Shops', ['shops'], null),
      brand('Markets', ['markets'], ['default']),
    ];
    const payerOf = async (tenant?: string) => {
      const asked = tenant === undefined ? ASKED : { ...ASKED, tenant };
      const { app } = await open(asked, { brands });
      return /<bdi>(\w+)<\/bdi> is paying|(\w+) is paying you/
        .exec((await app.inject(PATH)).body)
        ?.slice(1)
        .join('');
    };
    expect([await payerOf(), await payerOf('shops'), await payerOf('markets')]).toEqual(['Euros', 'Shops', 'Markets']);
  });

  it('the caller’s own purpose comes first', async () => {
    const request = { ...COLLECTING, purpose: 'Order <42>' };
    const store = makeStore({ read: async () => makeReading(ASKED, { input: { ...INPUT, request } }) });
    const { app } = await makeApp({ store, brands: [BRAND] });
    expect((await app.inject(PATH)).body).toContain('<bdi>Order &lt;42&gt;</bdi>');
  });
});

describe('POST /payouts with collect', () => {
  const BODY = {
    clientOrderId: 'PO-000001',
    amount: '10.50',
    currency: 'EUR',
    description: 'Invoice 42',
    collect: 'receiver',
  };
  const post = async (payload: object, options: Parameters<typeof makeApp>[0] = {}) => {
    const made = await makeApp(options);
    return { ...made, response: await made.app.inject({ method: 'POST', url: '/payouts', payload }) };
  };

  it('starts a payout that waits for its Receiver, with their page, for seven days unless asked otherwise', async () => {
    const { response, store } = await post(BODY);
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({
      state: 'awaiting_details',
      destination: null,
      detailsUntil: '2024-11-29T12:00:00.000Z',
      receiverPage: `${PUBLIC_BASE_URL}${PATH}`,
    });
    const [[input, options] = []] = store.start.mock.calls;
    expect(input?.request).toEqual({ ...COLLECTING, receiver: {} });
    expect(options).toMatchObject({ destinationHash: null, fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const shorter = await post({ ...BODY, expiresIn: '2h' });
    expect(shorter.response.json()).toMatchObject({ detailsUntil: '2024-11-22T14:00:00.000Z' });
  });

  it.each([
    ['destination', { destination: { type: 'bank_account', accountNumber: IBAN } }],
    ['destination', { collect: undefined }],
    ['collect', { collect: 'me' }],
    ['expiresIn', { expiresIn: '31d' }],
    ['expiresIn', { expiresIn: '4m' }],
    ['expiresIn', { expiresIn: 'soon' }],
    ['expiresIn', { expiresIn: 7 }],
    ['expiresIn', { expiresIn: '2h', collect: undefined, destination: { type: 'bank_account', accountNumber: IBAN } }],
  ])('%s is named when it does not fit: %j', async (field, fields) => {
    const { response, store } = await post({ ...BODY, ...fields });
    expect(response.statusCode).toBe(400);
    expect(response.json<{ errors: { field: string }[] }>().errors.map((error) => error.field)).toEqual([field]);
    expect(response.body).not.toContain('0400440532');
    expect(store.start).not.toHaveBeenCalled();
  });

  it('is refused what no Receiver can enter, and what no way of paying has', async () => {
    const missing = await post(BODY, {
      endpoint: { requiredFields: ['purpose', 'destination.bankCode', 'receiver.email'] },
    });
    expect(missing.response.json()).toMatchObject({ errors: [{ field: 'purpose' }] });
    const impossible = await post(BODY, {
      endpoint: { requiredFields: ['destination.bankCode', 'destination.cardHolder'] },
    });
    expect(impossible.response.json()).toMatchObject({ errors: [{ field: 'collect' }] });
  });

  it('again is the same payout; with another time it is another request', async () => {
    const existing = makeReading(ASKED, { input: { ...INPUT, request: { ...COLLECTING, receiver: {} } } });
    const store = () => makeStore({ start: async () => null, read: async () => existing });
    const again = await post(BODY, { store: store() });
    expect([again.response.statusCode, again.response.headers['idempotent-replayed']]).toEqual([200, 'true']);
    const other = await post({ ...BODY, expiresIn: '8d' }, { store: store() });
    expect(other.response.statusCode).toBe(409);
    expect(other.response.json()).toMatchObject({ errors: [{ field: 'expiresIn' }] });
    const paid = await post(
      { ...BODY, collect: undefined, destination: { type: 'bank_account', accountNumber: IBAN } },
      { store: store() },
    );
    expect(paid.response.json<{ errors: { field: string }[] }>().errors.map(({ field }) => field)).toEqual([
      'collect',
      'destination',
      'expiresIn',
    ]);
  });
});

describe('bytes that are no UTF-8', () => {
  const form = (name: string) =>
    Buffer.from(`by=bank_account&destination.accountNumber=${IBAN}&destination.accountName=${name}`, 'latin1');

  it.each(['J%F6rg', 'J\u00f6rg', 'J%ED%A0%80rg', 'J%C3'])(
    'are wrong beside their field, and nothing is taken: %s',
    async (name) => {
      const { app, store } = await open();
      const response = await app.inject({
        ...{ method: 'POST', url: PATH, payload: form(name) },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(response.statusCode).toBe(422);
      expect(response.body).toMatch(/id="destination-accountName"[^>]*aria-invalid="true"/s);
      expect(store.signalDetails).not.toHaveBeenCalled();
    },
  );

  it('are not what a name in UTF-8 is made of', async () => {
    const { store, enter } = await open();
    const response = await enter({ 'destination.accountNumber': IBAN, 'destination.accountName': 'Jörg' });
    expect(response.statusCode).toBe(303);
    expect(store.signalDetails.mock.calls[0]?.[1].destination).toMatchObject({ accountName: 'Jörg' });
  });
});
