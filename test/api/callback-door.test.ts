import { createCallbackDoor } from '../../src/api/callback-door';
import { TemporalUnavailable } from '../../src/api/temporal-unavailable';
import { CLIENT_ORDER_ID, makeCallback, makeFinal, OTHER_ORDER_ID, START_MS } from '../domain/samples';
import { INPUT, makeDesk, makeReading } from './app-harness';

const callback = (fields: Parameters<typeof makeCallback>[0] = {}) => ({
  endpoint: 'default',
  clientOrderId: CLIENT_ORDER_ID,
  report: makeCallback({ status: 'approved', ...fields }),
});

it.each([
  ['another status', callback({ status: 'declined' })],
  ['another order', callback({ orderId: OTHER_ORDER_ID })],
  ['another type', callback({ transactionType: 'reversal' })],
  ['another endpoint', { ...callback(), endpoint: 'second' }],
])('%s is no repeat', async (_name, other) => {
  const desk = makeDesk();
  const door = createCallbackDoor(desk, () => START_MS);
  expect(await door.deliver(callback())).toBe('signalled');
  expect(await door.deliver(callback())).toBe('repeated');
  expect(await door.deliver(other)).toBe('signalled');
  expect(desk.signalCallback).toHaveBeenCalledTimes(2);
});

it('an amount that changed makes no new one: it is not signed', async () => {
  const desk = makeDesk();
  const door = createCallbackDoor(desk, () => START_MS);
  await door.deliver(callback());
  expect(await door.deliver(callback({ amount: '99.99' }))).toBe('repeated');
});

it('remembers nothing it could not store', async () => {
  const desk = makeDesk({
    signalCallback: async () => {
      throw new TemporalUnavailable();
    },
  });
  const door = createCallbackDoor(desk, () => START_MS);
  await expect(door.deliver(callback())).rejects.toBeInstanceOf(TemporalUnavailable);
  await expect(door.deliver(callback())).rejects.toBeInstanceOf(TemporalUnavailable);
  expect(desk.signalCallback).toHaveBeenCalledTimes(2);
});

it('remembers a bounded number, the latest', async () => {
  const desk = makeDesk();
  const door = createCallbackDoor(desk, () => START_MS);
  const nth = (index: number) => ({ ...callback(), endpoint: `e${index}` });
  for (let index = 0; index <= 10_000; index += 1) await door.deliver(nth(index));
  expect(await door.deliver(nth(10_000))).toBe('repeated');
  expect(await door.deliver(nth(1))).toBe('repeated');
  expect(await door.deliver(nth(0))).toBe('signalled');
});

it('of another endpoint than the payout’s never agrees with it', async () => {
  const desk = makeDesk({ signalCallback: async () => false, read: async () => makeReading(makeFinal('approved')) });
  const door = createCallbackDoor(desk, () => START_MS);
  expect(await door.deliver(callback())).toBe('agrees');
  expect(await door.deliver({ ...callback(), endpoint: 'second' })).toBe('kept_late');
});

it('writes known words of the gateway into an id, and only a hash of any other', async () => {
  const desk = makeDesk({ signalCallback: async () => false });
  const door = createCallbackDoor(desk, () => START_MS);
  await door.deliver(
    callback({ status: 'unlisted', statusText: `a:b/../é ${'x'.repeat(60)}`, transactionType: null, orderId: null }),
  );
  await door.deliver(callback({ transactionType: 'Reversal' }));
  await door.deliver(callback({ transactionType: 'DE89370400440532013000' }));
  await door.deliver(callback({ transactionType: 'Jane Doe' }));
  const ids = desk.keepStray.mock.calls.map(([, id]) => id);
  expect(ids).toEqual([
    expect.stringMatching(/^orphan:PO-000001:none:none:other-[0-9a-f]{12}$/),
    'orphan:PO-000001:6768788:reversal:approved',
    expect.stringMatching(/^orphan:PO-000001:6768788:other-[0-9a-f]{12}:approved$/),
    expect.stringMatching(/^orphan:PO-000001:6768788:other-[0-9a-f]{12}:approved$/),
  ]);
  expect(new Set(ids).size).toBe(4);
});

it('a late callback carries what subscribers are told of it, where there are any', async () => {
  const announcementsOf = async (notify: object) => {
    const reading = makeReading(makeFinal('approved'), { input: { ...INPUT, ...notify } });
    const desk = makeDesk({ signalCallback: async () => false, read: async () => reading });
    await createCallbackDoor(desk, () => START_MS).deliver(
      callback({ subject: 'post_payout_event', transactionType: 'reversal' }),
    );
    return desk.keepStray.mock.calls.map(([, workflowId, { announcement }]) => [
      announcement?.late?.workflowId,
      workflowId,
    ]);
  };
  const workflowId = 'late:PO-000001:6768788:reversal:approved';
  expect(await announcementsOf({ notify: true })).toEqual([[workflowId, workflowId]]);
  expect(await announcementsOf({})).toEqual([[undefined, workflowId]]);
});
