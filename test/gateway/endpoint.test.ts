import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { assertReturnAddress, assertSigningKey, createGatewayAgent, toCommandUrls } from '../../src/gateway/endpoint';
import { type Exchange, exchange } from '../../src/gateway/exchange';
import { httpReply, type LoopbackGateway, startLoopback } from './loopback-gateway';
import { KEY_PAIR } from './samples';
import { makeSelfSigned } from './self-signed';

test('paths of an endpoint and of a group, under the context path', () => {
  const endpoint = toCommandUrls('https://sandbox.example.com/paynet/', { kind: 'endpoint', id: '1144' });
  expect(endpoint.payout.href).toBe('https://sandbox.example.com/paynet/api/v4/payout/1144');
  const group = toCommandUrls('https://Gate.example.com:443', { kind: 'group', id: '22' });
  expect(Object.values(group).map(String)).toEqual([
    'https://gate.example.com/api/v4/payout/group/22',
    'https://gate.example.com/api/v4/payout-by-ref/group/22',
    'https://gate.example.com/api/v2/status/group/22',
    'https://gate.example.com/api/v4/status/group/22',
  ]);
});

test.each([
  'http://gate.example.com/p',
  'ftp://127.0.0.1/p',
  '/paynet',
  '',
  'https://u:p@gate.example.com/p',
  'https://gate.example.com/p?a=1',
  'https://gate.example.com/p#x',
])('base URL %s is refused without repeating it', (baseUrl) => {
  expect(() => toCommandUrls(baseUrl, { kind: 'endpoint', id: '1' })).toThrow(/^baseUrl: expected [a-z ,()]+$/i);
});

test.each(['', 'a', '1/2', '../3', '1 '])('target id %j is refused', (id) => {
  expect(() => toCommandUrls('https://g.example', { kind: 'endpoint', id })).toThrow(RangeError);
});

test('only a private RSA key of 2048 bits or more signs', () => {
  expect(() => assertSigningKey(KEY_PAIR.privateKey)).not.toThrow();
  const others = [
    KEY_PAIR.publicKey,
    generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ];
  for (const key of others) expect(() => assertSigningKey(key)).toThrow(RangeError);
});

test('return addresses', () => {
  expect(() => assertReturnAddress('callbackUrl', 'http://cp.example.org/cb')).not.toThrow();
  for (const url of ['', 'cp.example.org', 'ftp://cp.example.org', 'https://u@cp.example.org/']) {
    expect(() => assertReturnAddress('callbackUrl', url)).toThrow(RangeError);
  }
});

describe('the pool', () => {
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
    for (const name of names)
      process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`;
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

  test('a process whose environment turns certificate checks off still sends nothing to an untrusted server', async () => {
    const gateway = await start({ wrap: (onConnection) => tls.createServer(PEM, onConnection) });
    const child = path.join(__dirname, 'unchecked-child.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-warnings', '--import', 'tsx', child, String(gateway.port)],
      { cwd: ROOT, env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' } },
    );
    // The bare socket shows that the variable has an effect in that process unless it is overridden.
    expect(JSON.parse(stdout)).toEqual({ bare: 'connected', pooled: { stage: 'not_sent', cause: 'unreachable' } });
    expect(gateway.requests).toHaveLength(0);
  }, 60_000);
});
