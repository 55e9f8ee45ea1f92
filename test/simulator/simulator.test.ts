import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import {
  askStatus,
  controlGet,
  eventually,
  makeLedgerPath,
  payoutFields,
  postSigned,
  readReply,
  startCallbackReceiver,
  startSimulator,
} from './connecting-party';

interface View {
  orderId: string;
  status: string;
  callbacks: { attempts: number; answers: (number | null)[]; done: boolean }[];
}
const ordersOf = async (controlUrl: string, clientOrderId: string) =>
  (await controlGet<{ orders: View[] }>(controlUrl, `/orders?clientOrderId=${clientOrderId}`)).orders;

test('a restart rebuilds the orders and goes on: steps, forms, callbacks, serial numbers', async () => {
  const file = makeLedgerPath();
  const receiver = await startCallbackReceiver([500]);
  const first = await startSimulator({
    ledgerPath: file.path,
    settings: { processingMs: 100_000, callbackFirstGapMs: 100_000 },
  });
  const create = async (clientOrderId: string, digits: string) =>
    readReply(
      await postSigned(
        `${first.baseUrl}/api/v4/payout/1144`,
        payoutFields(digits, { client_orderid: clientOrderId, notify_url: receiver.url }),
      ),
    );
  const open = await create('PO-open', '116');
  const form = await create('PO-form', '321');
  const answered = await create('PO-early', '703');
  expect(receiver.received).toHaveLength(1);
  const before = await controlGet<{ orders: View[] }>(first.controlUrl, '/orders');
  const formUrl = (await readReply(await askStatus(first.baseUrl, 'PO-form')))['redirect-to'] ?? '';
  await first.stop();
  appendFileSync(file.path, '{"seq":99,"kind":"sta');

  const second = await startSimulator({
    ledgerPath: file.path,
    settings: { processingMs: 100_000, callbackFirstGapMs: 100_000 },
  });
  const after = await controlGet<{ orders: View[] }>(second.controlUrl, '/orders');
  expect(after.orders.map(({ callbacks, status, orderId }) => ({ callbacks, status, orderId }))).toEqual(
    before.orders.map(({ callbacks, status, orderId }) => ({ callbacks, status, orderId })),
  );
  // The form's address still leads to the form, on the new port.
  expect((await fetch(new URL(new URL(formUrl).pathname, second.baseUrl))).status).toBe(200);
  await second.stop();

  const third = await startSimulator({ ledgerPath: file.path });
  await eventually(
    () => ordersOf(third.controlUrl, 'PO-open'),
    ([order]) => order?.status === 'declined' && order.callbacks[0]?.done === true,
  );
  await eventually(
    () => ordersOf(third.controlUrl, 'PO-early'),
    ([order]) => order?.callbacks[0]?.answers.join() === '500,200',
  );
  const bySerial = await askStatus(third.baseUrl, 'PO-open', '', { 'by-request-sn': open['serial-number'] ?? '' });
  expect(await readReply(bySerial)).toMatchObject({ status: 'declined', 'paynet-order-id': open['paynet-order-id'] });
  const next = await readReply(await postSigned(`${third.baseUrl}/api/v4/payout/1144`, payoutFields('611')));
  const ids = [open, form, answered, next].map((reply) => reply['paynet-order-id']);
  expect(new Set(ids).size).toBe(4);
  await third.stop();
  await receiver.stop();
  file.remove();
});

test('every order and status that was shown is in the file at that moment', async () => {
  const file = makeLedgerPath();
  const simulator = await startSimulator({ ledgerPath: file.path });
  const kinds = () =>
    readFileSync(file.path, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { kind: string; status?: string });
  await postSigned(`${simulator.baseUrl}/api/v4/payout/1144`, payoutFields('700', { client_orderid: 'PO-1' }));
  expect(kinds().filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
  await eventually(
    async () => readReply(await askStatus(simulator.baseUrl, 'PO-1')),
    ({ status }) => status === 'approved',
  );
  expect(kinds().filter(({ kind, status }) => kind === 'status' && status === 'approved')).toHaveLength(1);
  await simulator.stop();
  file.remove();
});

describe('as a process', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const run = (env: Record<string, string>) =>
    spawn(process.execPath, ['--import', 'tsx', 'simulator/main.ts'], { env: { PATH: process.env.PATH, ...env } });

  test('says where it listens, survives kill -9 with its orders, ends with 0 on SIGTERM', async () => {
    const file = makeLedgerPath();
    const env = {
      SIMULATOR_PORT: '0',
      SIMULATOR_LEDGER: file.path,
      SIMULATOR_LOGIN: 'cp-demo',
      SIMULATOR_CONTROL_KEY: 'key',
      SIMULATOR_PUBLIC_KEY: publicKey.replaceAll('\n', '\\n'),
      SIMULATOR_PROCESSING_MS: '100000',
    };
    const start = async () => {
      const child = run(env);
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      return { child, ...(JSON.parse(line) as { ready: boolean; baseUrl: string; controlUrl: string }) };
    };
    const first = await start();
    expect(first).toMatchObject({ ready: true, baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/paynet$/) });
    const url = `${first.baseUrl}/api/v4/payout/1144`;
    const { createPrivateKey } = await import('node:crypto');
    const reply = await readReply(await postSigned(url, payoutFields('000'), { key: createPrivateKey(privateKey) }));
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await start();
    expect(await ordersOf(second.controlUrl, 'PO-000')).toMatchObject([
      { orderId: reply['paynet-order-id'], status: 'processing' },
    ]);
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
    file.remove();
  }, 60_000);

  test('a bad variable is named and ends it with 1', async () => {
    const given = { SIMULATOR_LOGIN: 'cp-demo', SIMULATOR_CONTROL_KEY: 'key', SIMULATOR_PUBLIC_KEY_FILE: 'none.pem' };
    const child = run({ ...given, SIMULATOR_PORT: 'x' });
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(stderr).toBe('SIMULATOR_PORT: expected a port, or 0\n');
  }, 60_000);
});
