import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../scripts/wait-until';
import { type ByteGate, openByteGate } from './byte-gate';
import { listenOnLoopback } from './listen';

describe('a byte gate before a server that answers in capitals', () => {
  let server: Server;
  let gate: ByteGate;
  let client: Socket;
  let received = '';
  let answered = '';
  beforeEach(async () => {
    received = '';
    answered = '';
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        received += bytes.toString();
        socket.write(bytes.toString().toUpperCase());
      });
    });
    gate = await openByteGate({ host: '127.0.0.1', port: await listenOnLoopback(server) });
    client = connect({ host: '127.0.0.1', port: gate.port });
    client.on('data', (bytes) => {
      answered += bytes.toString();
    });
    client.on('error', () => undefined);
    client.write('a');
    await untilBoth('a', 'A');
  });
  afterEach(async () => {
    client.destroy();
    await gate.close();
    server.close();
  });
  const untilBoth = (wantReceived: string, wantAnswered: string) =>
    waitUntil({
      what: `${wantReceived} received and ${wantAnswered} answered`,
      timeoutMs: 5_000,
      intervalMs: 5,
      ask: () => received === wantReceived && answered === wantAnswered,
    });

  test('holds what leaves, and releases it', async () => {
    gate.hold('out');
    client.write('b');
    await sleep(50);
    expect([received, answered]).toEqual(['a', 'A']);
    gate.release();
    await untilBoth('ab', 'AB');
  });

  test('holds what comes back', async () => {
    gate.hold('back');
    client.write('b');
    await untilBoth('ab', 'A');
    await sleep(50);
    expect(answered).toBe('A');
  });

  test('what was held is gone when the connections are dropped', async () => {
    gate.hold('out');
    client.write('b');
    const closed = new Promise((resolve) => client.once('close', resolve));
    gate.drop();
    await closed;
    expect(received).toBe('a');
  });
});
