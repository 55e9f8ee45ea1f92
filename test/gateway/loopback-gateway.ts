import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createGatewayClient, type GatewayClientOptions } from '../../src/gateway/client';
import { CONTROL_KEY, KEY_PAIR } from './samples';

/** A request as it arrived, and its form body decoded by other means than the product's. */
export interface ArrivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly fields: URLSearchParams;
}

export interface LoopbackGateway {
  readonly port: number;
  readonly baseUrl: string;
  readonly requests: ArrivedRequest[];
  readonly connections: () => number;
  readonly bytes: () => number;
  readonly close: () => Promise<void>;
}

export type Behaviour = (socket: Socket, request: ArrivedRequest, count: number) => void;

export interface LoopbackOptions {
  /** Replaces reading requests altogether. */
  readonly onConnection?: (socket: Socket) => void;
  readonly wrap?: (onConnection: (socket: Socket) => void) => Server;
}

function readRequest(text: string): ArrivedRequest | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = text.slice(end + 4);
  if (body.length < Number(headers['content-length'] ?? 0)) return null;
  const [method = '', path = ''] = first.split(' ');
  return { method, path, headers, body, fields: new URLSearchParams(body) };
}

/** A gateway on a raw loopback socket, so that every misbehaviour of a peer can be played. */
export async function startLoopback(behave: Behaviour, options: LoopbackOptions = {}): Promise<LoopbackGateway> {
  const requests: ArrivedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let bytes = 0;
  const onConnection = (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (options.onConnection !== undefined) {
      options.onConnection(socket);
      return;
    }
    let text = '';
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      text += chunk.toString('latin1');
      const request = readRequest(text);
      if (request === null) return;
      text = '';
      requests.push(request);
      behave(socket, request, requests.length);
    });
  };
  const server =
    options.wrap?.(onConnection) ?? createServer({ pauseOnConnect: options.onConnection !== undefined }, onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    baseUrl: `http://127.0.0.1:${port}/paynet`,
    requests,
    connections: () => connections,
    bytes: () => bytes,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** A whole HTTP reply as bytes. */
export function httpReply(body: string | Buffer, status = 200, headers: Record<string, string> = {}): Buffer {
  const bytes = Buffer.from(body);
  const all = { 'content-type': 'text/html;charset=utf-8', 'content-length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Word\r\n${lines.join('')}\r\n`), bytes]);
}

export function makeClient(baseUrl: string, changes: Partial<GatewayClientOptions> = {}) {
  return createGatewayClient({
    baseUrl,
    target: { kind: 'endpoint', id: '1144' },
    login: 'cp-demo',
    controlKey: CONTROL_KEY,
    privateKey: KEY_PAIR.privateKey,
    statusApi: 'v2',
    replyFormat: 'form',
    timeouts: { connectMs: 2_000, answerMs: 2_000 },
    ...changes,
  });
}
