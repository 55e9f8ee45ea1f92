import type { PayoutRequest } from '../../src/domain/payout-request';
import { isExtraFieldName, toPayoutFields, toStatusFields } from '../../src/gateway/protocol';
import { BANK_PAYOUT } from './samples';

const ADDRESSES = { callbackUrl: 'https://cp.example.org/cb', redirectUrl: 'https://cp.example.org/r' };

test('a field is sent only when it has a value', () => {
  const request: PayoutRequest = {
    ...BANK_PAYOUT,
    description: '',
    receiver: { email: '' },
    extraFields: { sender_city: '' },
  };
  expect([...toPayoutFields(request, { ...ADDRESSES, redirectUrl: null }).keys()].sort()).toEqual(
    ['account_number', 'amount', 'client_orderid', 'currency', 'notify_url', 'server_callback_url'].sort(),
  );
});

test.each([
  ['10.50', 'EUR', '10.5'],
  ['15000000.00', 'IDR', '15000000'],
  ['1000000.000', 'KWD', '1000000'],
  ['500', 'JPY', '500'],
  ['100', 'JPY', '100'],
])('%s %s leaves as %s: the shortest exact form', (amount, currency, sent) => {
  const request = { ...BANK_PAYOUT, amount, currency } as PayoutRequest;
  expect(toPayoutFields(request, ADDRESSES).get('amount')).toBe(sent);
});

test.each([
  'amount',
  'AMOUNT',
  'client_orderid',
  'client-order-id',
  'client-orderid',
  'order_desc',
  'account_number',
  'credit_card_number',
  'cvv2',
  'cvv',
  'CVV_2',
  'card-cvc',
  'cvc2',
  'csc',
  'cid',
  'card_cid',
  'cvn2',
  'securityCode',
  'card_security_code',
  'verification_value',
  'pin',
  'pin_block',
  'track2',
  'track_2_data',
  'first_name',
  'server_callback_url',
  'notify_url',
  'redirect_url',
  'redirect_success_url',
  'redirect_fail_url',
  'oauth_nonce',
  'OAuth-Signature',
  'login',
  'control',
  '__proto__',
  '',
  'a b',
  'a&b',
  '1a',
])('the extra field %j is refused', (name) => {
  expect(isExtraFieldName(name)).toBe(false);
  const extraFields = Object.fromEntries([[name, 'x']]);
  expect(() => toPayoutFields({ ...BANK_PAYOUT, extraFields }, ADDRESSES)).toThrow(RangeError);
});

test('an extra field of an endpoint is sent', () => {
  const fields = toPayoutFields({ ...BANK_PAYOUT, extraFields: { sender_tax_id: '77', 'wallet-id': 'w' } }, ADDRESSES);
  expect([fields.get('sender_tax_id'), fields.get('wallet-id'), fields.get('redirect_url')]).toEqual([
    '77',
    'w',
    ADDRESSES.redirectUrl,
  ]);
});

test('a status request leaves unknown ids out', () => {
  expect([...toStatusFields('cp', { clientOrderId: 'PO-1', orderId: null })]).toEqual([
    ['login', 'cp'],
    ['client_orderid', 'PO-1'],
  ]);
  const all = toStatusFields('cp', { clientOrderId: 'PO-1', orderId: '7', serialNumber: 's' });
  expect([all.get('orderid'), all.get('by-request-sn')]).toEqual(['7', 's']);
});
