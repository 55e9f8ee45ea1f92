import { maskDestination } from '../../src/domain/payout-request';

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
