import { createEndpointDirectory } from '../../src/api/endpoints';
import { payoutBody, toPayoutRequest } from '../../src/api/payouts/schemas';
import { LOCAL } from '../../src/api/plugins/callers';
import { Problem } from '../../src/api/plugins/errors';
import type { EndpointConfig } from '../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../src/config/endpoint';
import type { CurrencyCode } from '../../src/domain/currencies';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { fingerprintOf } from '../../src/store/fingerprint';
import { REQUEST, START_MS } from '../domain/samples';

const ENDPOINT: EndpointConfig = {
  name: 'sepa',
  baseUrl: 'https://sandbox.example.com/paynet',
  target: { kind: 'endpoint', id: '1144' },
  login: 'cp-demo',
  controlKey: 'SECRET-CONTROL-KEY-1',
  olderControlKeys: ['SECRET-CONTROL-KEY-0'],
  privateKeyPem: '',
  statusApi: 'v2',
  replyFormat: 'form',
  currencies: ['EUR'],
  extraFields: [],
  requiredFields: [],
  pollPlan: null,
  ratePerSecond: null,
  ...ENDPOINT_DEFAULTS,
  redirectHosts: null,
};
const PLAN = [{ everyMs: 1_000, untilMs: 60_000 }] as const;
const USD = { ...ENDPOINT, name: 'dollars', currencies: ['USD'], olderControlKeys: [], pollPlan: PLAN };
const ANY = { ...ENDPOINT, name: 'any', currencies: null };

const directory = (...endpoints: EndpointConfig[]) =>
  createEndpointDirectory({
    endpoints,
    policy: DEFAULT_POLICY,
    publicBaseUrl: 'https://cp.example.org',
    receiverLinkKeys: ['k'],
  });
const BY = { caller: LOCAL, atMs: START_MS };
const dollars = { ...REQUEST, currency: 'USD' as CurrencyCode };

function refusalOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return [error.code, ...error.errors.map(({ field }) => field)];
    throw error;
  }
  return null;
}

describe('which endpoint pays', () => {
  it.each([
    ['the first with the currency', [ENDPOINT, USD, ANY], REQUEST, 'sepa'],
    ['the first with the currency', [ENDPOINT, USD, ANY], dollars, 'dollars'],
    ['one without a list takes all', [ENDPOINT, ANY, USD], dollars, 'any'],
    ['the named one, not the first', [ENDPOINT, USD, ANY], { ...REQUEST, endpoint: 'any' }, 'any'],
  ])('%s', (_what, endpoints, request, name) => {
    expect(directory(...endpoints).prepare(request, BY)).toMatchObject({
      input: { endpoint: name },
      fieldErrors: [],
    });
  });

  it.each([
    ['no endpoint has the currency', dollars, 'currency'],
    ['the named endpoint has not', { ...dollars, endpoint: 'sepa' }, 'currency'],
    ['nobody knows the named endpoint', { ...REQUEST, endpoint: 'elsewhere' }, 'endpoint'],
  ])('none when %s', (_what, request, field) => {
    expect(refusalOf(() => directory(ENDPOINT).prepare(request, BY))).toEqual(['invalid_request', field]);
  });

  it('the choice, its plan and its addresses are part of the input', () => {
    expect(directory(ENDPOINT, USD).prepare(dollars, BY).input).toEqual({
      request: dollars,
      endpoint: 'dollars',
      acceptedAtMs: START_MS,
      policy: { ...DEFAULT_POLICY, pollPlan: PLAN },
      callbackUrl: 'https://cp.example.org/callbacks/dollars',
      redirectUrl: expect.stringMatching(/^https:\/\/cp\.example\.org\/r\/PO-000001~[0-9a-z]+~[\w-]{22}\/return$/),
    });
    expect(directory(ENDPOINT).prepare(REQUEST, BY).input.policy).toEqual(DEFAULT_POLICY);
  });
});

describe('what an endpoint requires', () => {
  const strict = {
    ...ENDPOINT,
    requiredFields: ['receiver.email', 'receiver.firstName', 'destination.bankCode', 'purpose', 'description'],
    extraFields: [{ name: 'sender_name', required: true, maxLength: 3 }],
  };

  it('every missing field is named, as the caller would write it', () => {
    const { fieldErrors } = directory(strict).prepare(REQUEST, BY);
    expect(fieldErrors.map(({ field }) => field)).toEqual([
      'receiver.email',
      'destination.bankCode',
      'purpose',
      'extraFields.sender_name',
    ]);
  });

  it('a field that only another kind of destination has is missing too', () => {
    const card = { ...REQUEST, destination: { type: 'card', cardNumber: '4444333322221111' } as const };
    const { fieldErrors } = directory({ ...ENDPOINT, requiredFields: ['destination.bankCode'] }).prepare(card, BY);
    expect(fieldErrors.map(({ field }) => field)).toEqual(['destination.bankCode']);
  });
});

it('callbacks are checked with the keys of their endpoint route, older ones too', () => {
  const { controlKeysOf } = directory(ENDPOINT, USD);
  expect(controlKeysOf('sepa')).toEqual(['SECRET-CONTROL-KEY-1', 'SECRET-CONTROL-KEY-0']);
  expect(controlKeysOf('dollars')).toEqual(['SECRET-CONTROL-KEY-1']);
  expect(controlKeysOf('elsewhere')).toBeNull();
});

describe('the body’s endpoint', () => {
  const body = {
    clientOrderId: 'PO-1',
    amount: '10.50',
    currency: 'EUR',
    destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
  };
  const fingerprint = (fields: object) =>
    fingerprintOf(toPayoutRequest(payoutBody.parse({ ...body, ...fields })), 'key');

  it('counts when it was named, and a body without it is the same request again', () => {
    expect(fingerprint({})).toBe(fingerprint({}));
    expect(fingerprint({ endpoint: 'sepa' })).toBe(fingerprint({ endpoint: 'sepa' }));
    expect(new Set([{}, { endpoint: 'sepa' }, { endpoint: 'usd' }].map(fingerprint)).size).toBe(3);
  });

  it.each(['', 'Sepa', '1a', 'a/b', 'a'.repeat(33), 7])('%p is refused', (endpoint) => {
    const parsed = payoutBody.safeParse({ ...body, endpoint });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['endpoint']]);
  });
});

it.each([
  [[], undefined],
  [[{ endpoints: null }], true],
  [[{ endpoints: ['sepa'] }], true],
  [[{ endpoints: ['dollars'] }], undefined],
  [[{ endpoints: ['dollars'] }, { endpoints: ['sepa'] }], true],
])('a payout is told of when somebody hears of its endpoint: %j', (subscribers, notify) => {
  const { prepare } = createEndpointDirectory({
    ...{ endpoints: [ENDPOINT], policy: DEFAULT_POLICY, publicBaseUrl: 'https://cp.example.org' },
    ...{ receiverLinkKeys: ['k'], subscribers: subscribers.map((each) => ({ tenant: 'default', ...each })) },
  });
  expect(prepare(REQUEST, BY).input.notify).toBe(notify);
});

describe('the tenant of a payout', () => {
  const prepareFor = (tenant: string, endpoints: readonly string[] | null = null, request: object = REQUEST) =>
    createEndpointDirectory({
      ...{ endpoints: [ENDPOINT, USD, ANY], policy: DEFAULT_POLICY, publicBaseUrl: 'https://cp.example.org' },
      ...{ receiverLinkKeys: ['k'], subscribers: [{ tenant: 'shops', endpoints: null }] },
    }).prepare(request as typeof REQUEST, { caller: { tenant, endpoints }, atMs: START_MS }).input;

  it('is its caller’s; the default is not stored', () => {
    expect(prepareFor('shops')).toMatchObject({ tenant: 'shops', notify: true });
    expect(prepareFor('default')).not.toHaveProperty('tenant');
    // A subscriber of another tenant hears nothing.
    expect(prepareFor('default')).not.toHaveProperty('notify');
  });

  it('a key with endpoints pays over the first of them that takes the currency, and over no other', () => {
    expect(prepareFor('shops', ['any', 'dollars']).endpoint).toBe('any');
    expect(refusalOf(() => prepareFor('shops', ['dollars']))).toEqual(['invalid_request', 'currency']);
    for (const endpoint of ['sepa', 'unknown'])
      expect(refusalOf(() => prepareFor('shops', ['any'], { ...REQUEST, endpoint }))).toEqual([
        'invalid_request',
        'endpoint',
      ]);
  });
});

describe('lengths that gateways differ in', () => {
  const withBank = (accountNumber: string, bankCode = '123') => ({
    ...REQUEST,
    destination: { type: 'bank_account' as const, accountNumber, bankCode },
  });
  const FRENCH = 'FR1420041010050500013M02606';
  const long = { ...ENDPOINT, fieldLengths: { accountNumber: 34, bankCode: 11 } };
  const errorsOf = (endpoint: EndpointConfig, request: ReturnType<typeof withBank>) =>
    directory(endpoint).prepare(request, BY).fieldErrors;

  it('by the old tables an account number has 24 characters and a bank code 3, and the error says so', () => {
    expect(errorsOf(ENDPOINT, withBank('D'.repeat(24)))).toEqual([]);
    expect(errorsOf(ENDPOINT, withBank(FRENCH, '1234'))).toEqual([
      { field: 'destination.accountNumber', expected: 'at most 24 characters, the limit of this endpoint' },
      { field: 'destination.bankCode', expected: 'at most 3 characters, the limit of this endpoint' },
    ]);
  });

  it('an endpoint that takes more is given more, and no more than that', () => {
    expect(errorsOf(long, withBank(FRENCH, 'BNPAFRPPXXX'))).toEqual([]);
    expect(errorsOf(long, withBank('D'.repeat(35), '1'.repeat(12)))).toEqual([
      { field: 'destination.accountNumber', expected: 'at most 34 characters, the limit of this endpoint' },
      { field: 'destination.bankCode', expected: 'at most 11 characters, the limit of this endpoint' },
    ]);
    expect(directory(long).formRulesOf('sepa').fieldLengths).toEqual({ accountNumber: 34, bankCode: 11 });
    expect(directory(long).formRulesOf('elsewhere')).toMatchObject({
      fieldLengths: { accountNumber: 24, bankCode: 3 },
      collect: ['bank_account'],
    });
  });

  it('the API takes what some endpoint may take, and names of extra fields with capitals and dots', () => {
    const body = { clientOrderId: 'PO-1', amount: '10.50', currency: 'EUR', extraFields: { 'Sender.Account-1': 'x' } };
    const parse = (accountNumber: string) =>
      payoutBody.safeParse({ ...body, destination: { type: 'bank_account', accountNumber } }).success;
    expect([FRENCH, '1a'.repeat(32), '1a'.repeat(33)].map(parse)).toEqual([true, true, false]);
    const named = { ...REQUEST, extraFields: { 'Sender.Account-1': 'x' } };
    const endpoint = { ...ENDPOINT, extraFields: [{ name: 'Sender.Account-1', required: true, maxLength: 3 }] };
    expect(directory(endpoint).prepare(named, BY).fieldErrors).toEqual([]);
    expect(directory(endpoint).prepare(REQUEST, BY).fieldErrors).toEqual([
      { field: 'extraFields.Sender.Account-1', expected: 'a value: this endpoint requires it' },
    ]);
  });
});

it('what an endpoint calls a payout goes to who reads its callbacks', () => {
  expect(directory({ ...ENDPOINT, payoutTypes: ['payout'] }).payoutTypesOf('sepa')).toEqual(['payout']);
  expect(directory(ENDPOINT).payoutTypesOf('elsewhere')).toEqual([]);
});
