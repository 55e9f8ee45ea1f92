import { sumLedger } from '../ledger-sum';

const accepted = (orderId: string, clientOrderId = orderId) => ({
  kind: 'accepted',
  orderId,
  clientOrderId,
  amount: '10.50',
});
const said = (orderId: string, status: string) => ({ kind: 'status', orderId, status, amount: '10.50' });

it('an order counts until the gateway says that it paid nothing, and the most that it ever was is kept', () => {
  const lines = [accepted('1'), accepted('2'), said('1', 'declined'), accepted('3'), said('2', 'approved')];
  expect(sumLedger(lines, 'EUR')).toEqual({ mostMinor: 2_100n, lastMinor: 2_100n, orders: 3, paidTwice: 0 });
  const doubtful = [accepted('1'), said('1', 'unknown'), said('1', 'error'), accepted('2'), said('2', 'filtered')];
  expect(sumLedger(doubtful, 'EUR')).toMatchObject({ mostMinor: 2_100n, lastMinor: 1_050n });
});

it('a payout with two orders is paid twice', () => {
  expect(sumLedger([accepted('1', 'A'), accepted('2', 'A')], 'EUR').paidTwice).toBe(1);
});
