import http from 'node:http';
import { LOOPBACK } from '../../scripts/ports';
import { listenOnLoopback } from './listen';

/** A request that came by, read to its end. */
export interface PassingRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface PassingReply {
  readonly httpStatus: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** False when it broke off before its end. */
  readonly whole: boolean;
}

/** Decides what happens to a request: the reply to give, or null for a connection reset instead of one. */
export type Passage = (request: PassingRequest) => Promise<PassingReply | null>;

export interface HttpProxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a free loopback port and lets `passage` decide over every request. */
export async function openHttpProxy(passage: Passage): Promise<HttpProxy> {
  const server = http.createServer((request, response) => {
    void readAll(request).then(async ({ body, whole }) => {
      const { method = 'GET', url: target = '/', headers } = request;
      const reply = whole ? await passage({ method, target, headers, body }).catch(() => null) : null;
      if (reply === null) response.socket?.resetAndDestroy();
      else giveReply(response, reply);
    });
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Passes a request on over a connection of its own. Null when no reply began: the other side was away or reset it. */
export function forward(request: PassingRequest, port: number): Promise<PassingReply | null> {
  return new Promise((resolve) => {
    const { method, target, headers, body } = request;
    const { connection: _, 'keep-alive': __, ...kept } = headers;
    const outgoing = http.request(
      { host: LOOPBACK, port, method, path: target, headers: kept, agent: false },
      (reply) => {
        void readAll(reply).then((read) =>
          resolve({ httpStatus: reply.statusCode ?? 0, headers: reply.headers, ...read }),
        );
      },
    );
    outgoing.on('error', () => resolve(null));
    outgoing.end(body);
  });
}

/** What came, also of a message that broke off. */
export function readAll(message: http.IncomingMessage): Promise<{ body: Buffer; whole: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('error', () => undefined);
    const settle = (): void => resolve({ body: Buffer.concat(chunks), whole: message.complete });
    message.once('end', settle).once('close', settle);
  });
}

export function giveReply(response: http.ServerResponse, { httpStatus, headers, body, whole }: PassingReply): void {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...kept } = headers;
  response.writeHead(httpStatus, whole ? { ...kept, 'content-length': body.length } : kept);
  if (whole) response.end(body);
  else response.write(body, () => response.socket?.end());
}
