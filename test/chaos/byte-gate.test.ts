import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ByteGate, openByteGate } from '../../chaos/byte-gate';
import { listenOnLoopback } from '../../chaos/listening';

describe('a byte gate before a server that answers in capitals', () => {
  let server: Server;
  let gate: ByteGate;
  let client: Socket;
  let heard = '';
  let answered = '';
  beforeEach(async () => {
    heard = '';
    answered = '';
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        heard += bytes.toString();
        socket.write(bytes.toString().toUpperCase());
      });
    });
    gate = await openByteGate({ host: '127.0.0.1', port: await listenOnLoopback(server) });
    client = connect({ host: '127.0.0.1', port: gate.port });
    client.on('data', (bytes) => {
      answered += bytes.toString();
    });
    client.on('error', () => undefined);
    await say('a');
  });
  afterEach(async () => {
    client.destroy();
    await gate.close();
    server.close();
  });
  const say = async (text: string): Promise<void> => {
    client.write(text);
    await sleep(50);
  };

  test('passes both ways', () => expect([heard, answered]).toEqual(['a', 'A']));

  test('holds what leaves, and releases it', async () => {
    gate.hold('out');
    await say('b');
    expect([heard, answered]).toEqual(['a', 'A']);
    gate.release();
    await sleep(50);
    expect([heard, answered]).toEqual(['ab', 'AB']);
  });

  test('holds what comes back', async () => {
    gate.hold('back');
    await say('b');
    expect([heard, answered]).toEqual(['ab', 'A']);
  });

  test('what was held is gone when the connections are dropped', async () => {
    gate.hold('out');
    client.write('b');
    const closed = once(client, 'close');
    gate.drop();
    await closed;
    expect(heard).toBe('a');
  });
});
