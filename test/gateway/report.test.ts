import { toOrderId } from '../../src/domain/ids';
import { redactText } from '../../src/gateway/redact';
import { decodeReply } from '../../src/gateway/reply';
import { toPollReport, toReason, toReasonOrNull } from '../../src/gateway/report';
import { wireForm } from './samples';

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

const readReport = (changes: Record<string, string> = {}, hosts: readonly string[] | null = null) =>
  toPollReport(decodeReply(Buffer.from(wireForm({ ...FIELDS, ...changes })), 'form'), toOrderId('6768788'), hosts);

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

test('an unsafe redirect is dropped and the report stays', () => {
  const url = 'https://sandbox.example.com/f';
  expect(readReport({ status: 'processing', 'redirect-to': url }).redirectTo).toBe(url);
  expect(readReport({ status: 'processing', 'redirect-to': url }, ['other.example']).redirectTo).toBeNull();
  expect(readReport({ status: 'processing', 'redirect-to': 'javascript:1' })).toMatchObject({
    status: 'processing',
    redirectTo: null,
  });
});

test('a reversal is not about the payout', () => {
  expect(readReport({ 'transaction-type': 'reversal' }).subject).toBe('post_payout_event');
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
