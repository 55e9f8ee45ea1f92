import { compareMoney } from '../../../web/operate/amount.js';

it('the largest comes first, currency by currency, digit by digit, and what has no amount last', () => {
  const money = [
    [null, null],
    ['9.50', 'EUR'],
    ['500', 'JPY'],
    ['10.50', 'EUR'],
    ['90071992547409.93', 'EUR'],
    ['90071992547409.92', 'EUR'],
  ] as const;
  const sorted = money.map(([amount, currency]) => ({ amount, currency })).sort(compareMoney);
  expect(sorted.map(({ amount }) => amount)).toEqual([
    ...['90071992547409.93', '90071992547409.92', '10.50', '9.50', '500'],
    null,
  ]);
});
