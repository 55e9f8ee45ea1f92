import { openLedger } from '../../../simulator/orders/ledger';
import type { AcceptedEntry } from '../../../simulator/orders/ledger-entry';
import { createOrderBook } from '../../../simulator/orders/order-book';
import { makeLedgerPath } from '../connecting-party';

const entry = (orderId: string): AcceptedEntry => ({
  kind: 'accepted',
  orderId,
  clientOrderId: 'PO-1',
  endpointId: '1144',
  serialNumber: 'sn',
  amount: '10.50',
  currency: 'EUR',
  scenario: 'approved',
  declineCode: '116',
  serverCallbackUrl: null,
  notifyUrl: null,
  redirectUrl: null,
  redirectSuccessUrl: null,
  redirectFailUrl: null,
  formToken: 'token',
  visibleAtMs: 0,
  settings: {},
});

test('decisions about one order see each other, and a new book has the same', async () => {
  const file = makeLedgerPath();
  const ledger = await openLedger(file.path, Date.now);
  const book = createOrderBook(ledger);
  const order = await book.accept(entry(book.nextOrderId()));
  const decide = (choice: 'submitted' | 'refused') =>
    book.commit(order.orderId, (current) =>
      current.form === 'submitted' || current.form === 'refused'
        ? null
        : { kind: 'form', orderId: current.orderId, choice },
    );
  await Promise.all([decide('submitted'), decide('refused'), decide('refused')]);
  expect(book.get(order.orderId)?.form).toBe('submitted');
  expect(ledger.entries).toHaveLength(2);
  await ledger.close();

  const again = await openLedger(file.path, Date.now);
  const rebuilt = createOrderBook(again);
  expect(rebuilt.get(order.orderId)).toEqual(book.get(order.orderId));
  expect(BigInt(rebuilt.nextOrderId())).toBe(BigInt(order.orderId) + 1n);
  await again.close();
  file.remove();
});

test('a decision that throws leaves the order usable', async () => {
  const file = makeLedgerPath();
  const ledger = await openLedger(file.path, Date.now);
  const book = createOrderBook(ledger);
  const { orderId } = await book.accept(entry(book.nextOrderId()));
  const failing = book.commit(orderId, () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect((await book.commit(orderId, () => ({ kind: 'form', orderId, choice: 'refused' }))).form).toBe('refused');
  await expect(book.commit('1', () => null)).rejects.toThrow('no such order');
  await ledger.close();
  file.remove();
});
