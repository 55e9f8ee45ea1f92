import { readLedgerLines } from '../ledger-file';

const accepted = (orderId: string, clientOrderId: string) => ({
  kind: 'accepted',
  orderId,
  clientOrderId,
  amount: '1.00',
});

test('an order is what its last status says, with the amount of that status', () => {
  const { orders } = readLedgerLines([
    accepted('7', 'X-1'),
    { kind: 'status', orderId: '7', status: 'unknown', amount: '1.00' },
    { kind: 'status', orderId: '7', status: 'approved', amount: '2.00' },
  ]);
  expect(orders).toEqual([{ orderId: '7', clientOrderId: 'X-1', amount: '2.00', status: 'approved', isFinal: true }]);
});

test('an order without a status is not final, and two orders of one payout stay two', () => {
  const { orders } = readLedgerLines([accepted('7', 'X-1'), accepted('8', 'X-1')]);
  expect(orders.map(({ orderId, isFinal }) => [orderId, isFinal])).toEqual([
    ['7', false],
    ['8', false],
  ]);
});

test('answers to callbacks are counted by status, none among them', () => {
  const answer = (httpStatus: number | null) => ({ kind: 'callback_answer', orderId: '7', httpStatus });
  const { callbackAnswers } = readLedgerLines([accepted('7', 'X-1'), answer(200), answer(null), answer(200)]);
  expect([...callbackAnswers]).toEqual([
    ['200', 2],
    ['none', 1],
  ]);
});
