import type { Pair } from '../../../simulator/wire/form';
import { checkPayoutFields, formatAmount, setAmountAttention } from '../../../simulator/wire/payout-fields';

const VALID = { client_orderid: 'PO-1', amount: '10.50', currency: 'EUR', account_number: 'DE00' };
const check = (more: Record<string, string>) => checkPayoutFields(Object.entries({ ...VALID, ...more }));

test('takes a bank payout, a card payout, unknown extra fields and empty optional ones', () => {
  expect(check({ tax_id: 'x'.repeat(500), email: '' }).valid).toBe(true);
  expect(check({ account_number: '', credit_card_number: '4444333322221111' }).valid).toBe(true);
});

test('takes the dashed alias of the order id', () => {
  const { client_orderid: id, ...rest } = VALID;
  const verdict = checkPayoutFields([...Object.entries(rest), ['client-order-id', id]]);
  expect(verdict.valid && verdict.fields.get('client_orderid')).toBe('PO-1');
});

test.each<[string, string]>([
  ['client_orderid', ''],
  ['client_orderid', 'x'.repeat(129)],
  ['amount', ''],
  ['amount', '0.00'],
  ['amount', '-1'],
  ['amount', '1e3'],
  ['amount', '12345678.90'],
  ['currency', 'eur'],
  ['order_desc', 'x'.repeat(65)],
  ['ipaddress', '300.1.1.1'],
  ['server_callback_url', 'ftp://x'],
  ['server_callback_url', `https://x/${'y'.repeat(120)}`],
  ['account_number', '1'.repeat(25)],
  ['account_number', ''],
  ['bank_code', '1234'],
  ['credit_card_number', '4444x'],
  ['expire_month', '13'],
  ['birthday', '1990'],
])('refuses %s = %j', (field, value) => {
  expect(check({ [field]: value })).toMatchObject({ valid: false, field });
});

test('lengths count characters, not code units', () => {
  expect(check({ order_desc: '😀'.repeat(64) }).valid).toBe(true);
});

test('refuses a repeated name, also through the alias', () => {
  const pairs: Pair[] = [...Object.entries(VALID), ['client-order-id', 'PO-2']];
  expect(checkPayoutFields(pairs)).toMatchObject({ valid: false, field: 'repeated' });
});

test('a reason never repeats the value', () => {
  const verdict = check({ account_number: 'SECRET-ACCOUNT-NUMBER-1234567' });
  expect(JSON.stringify(verdict)).not.toContain('SECRET');
});

test.each([
  ['10', '10.00'],
  ['10.5', '10.50'],
  ['1.234', '1.234'],
])('formatAmount(%s)', (amount, expected) => {
  expect(formatAmount(amount)).toBe(expected);
});

test('setAmountAttention adds one unit', () => {
  expect(setAmountAttention('99.95')).toBe('100.95');
});
