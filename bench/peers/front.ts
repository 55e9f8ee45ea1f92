import { createServer, type IncomingMessage } from 'node:http';
import { type Order, openGateway } from './gateway';

/** How a payout is started and called back in a peer's engine; both return once that is durable. */
export interface Engine {
  /** Starting a payout again changes nothing. */
  start(order: Order): Promise<void>;
  /** The final status of a callback; of a payout that has ended already it is not worth an error. */
  report(clientOrderId: string, status: string): Promise<void>;
}

async function readJson(request: IncomingMessage): Promise<Omit<Order['request'], 'extraFields'>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8'));
}

/** The HTTP side of a peer: `POST /payouts` and the gateway's callbacks, with as little around them as can be. */
export function serveFront(engine: Engine): void {
  const { readCallback } = openGateway();
  const { PORT, PUBLIC_BASE_URL, PEER_EVERY_MS } = process.env;
  const callbackUrl = `${PUBLIC_BASE_URL}/callbacks`;

  async function handle(request: IncomingMessage): Promise<number> {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    if (path === '/callbacks') {
      const { clientOrderId, status } = readCallback(query);
      await engine.report(clientOrderId, status);
      return 200;
    }
    if (path !== '/payouts') return 404;
    await engine.start({
      request: { ...(await readJson(request)), extraFields: {} },
      callbackUrl,
      everyMs: Number(PEER_EVERY_MS),
    });
    return 202;
  }

  createServer((request, response) => {
    const answer = (code: number) => response.writeHead(code, { 'content-type': 'application/json' }).end('{}');
    handle(request).then(answer, (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      answer(500);
    });
  }).listen(Number(PORT), '127.0.0.1', sayReady);
}

/** The line that the bench waits for. */
export function sayReady(): void {
  process.stdout.write(`${JSON.stringify({ pid: process.pid, ready: true })}\n`);
}
