import { createReturnHint } from '../../../src/api/receiver/receiver-return';
import { toClientOrderId } from '../../../src/domain/ids';
import { TemporalUnavailable } from '../../../src/store/errors';
import { CLIENT_ORDER_ID, makeFinal, makeFollowed, makePayout, START_MS } from '../../domain/samples';
import { makeReading, makeStore } from '../app-harness';

const open = { read: async () => makeReading(makeFollowed()) };

it('a hundred returns at once are one signal, and the next one counts a quarter of a minute later', async () => {
  const store = makeStore(open);
  let nowMs = START_MS;
  const hint = createReturnHint(store, () => nowMs);
  await Promise.all(Array.from({ length: 100 }, () => hint(CLIENT_ORDER_ID)));
  nowMs += 14_999;
  await hint(CLIENT_ORDER_ID);
  expect(store.signalReturn).toHaveBeenCalledTimes(1);
  nowMs += 1;
  await hint(CLIENT_ORDER_ID);
  expect(store.signalReturn).toHaveBeenCalledTimes(2);
});

it.each([
  ['not sent yet', makeReading(makePayout())],
  ['final', makeReading(makeFinal('approved'), { isClosed: true })],
  ['unknown', null],
])('a payout that is %s gets no signal', async (_what, reading) => {
  const store = makeStore({ read: async () => reading });
  await createReturnHint(store, () => START_MS)(CLIENT_ORDER_ID);
  expect(store.read).toHaveBeenCalledTimes(1);
  expect(store.signalReturn).not.toHaveBeenCalled();
});

it('nothing is lost but the hint when Temporal is away; a defect is not hidden', async () => {
  const away = makeStore({ read: () => Promise.reject(new TemporalUnavailable()) });
  await expect(createReturnHint(away, () => START_MS)(CLIENT_ORDER_ID)).resolves.toBeUndefined();
  const broken = makeStore({ read: () => Promise.reject(new Error('defect')) });
  await expect(createReturnHint(broken, () => START_MS)(CLIENT_ORDER_ID)).rejects.toThrow('defect');
});

it('remembers ten thousand payouts and no more', async () => {
  const store = makeStore(open);
  const hint = createReturnHint(store, () => START_MS);
  await hint(CLIENT_ORDER_ID);
  for (let nth = 0; nth < 10_000; nth += 1) await hint(toClientOrderId(`P-${nth}`));
  await hint(CLIENT_ORDER_ID);
  expect(store.signalReturn).toHaveBeenCalledTimes(10_002);
});
