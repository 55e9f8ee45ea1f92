import { forgetPersonal, maskDestination, type PayoutRequest } from '../../src/domain/payout-request';

it.each([
  ['DE89370400440532013000', '••••3000'],
  ['12345678', '••••5678'],
  ['1234567', '••••'],
  ['1', '••••'],
])('an account %s is shown as %s', (accountNumber, shown) => {
  expect(maskDestination({ type: 'bank_account', accountNumber })).toBe(shown);
});

it('a card is shown by its last four digits', () => {
  expect(maskDestination({ type: 'card', cardNumber: '4444333322221111' })).toBe('••••1111');
});

it.each([
  ['bank_account', { type: 'bank_account', accountNumber: 'DE89370400440532013000', bankName: 'MARKER' }, '••••3000'],
  ['card', { type: 'card', cardNumber: '4444333322221111', cardHolder: 'MARKER', expiryYear: '2031' }, '••••1111'],
] as const)('what is forgotten of a payout to a %s', (_type, destination, masked) => {
  const request = {
    clientOrderId: 'PO-1',
    endpoint: 'sepa',
    amount: '10.50',
    currency: 'EUR',
    description: 'MARKER',
    purpose: 'MARKER',
    receiver: { firstName: 'MARKER' },
    destination,
    extraFields: { sender: 'MARKER' },
  } as unknown as PayoutRequest;
  const left = forgetPersonal(request);
  expect(left).toEqual({
    clientOrderId: 'PO-1',
    endpoint: 'sepa',
    amount: '10.50',
    currency: 'EUR',
    receiver: {},
    destination: { type: destination.type, [destination.type === 'card' ? 'cardNumber' : 'accountNumber']: masked },
    extraFields: {},
  });
  expect(forgetPersonal(left)).toEqual(left);
});
