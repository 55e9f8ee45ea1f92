import { toOrderId } from '../../src/domain/ids';
import { GatewayError } from '../../src/gateway/errors';
import { redactText } from '../../src/gateway/redact';
import { decodeReply } from '../../src/gateway/reply';
import { toPollReport, toReason, toReasonOrNull } from '../../src/gateway/report';
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

test.each([
  ['card 4444333322221111 refused', 'card •••• refused'],
  ['card 4444 3333 2222 1111 refused', 'card •••• refused'],
  ['card 4444-3333-2222-1111', 'card ••••'],
  ['account DE89370400440532013000 closed', 'account •••• closed'],
  ['account DE89 3704 0044 0532 0130 00', 'account ••••'],
  ['mail jane.doe@example.org bounced', 'mail •••• bounced'],
  ['order 6768788 failed with 116', 'order 6768788 failed with 116'],
  ['two\r\nlines\0', 'two  lines '],
])('%s is shown as %s', (text, shown) => {
  expect(redactText(text)).toBe(shown);
});

test('a reason is at most 256 characters and never ends in half a character', () => {
  expect(redactText('é'.repeat(300))).toHaveLength(256);
  expect(redactText(`${'a'.repeat(255)}😀`)).toBe('a'.repeat(255));
});
