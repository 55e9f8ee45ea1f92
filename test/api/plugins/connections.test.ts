import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { BOUNDS } from '../../../src/config/bounds';
import { makeApp } from '../app-harness';

const REQUEST_MS = 100;
const CODEC = {
  codec: { encode: async () => [], decode: async () => [] },
  origin: 'http://127.0.0.1:8233',
  namespace: 'default',
};

async function listen(connections = { most: 100, requestMs: REQUEST_MS }) {
  const made = await makeApp({ connections, codec: CODEC });
  await made.app.listen({ host: '127.0.0.1', port: 0 });
  return { ...made, port: (made.app.server.address() as AddressInfo).port };
}

/** Everything that came until the other side closed. */
function readToEnd(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(text)).on('error', () => undefined);
  });
}

const post = (path: string, type: string) =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: 1000\r\n\r\n`;
const FORM = 'application/x-www-form-urlencoded';

describe('a request that does not arrive', () => {
  it.each([
    ['/callbacks/default', post('/callbacks/default', FORM), 'a'],
    ['/payouts', post('/payouts', 'application/json'), '{'],
    ['/r/:token', post('/r/x', FORM), 'a'],
    ['/codec/decode', post('/codec/decode', 'application/json'), '{'],
    ['/codec', post('/codec', FORM), 'a'],
    ['an operator’s act', post('/payouts/PO-1/check', 'application/json'), '{'],
    ['no route', post('/nowhere', 'application/json'), '{'],
    ['half a header', 'POST /payouts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-', ''],
    ['nothing at all', '', ''],
  ])('is cut at the limit: %s', async (_name, head, first) => {
    const { app, store, port } = await listen();
    const socket = connect(port, '127.0.0.1', () => socket.write(head + first));
    await readToEnd(socket);
    expect(store.start).not.toHaveBeenCalled();
    await app.close();
  });

  it('is cut though a byte comes now and then, and answered 408', async () => {
    const { app, port } = await listen();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(post('/payouts', 'application/json'));
    const trickle = setInterval(() => socket.writable && socket.write(' '), 10);
    const answer = await readToEnd(socket);
    clearInterval(trickle);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('/problems/request_timeout');
    await app.close();
  });
});

it('connections are so many and no more, and each that ends makes room', async () => {
  const { app, port } = await listen({ most: 3, requestMs: 60_000 });
  const ask = 'GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
  const open = () => connect(port, '127.0.0.1', () => socket.write(ask)).on('error', () => undefined);
  let socket: Socket;
  const answered = async () => {
    socket = open();
    return await new Promise<boolean>((resolve) => {
      socket.once('data', () => resolve(true)).once('close', () => resolve(false));
    });
  };
  const admitted: boolean[] = [];
  const sockets: Socket[] = [];
  for (let nth = 0; nth < 5; nth += 1) {
    admitted.push(await answered());
    sockets.push(socket!);
  }
  expect(admitted).toEqual([true, true, true, false, false]);
  const isClosed = new Promise((resolve) => app.server.once('drop', resolve));
  expect(await answered()).toBe(false);
  await isClosed;
  for (const each of sockets) each.destroy();
  await app.close();
});

it('the limits are those of the table when nothing else is said', async () => {
  const { app } = await makeApp({});
  const { maxConnections, requestTimeout, headersTimeout, keepAliveTimeout, timeout } = app.server;
  expect({ maxConnections, requestTimeout, headersTimeout, keepAliveTimeout, timeout }).toEqual({
    maxConnections: BOUNDS.connections.most,
    requestTimeout: BOUNDS.requestMs.most,
    headersTimeout: BOUNDS.requestMs.most,
    keepAliveTimeout: BOUNDS.keepAliveMs.most,
    timeout: BOUNDS.silentMs.most,
  });
});
