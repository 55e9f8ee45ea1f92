import { toOrderId } from '../../src/domain/ids';
import { GatewayError } from '../../src/gateway/errors';
import { decodeReply } from '../../src/gateway/reply';
import { toPollReport, toReason, toReasonOrNull, toSafeRedirect } from '../../src/gateway/report';
import { PAYOUT_TYPES, wireForm } from './samples';

const FIELDS = {
  type: 'status-response',
  'serial-number': '00000000-0000-0000-0000-000002d9b255',
  'merchant-order-id': 'PO-000001',
  'paynet-order-id': '6768788',
  status: 'declined',
  amount: '10.50',
  currency: 'EUR',
  'transaction-type': 'payout',
  'processor-tx-id': 'PNTEST-6768788',
  'order-stage': 'payout_declined',
  'error-message': 'Decline, not sufficient funds',
  'error-code': '116',
  name: 'JANE DOE',
  email: 'jane@example.org',
  phone: '+371 20000000',
  'first-name': 'Jane',
  bin: '444433',
  'last-four-digits': '2222',
  'cardholder-name': 'JANE DOE',
  html: '<p>jane@example.org</p>',
};

function readReport(changes: Record<string, string> = {}, redirectHosts: readonly string[] | null = null) {
  const body = Buffer.from(wireForm({ ...FIELDS, ...changes }));
  const rest = {
    stage: 'answered',
    statusCode: 200,
    dateMs: Number.NaN,
    contentEncoding: '',
    mayBeCut: false,
  } as const;
  const reply = decodeReply({ ...rest, body }, 'form');
  return toPollReport(reply, toOrderId('6768788'), { redirectHosts, payoutTypes: PAYOUT_TYPES });
}

test('only the fields of a report are taken over', () => {
  expect(readReport()).toEqual({
    source: 'poll',
    status: 'declined',
    statusText: 'declined',
    subject: 'payout',
    transactionType: 'payout',
    orderId: '6768788',
    amount: '10.50',
    currency: 'EUR',
    stage: 'payout_declined',
    serialNumber: '00000000-0000-0000-0000-000002d9b255',
    redirectTo: null,
    reason: { code: '116', message: 'Decline, not sufficient funds' },
    processorTxId: 'PNTEST-6768788',
  });
});

test('an unlisted word is kept beside its status, lower-cased and cut', () => {
  expect(readReport({ status: 'APPROVED' })).toMatchObject({ status: 'unlisted', statusText: 'approved' });
  expect(readReport({ status: 'x'.repeat(100) }).statusText).toBe('x'.repeat(64));
});

test('blanks around a value and the case of a currency say nothing; a comma in an amount stays', () => {
  expect(
    readReport({ status: 'approved ', amount: ' 10.50', currency: 'eur', 'transaction-type': 'payout ' }),
  ).toMatchObject({
    status: 'approved',
    amount: '10.50',
    currency: 'EUR',
    subject: 'payout',
    transactionType: 'payout',
  });
  expect(readReport({ amount: '10,50' }).amount).toBe('10,50');
});

test.each(['amount', 'currency', 'transaction-type'])('a %s that is too long is not cut to another one', (name) => {
  const value = `${String(FIELDS[name as 'amount'])}${'0'.repeat(64)}1`;
  expect(() => readReport({ [name]: value })).toThrow(new GatewayError('unreadable'));
});

test('an error text that cannot be decoded is left out, and the report stays', () => {
  const body = Buffer.from(
    wireForm({ ...FIELDS, 'error-message': 'x' }).replace('error-message=x', 'error-message=100%'),
  );
  const rest = {
    stage: 'answered',
    statusCode: 200,
    dateMs: Number.NaN,
    contentEncoding: '',
    mayBeCut: false,
  } as const;
  const report = toPollReport(decodeReply({ ...rest, body }, 'form'), null, {
    redirectHosts: null,
    payoutTypes: PAYOUT_TYPES,
  });
  expect(report).toMatchObject({ status: 'declined', reason: { code: '116', message: null } });
});

test('an unsafe redirect is dropped, and the report stays and says so', () => {
  const url = 'https://sandbox.example.com/f';
  expect(readReport({ status: 'processing', 'redirect-to': url }).redirectTo).toBe(url);
  expect(readReport({ status: 'processing', 'redirect-to': url })).not.toHaveProperty('isLinkUnusable');
  for (const [link, hosts] of [
    [url, ['other.example']],
    ['javascript:1', null],
  ] as const) {
    expect(readReport({ status: 'processing', 'redirect-to': link }, hosts)).toMatchObject({
      status: 'processing',
      redirectTo: null,
      isLinkUnusable: true,
    });
  }
});

test('a reversal is not about the payout', () => {
  expect(readReport({ 'transaction-type': 'reversal' }).subject).toBe('post_payout_event');
  expect(readReport({ 'transaction-type': 'sale' }).subject).toBe('other_transaction');
});

test('reasons', () => {
  expect(toReasonOrNull('', '')).toBeNull();
  expect(toReason('', '')).toEqual({ code: null, message: null });
  expect(toReasonOrNull('1', '')).toEqual({ code: '1', message: null });
});

const shown = (text: string) => toReason('', text).message;

test.each([
  ['card 4444333322221111 refused', 'card •••• refused'],
  ['card 4444 3333 2222 1111 refused', 'card •••• refused'],
  ['card 4444-3333-2222-1111', 'card ••••'],
  ['account DE89370400440532013000 closed', 'account •••• closed'],
  ['account DE89 3704 0044 0532 0130 00', 'account ••••'],
  ['mail jane.doe@example.org bounced', 'mail •••• bounced'],
  ['order 6768788 failed with 116', 'order 6768788 failed with 116'],
  ['two\r\nlines\0', 'two  lines '],
])('%s is shown as %s', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

test('a reason is at most 256 characters and never ends in half a character', () => {
  expect(shown('é'.repeat(300))).toHaveLength(256);
  expect(shown(`${'a'.repeat(255)}😀`)).toBe('a'.repeat(255));
});

test('bounds: what is just short enough stays whole, what is absent is null', () => {
  expect(readReport({ amount: '1'.repeat(64) }).amount).toBe('1'.repeat(64));
  expect(readReport({ amount: '', 'order-stage': '' })).toMatchObject({ amount: null, stage: null });
  expect(shown('é'.repeat(256))).toBe('é'.repeat(256));
  expect(shown(`😀${'é'.repeat(300)}`)).toBe(`😀${'é'.repeat(254)}`);
  expect(toReason('null', 'null')).toEqual({ code: null, message: null });
  expect(toReasonOrNull('', 'x')).toEqual({ code: null, message: 'x' });
  const link = `https://g.example/${'a'.repeat(2_030)}`;
  expect([link.length, toSafeRedirect(link, null)]).toEqual([2_048, link]);
  expect(toSafeRedirect('https://:secret@g.example/', null)).toBeNull();
});

test.each(['error-code', 'error-message'])('a reply that ends within its %s is unreadable', (last) => {
  const { [last as 'error-code']: value, ...rest } = FIELDS;
  const body = Buffer.from(wireForm({ ...rest, [last]: value }).trimEnd());
  const state = {
    stage: 'answered',
    statusCode: 200,
    dateMs: Number.NaN,
    contentEncoding: '',
    mayBeCut: false,
  } as const;
  const reply = decodeReply({ ...state, body }, 'form');
  expect(() => toPollReport(reply, null, { redirectHosts: null, payoutTypes: PAYOUT_TYPES })).toThrow(
    new GatewayError('unreadable'),
  );
});

describe('redirects', () => {
  const SAFE = 'https://sandbox.example.com/paynet/form/redirect/6768788/1xntDsxIkbphQI-EXriKF0';

  test.each([
    SAFE,
    'https://g.example/?a=b&c=%20#x',
    'http://127.0.0.1:8080/form',
    'http://localhost/form',
    'http://[::1]:1/form',
  ])('%s is safe', (url) => {
    expect(toSafeRedirect(url, null)).toBe(url);
  });

  test.each([
    '',
    'http://sandbox.example.com/form',
    '//evil.example/form',
    '/form',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example',
    'https:\\\\evil.example',
    'https://evil.example\\@sandbox.example.com/',
    'https://user@evil.example/',
    'https://user:secret@evil.example/',
    'https://sandbox.example.com@evil.example/',
    'https://exаmple.com/',
    'https://g.example/é',
    'https://g.example/a b',
    ' https://g.example/',
    'https://g.example/"x',
    'https://g.example/<x>',
    'https://',
    'https://:443/',
    'javascript:alert(1)',
    'JavaScript:alert(1)//https://g.example',
    'data:text/html,x',
    'ftp://g.example/',
    'file:///etc/passwd',
    'http://127.0.0.1.evil.example/',
    'http://localhost.evil.example/',
    'http://0.0.0.0/',
    `https://g.example/${'a'.repeat(2_048)}`,
  ])('%s is refused', (url) => {
    expect(toSafeRedirect(url, null)).toBeNull();
  });

  test('no control, blank or non-ASCII byte passes at any position', () => {
    const bad = [...Array(256).keys()]
      .filter((code) => code <= 0x20 || code >= 0x7f)
      .map((code) => String.fromCharCode(code));
    expect(bad).toHaveLength(162);
    const urls = bad.flatMap((char) => [
      `${char}${SAFE}`,
      `https:${char}//g.example/`,
      `https://g.exa${char}mple/`,
      `${SAFE}${char}x`,
      `${SAFE}${char}`,
    ]);
    expect(urls.filter((url) => toSafeRedirect(url, null) !== null)).toEqual([]);
  });

  test('a list of hosts is exact', () => {
    const hosts = ['sandbox.example.com', 'g.example:8443'];
    expect(toSafeRedirect(SAFE, hosts)).toBe(SAFE);
    expect(toSafeRedirect('https://SANDBOX.example.com/x', hosts)).toBe('https://sandbox.example.com/x');
    expect(toSafeRedirect('https://g.example:8443/x', hosts)).toBe('https://g.example:8443/x');
    for (const url of [
      'https://g.example/x',
      'https://sandbox.example.com.evil.example/',
      'https://evil.sandbox.example.com/',
    ]) {
      expect(toSafeRedirect(url, hosts)).toBeNull();
    }
    expect(toSafeRedirect(SAFE, [])).toBeNull();
  });
});
