import {
  controlGet,
  eventually,
  makeLedgerPath,
  payoutFields,
  postSigned,
  startCallbackReceiver,
  startSimulator,
} from '../connecting-party';

interface View {
  callbacks: { attempts: number; answers: (number | null)[]; done: boolean }[];
}

const file = makeLedgerPath();
let simulator: Awaited<ReturnType<typeof startSimulator>>;
beforeAll(async () => {
  simulator = await startSimulator({ ledgerPath: file.path, settings: { callbackTimeoutMs: 5_000 } });
});
afterAll(async () => {
  await simulator.stop();
  file.remove();
});

async function playUntilDone(clientOrderId: string, notifyUrl: string, digits = '000') {
  const fields = payoutFields(digits, { client_orderid: clientOrderId, notify_url: notifyUrl });
  await postSigned(`${simulator.baseUrl}/api/v4/payout/1144`, fields);
  const { orders } = await eventually(
    () => controlGet<{ orders: View[] }>(simulator.controlUrl, `/orders?clientOrderId=${clientOrderId}`),
    (answer) =>
      answer.orders[0]?.callbacks.at(-1)?.done === true && answer.orders[0].callbacks.every(({ done }) => done),
  );
  return orders[0]?.callbacks;
}

test('repeats until a 200 and stops there', async () => {
  const receiver = await startCallbackReceiver([503, 201, 302]);
  expect(await playUntilDone('PO-retry', receiver.url)).toMatchObject([{ attempts: 4, answers: [503, 201, 302, 200] }]);
  // Another whole life passes; the answered callback stays answered, and the redirect was not followed.
  await playUntilDone('PO-after', receiver.url);
  expect(receiver.received.filter(({ query }) => query.get('client_orderid') === 'PO-retry')).toHaveLength(4);
  expect(new Set(receiver.received.slice(0, 4).map(({ query }) => String(query))).size).toBe(1);
  await receiver.stop();
});

test('gives up after the tries are used up', async () => {
  const receiver = await startCallbackReceiver(Array(9).fill(500));
  expect(await playUntilDone('PO-tries', receiver.url)).toMatchObject([{ attempts: 5, answers: Array(5).fill(500) }]);
  expect(receiver.received).toHaveLength(5);
  await receiver.stop();
});

test('a wrong control is not repeated when refused, the right one follows', async () => {
  const receiver = await startCallbackReceiver([403]);
  expect(await playUntilDone('PO-wrong', receiver.url, '704').then((all) => all?.slice(0, 1))).toMatchObject([
    { attempts: 1, answers: [403] },
  ]);
  await eventually(
    () => receiver.received.length,
    (count) => count === 2,
  );
  await receiver.stop();
});

test('no one listens: the ledger names the failure, without the address', async () => {
  const receiver = await startCallbackReceiver();
  await receiver.stop();
  expect(await playUntilDone('PO-unreached', receiver.url)).toMatchObject([{ answers: Array(5).fill(null) }]);
  const { entries } = await controlGet<{ entries: { kind: string; failure?: string }[] }>(
    simulator.controlUrl,
    '/ledger?clientOrderId=PO-unreached',
  );
  const failures = entries.filter(({ kind }) => kind === 'callback_answer').map(({ failure }) => failure);
  expect(failures).toEqual(Array(5).fill('ECONNREFUSED'));
});
