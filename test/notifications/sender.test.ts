import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { checkedLookup, createSender, type Letter, type Lookup, readRetryAfter } from '../../src/notifications/sender';
import { makeSelfSigned } from '../gateway/self-signed';

interface Arrived {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const servers: Server[] = [];
const senders: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A subscriber on loopback that answers as told, and what reached it. */
async function subscribe(answer: RequestListener) {
  const arrived: Arrived[] = [];
  const port = await listen(
    createServer((request, reply) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        arrived.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
        answer(request, reply);
      });
    }),
  );
  return { arrived, port };
}

function makeSender(options: Parameters<typeof createSender>[0] = {}) {
  const sender = createSender(options);
  senders.push(sender);
  return sender;
}

const letter = (url: string, over: Partial<Letter> = {}): Letter => ({
  ...{ url, allowPrivate: true, headers: { 'webhook-id': 'evt_1' }, body: '{"a":1}' },
  ...over,
});
const lookupOf =
  (...addresses: string[]): Lookup =>
  (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('one attempt', () => {
  it('is one POST with its headers and body, to the path and query of the URL', async () => {
    const { arrived, port } = await subscribe((_, reply) => reply.writeHead(204).end());
    const attempt = await makeSender().send(letter(`http://127.0.0.1:${port}/hook?token=1`));
    expect(attempt).toEqual({ kind: 'answered', statusCode: 204, retryAfterMs: null });
    expect(arrived).toHaveLength(1);
    expect(arrived[0]).toMatchObject({ method: 'POST', url: '/hook?token=1', body: '{"a":1}' });
    expect(arrived[0]?.headers['webhook-id']).toBe('evt_1');
  });

  it.each([301, 302, 303, 307, 308])('a redirect (%i) is an answer and never followed', async (status) => {
    const other = await subscribe((_, reply) => reply.end());
    const { arrived, port } = await subscribe((_, reply) =>
      reply.writeHead(status, { location: `http://127.0.0.1:${other.port}/` }).end(),
    );
    const attempt = await makeSender().send(letter(`http://127.0.0.1:${port}/`));
    expect(attempt).toMatchObject({ kind: 'answered', statusCode: status });
    expect([arrived.length, other.arrived.length]).toEqual([1, 0]);
  });

  it('a body without end is not waited for', async () => {
    const { port } = await subscribe((_, reply) => {
      reply.writeHead(200);
      reply.write('x'.repeat(100_000));
    });
    expect(await makeSender().send(letter(`http://127.0.0.1:${port}/`))).toMatchObject({ statusCode: 200 });
  });

  it('a reply is read where that is asked for, up to its bound and no further', async () => {
    const replies: Readonly<Record<string, (reply: Parameters<RequestListener>[1]) => unknown>> = {
      '/json': (reply) => reply.writeHead(200, { 'content-type': 'Application/JSON; charset=utf-8' }).end('{"é":1}'),
      '/exact': (reply) => reply.writeHead(200).end('x'.repeat(10)),
      '/long': (reply) => reply.writeHead(200).write('x'.repeat(11)),
      '/packed': (reply) => reply.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
      '/error': (reply) => reply.writeHead(500).end('{}'),
      '/slow': (reply) => reply.writeHead(200).write('{'),
    };
    const { port } = await subscribe((request, reply) => void replies[request.url ?? '']?.(reply));
    const sender = makeSender();
    const read = async (path: string) =>
      await sender.send(letter(`http://127.0.0.1:${port}${path}`, { mostBytes: 10, timeoutMs: 200 }));
    expect(await read('/json')).toMatchObject({ text: { mediaType: 'application/json', body: '{"é":1}' } });
    expect(await read('/exact')).toMatchObject({ text: { mediaType: '', body: 'x'.repeat(10) } });
    expect(await read('/long')).toMatchObject({ statusCode: 200, text: { refused: 'too_large' } });
    expect(await read('/packed')).toMatchObject({ text: { refused: 'encoded' } });
    expect(await read('/error')).toEqual({ kind: 'answered', statusCode: 500, retryAfterMs: null });
    expect(await read('/slow')).toEqual({ kind: 'not_answered', cause: 'timeout' });
  });

  it('silence ends at the limit', async () => {
    const { port } = await subscribe(() => undefined);
    const attempt = await makeSender({ answerLimitMs: 50 }).send(letter(`http://127.0.0.1:${port}/`));
    expect(attempt).toEqual({ kind: 'not_answered', cause: 'timeout' });
  });

  it('a closed port and a reset are no answer', async () => {
    const { port } = await subscribe((request) => request.socket.destroy());
    expect(await makeSender().send(letter(`http://127.0.0.1:${port}/`))).toEqual({
      ...{ kind: 'not_answered', cause: 'unreachable' },
    });
    expect(await makeSender().send(letter('http://127.0.0.1:1/'))).toEqual({
      kind: 'not_answered',
      cause: 'unreachable',
    });
  });

  it('asks no proxy, whatever the environment names', async () => {
    const proxy = await subscribe((_, reply) => reply.end());
    const { arrived, port } = await subscribe((_, reply) => reply.end());
    const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = name.startsWith('NODE') ? '1' : `http://127.0.0.1:${proxy.port}`;
    try {
      await makeSender().send(letter(`http://127.0.0.1:${port}/`));
    } finally {
      for (const [at, name] of names.entries()) {
        if (before[at] === undefined) delete process.env[name];
        else process.env[name] = before[at];
      }
    }
    expect([arrived.length, proxy.arrived.length]).toEqual([1, 0]);
  });

  it('an untrusted certificate is refused, whatever the environment says', async () => {
    const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const requests: unknown[] = [];
    const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const server = createSecureServer({ key, cert: makeSelfSigned(keys) }, (request, reply) => {
      requests.push(request.url);
      reply.end();
    });
    const port = await listen(server as unknown as Server);
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const attempt = await makeSender({ lookup: lookupOf('127.0.0.1') }).send(letter(`https://localhost:${port}/`));
      expect(attempt).toEqual({ kind: 'not_answered', cause: 'unreachable' });
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
    expect(requests).toEqual([]);
  });
});

describe('where it goes', () => {
  it.each([
    'https://127.0.0.1/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'http://localhost/',
    'https://169.254.169.254/',
  ])('%s is refused without a connection', async (url) => {
    const lookup = jest.fn(lookupOf('127.0.0.1'));
    expect(await makeSender({ lookup }).send(letter(url, { allowPrivate: false }))).toEqual({
      ...{ kind: 'not_answered', cause: 'address_refused' },
    });
    expect(lookup).toHaveBeenCalledTimes(0);
  });

  it.each([['10.0.0.1'], ['169.254.169.254'], ['::1'], ['::ffff:127.0.0.1'], ['93.184.216.34', '127.0.0.1']])(
    'a public name that resolves to %s is refused',
    async (...addresses) => {
      const attempt = await makeSender({ lookup: lookupOf(...addresses) }).send(
        letter('https://hooks.example.com/', { allowPrivate: false }),
      );
      expect(attempt).toEqual({ kind: 'not_answered', cause: 'address_refused' });
    },
  );

  it('the name is resolved once, and the connection goes to what was checked: a name that changes its mind gains nothing', async () => {
    const { arrived, port } = await subscribe((_, reply) => reply.end());
    let asked = 0;
    const lookup: Lookup = (_host, _options, done) => {
      asked += 1;
      done(null, [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }]);
    };
    const attempt = await makeSender({ lookup }).send(letter(`http://erp.localhost:${port}/`));
    expect(attempt).toMatchObject({ kind: 'answered', statusCode: 200 });
    expect([asked, arrived.length]).toEqual([1, 1]);
    expect(arrived[0]?.headers.host).toBe(`erp.localhost:${port}`);
  });

  it('is looked up once for all who wait for it', async () => {
    const waiting: Parameters<Lookup>[2][] = [];
    const lookup = jest.fn<void, Parameters<Lookup>>((_host, _options, done) => void waiting.push(done));
    const sender = makeSender({ lookup });
    const sent = [1, 2, 3].map(() => sender.send(letter('https://hooks.example.com/')));
    await new Promise(setImmediate);
    expect(lookup).toHaveBeenCalledTimes(1);
    for (const done of waiting) done(new Error('no such name'), []);
    const unreachable = { kind: 'not_answered', cause: 'unreachable' };
    expect(await Promise.all(sent)).toEqual([unreachable, unreachable, unreachable]);
  });

  it('a name that does not resolve is unreachable', async () => {
    const lookup: Lookup = (_host, _options, done) => done(new Error('no such name'), []);
    expect(await makeSender({ lookup }).send(letter('https://hooks.example.com/'))).toEqual({
      ...{ kind: 'not_answered', cause: 'unreachable' },
    });
  });

  it.each([true, false])('one address or all of them are handed over as asked for: all %p', (all) => {
    const given: unknown[] = [];
    const check = checkedLookup(lookupOf('1.1.1.1', '2606:4700:4700::1111'), false);
    check('hooks.example.com', { all }, ((...args: unknown[]) => given.push(args)) as Parameters<LookupFunction>[2]);
    const both = [
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700:4700::1111', family: 6 },
    ];
    expect(given).toEqual([all ? [null, both] : [null, '1.1.1.1', 4]]);
  });
});

it.each([
  ['120', 120_000],
  ['0', 0],
  ['Sun, 22 Nov 2026 12:00:10 GMT', 10_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ['soon', null],
  ['-1', null],
  ['1.5', null],
  ['2026-11-22', null],
  ['1'.repeat(30), null],
  [undefined, null],
  [['1', '2'], null],
])('Retry-After %p is %p ms', (value, expected) => {
  expect(readRetryAfter(value, Date.parse('2026-11-22T12:00:00Z'))).toBe(expected);
});
