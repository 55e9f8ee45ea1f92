import { execFile } from 'node:child_process';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { createGatewayAgent } from '../../src/gateway/connector';
import { type Exchange, exchange } from '../../src/gateway/exchange';
import { httpReply, type LoopbackGateway, startLoopback } from './loopback-gateway';
import { KEY_PAIR } from './samples';
import { makeSelfSigned } from './self-signed';

const ROOT = path.join(__dirname, '../..');
const PEM = { cert: makeSelfSigned(KEY_PAIR), key: KEY_PAIR.privateKey.export({ type: 'pkcs8', format: 'pem' }) };
const gateways: LoopbackGateway[] = [];

async function start(options: Parameters<typeof startLoopback>[1] = {}): Promise<LoopbackGateway> {
  const gateway = await startLoopback((socket) => socket.end(httpReply('type=x\n')), options);
  gateways.push(gateway);
  return gateway;
}

afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
});

async function ask(base: string, url: string): Promise<Exchange> {
  const agent = createGatewayAgent({ base: new URL(base), connections: 1, connectMs: 2_000 });
  const result = await exchange(agent, {
    url: new URL(url),
    headers: {},
    body: 'account_number=1',
    writeBeforeMs: Date.now() + 5_000,
    answerMs: () => 5_000,
    maxReplyBytes: 1_000,
    now: Date.now,
  });
  await agent.destroy();
  return result;
}

test('opens sockets to the place of its base URL', async () => {
  const gateway = await start();
  expect(await ask(gateway.baseUrl, `${gateway.baseUrl}/api`)).toMatchObject({ stage: 'answered', statusCode: 200 });
  expect(gateway.connections()).toBe(1);
});

test('opens no socket to another host, port or scheme, whatever URL it is given', async () => {
  const [gateway, other] = [await start(), await start()];
  for (const elsewhere of [
    other.baseUrl,
    gateway.baseUrl.replace('127.0.0.1', 'localhost'),
    gateway.baseUrl.replace('http:', 'https:'),
  ]) {
    expect(await ask(gateway.baseUrl, elsewhere)).toEqual({ stage: 'not_sent', cause: 'unreachable' });
  }
  expect([gateway.connections(), other.connections()]).toEqual([0, 0]);
});

test('no proxy of the environment is asked', async () => {
  const [gateway, proxy] = [await start(), await start()];
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`;
  try {
    expect(await ask(gateway.baseUrl, gateway.baseUrl)).toMatchObject({ stage: 'answered' });
  } finally {
    names.forEach((name, index) => {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    });
  }
  expect([gateway.connections(), proxy.connections()]).toEqual([1, 0]);
});

test('a server of TLS 1.1 at most is not spoken to', async () => {
  const gateway = await start({
    wrap: (onConnection) =>
      tls.createServer(
        { ...PEM, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
        onConnection,
      ),
  });
  const connect = jest.spyOn(tls, 'connect');
  const url = `https://localhost:${gateway.port}/paynet`;
  expect(await ask(url, url)).toEqual({ stage: 'not_sent', cause: 'unreachable' });
  expect(connect.mock.calls.map(([options]) => Reflect.get(Object(options), 'minVersion'))).toEqual(['TLSv1.2']);
  expect(gateway.requests).toHaveLength(0);
  connect.mockRestore();
});

test('a process whose environment turns certificate checks off still sends nothing to a server nobody vouches for', async () => {
  const gateway = await start({ wrap: (onConnection) => tls.createServer(PEM, onConnection) });
  const child = path.join(__dirname, 'unchecked-child.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', '--import', 'tsx', child, String(gateway.port)],
    { cwd: ROOT, env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
  );
  // The bare socket shows that the variable is heeded in that process by whoever does not override it.
  expect(JSON.parse(stdout)).toEqual({ bare: 'connected', pooled: { stage: 'not_sent', cause: 'unreachable' } });
  expect(gateway.requests).toHaveLength(0);
}, 60_000);
