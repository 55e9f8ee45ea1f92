import http from 'node:http';
import { forward, giveReply, readAll } from './http-proxy';
import { listenOnLoopback } from './listen';

/** Stands before the simulator and answers no question about the orders of the endpoints that it holds. */
export interface HoldingGateway {
  readonly port: number;
  hold(endpointId: number): void;
  /** Lets everything held go on, and holds nothing from then on. */
  release(): void;
  /** Calls that are held now. */
  current(): number;
  /** The most calls at once, since the last `hold`, whose caller did not wait for the answer. */
  givenUpAtOnce(): number;
  close(): Promise<void>;
}

/** A caller may begin a next call before this side sees that it gave up the one before. */
const SEEN_WITHIN_MS = 1_000;

/** `portBehind` is asked at each request: the simulator may start later. A probe names no order id, and is never held. */
export async function openHoldingGateway(portBehind: () => number): Promise<HoldingGateway> {
  const waiting = new Set<() => void>();
  let blockedEndpoint: string | null = null;
  let givenUp: { fromMs: number; toMs: number }[] = [];
  const server = http.createServer((request, response) => {
    void readAll(request).then(async ({ body }) => {
      const { method = 'POST', url: target = '/', headers } = request;
      const isQuestion = target.endsWith(`/status/${blockedEndpoint}`);
      if (isQuestion && new URLSearchParams(body.toString()).has('orderid')) {
        const fromMs = performance.now();
        const isGone = await new Promise<boolean>((resolve) => {
          const go = () => resolve(false);
          waiting.add(go);
          response.once('close', () => {
            if (waiting.delete(go)) givenUp.push({ fromMs, toMs: performance.now() - SEEN_WITHIN_MS });
            resolve(true);
          });
        });
        if (isGone) return;
      }
      const reply = await forward({ method, target, headers, body }, portBehind());
      if (reply === null) response.socket?.resetAndDestroy();
      else giveReply(response, reply);
    });
  });
  const release = () => {
    blockedEndpoint = null;
    for (const go of waiting) {
      waiting.delete(go);
      go();
    }
  };
  const port = await listenOnLoopback(server);
  return {
    port,
    hold: (endpointId) => {
      givenUp = [];
      blockedEndpoint = String(endpointId);
    },
    release,
    current: () => waiting.size,
    givenUpAtOnce: () => {
      const atOnce = givenUp.map(({ fromMs: at }) => givenUp.filter(({ fromMs, toMs }) => fromMs <= at && at < toMs));
      return Math.max(0, ...atOnce.map(({ length }) => length));
    },
    close: async () => {
      release();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
