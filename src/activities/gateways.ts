import { createPrivateKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointConfig } from '../config/config';
import type { Submission } from '../domain/order-report';
import { createGatewayClient, type GatewayClient } from '../gateway/client';
import { GatewayError, type GatewayErrorKind } from '../gateway/errors';
import { checkControlKey, type KeyCheck } from '../gateway/key-check';
import type { CallKind } from '../workflows/messages';
import { type CallRate, createCallRate, TurnTooLate } from './call-rate';

export interface Gateways {
  /** For calls of one kind. @throws RangeError for an endpoint this worker does not know */
  of(endpoint: string, kind: CallKind): GatewayPort;
  /** Finds out, for each endpoint asked by v2 status requests, whether the gateway takes our control key for the right one. */
  checkControlKeys(tell: (endpoint: string, check: KeyCheck) => void): Promise<void>;
  close(): Promise<void>;
}

export type GatewayPort = Pick<GatewayClient, 'submitPayout' | 'fetchOrderStatus'>;

export interface GatewaysOptions {
  readonly answerTimeoutMs: number;
  /** Sockets to one endpoint, default the client's. */
  readonly connections?: number;
  /** Epoch ms, default the system's clock. */
  readonly now?: () => number;
  /** Called after each call with what the last answer said about the gateway's clock. */
  readonly onSkew?: (endpoint: string, skewMs: number | null) => void;
  readonly onCall?: (call: GatewayCall) => void;
}

/** One call as it ended: what kind of outcome or failure, and how long it took. */
export interface GatewayCall {
  readonly endpoint: string;
  readonly kind: 'create' | 'probe' | 'confirm' | 'poll';
  readonly outcome: Submission['outcome'] | 'found' | 'not_found' | GatewayErrorKind | 'defect';
  readonly seconds: number;
}

const CONNECT_LIMIT_MS = 5_000;
/** Of the time a question may take, this part may be spent waiting for its turn. */
const WAITING_PART = 0.5;

/** One client and one pool per endpoint; each key is parsed once, here. @throws RangeError on a key that cannot sign */
export function createGateways(endpoints: readonly EndpointConfig[], options: GatewaysOptions): Gateways {
  const { answerTimeoutMs, connections, now = Date.now, onSkew = () => undefined, onCall = () => undefined } = options;
  const clients = endpoints.map(({ name, privateKeyPem, ratePerSecond, redirectHosts, ...endpoint }) => {
    const client = createGatewayClient({
      ...endpoint,
      ...(redirectHosts === null ? {} : { redirectHosts }),
      ...(connections === undefined ? {} : { connections }),
      privateKey: createPrivateKey(privateKeyPem),
      now,
      timeouts: { connectMs: Math.min(CONNECT_LIMIT_MS, answerTimeoutMs), answerMs: answerTimeoutMs },
    });
    const watched = (kind: CallKind) =>
      watchCalls(client, kind, (call) => {
        onSkew(name, client.skewMs());
        onCall({ endpoint: name, ...call });
      });
    if (ratePerSecond === null) return { name, client, portOf: watched };
    const rate = createCallRate({ perSecond: ratePerSecond, now: () => performance.now(), sleep });
    return { name, client, portOf: (kind: CallKind) => paceCalls(watched(kind), { rate, kind, now }) };
  });
  const ports = new Map(clients.map(({ name, portOf }) => [name, portOf]));
  const of: Gateways['of'] = (endpoint, kind) => {
    const portOf = ports.get(endpoint);
    if (portOf === undefined) throw new RangeError('endpoint: expected one this worker is configured for');
    return portOf(kind);
  };
  return {
    of,
    async checkControlKeys(tell) {
      const asked = endpoints.filter(({ statusApi }) => statusApi === 'v2');
      await Promise.all(
        asked.map(async ({ name }) => tell(name, await checkControlKey(of(name, 'poll'), answerTimeoutMs))),
      );
    },
    async close() {
      await Promise.all(clients.map(({ client }) => client.close()));
    },
  };
}

function watchCalls(
  client: GatewayClient,
  kind: CallKind,
  onEnd: (call: Omit<GatewayCall, 'endpoint'>) => void,
): GatewayPort {
  async function watch<T>(call: Promise<T>, of: GatewayCall['kind'], read: (answer: T) => GatewayCall['outcome']) {
    const startMs = performance.now();
    let outcome: GatewayCall['outcome'] = 'defect';
    try {
      const answer = await call;
      outcome = read(answer);
      return answer;
    } catch (error) {
      if (error instanceof GatewayError) outcome = error.kind;
      throw error;
    } finally {
      onEnd({ kind: of, outcome, seconds: (performance.now() - startMs) / 1_000 });
    }
  }
  return {
    submitPayout: (request, options) => watch(client.submitPayout(request, options), 'create', (sent) => sent.outcome),
    fetchOrderStatus: (ids, options) =>
      watch(client.fetchOrderStatus(ids, options), kind === 'send' ? 'probe' : kind, ({ found }) =>
        found ? 'found' : 'not_found',
      ),
  };
}

/**
 * The same gateway, each call in its turn. A call whose turn would come too late is not made, and says what it would say of a
 * gateway that no byte was sent to.
 */
export function paceCalls(
  gateway: GatewayPort,
  { rate, kind, now }: { readonly rate: CallRate; readonly kind: CallKind; readonly now: () => number },
): GatewayPort {
  return {
    async submitPayout(request, options) {
      const isTurn = await rate.take(kind, options.deadlineMs - now());
      return isTurn ? gateway.submitPayout(request, options) : { outcome: 'not_sent', cause: 'past_deadline' };
    },
    async fetchOrderStatus(ids, options) {
      const endMs = now() + options.timeoutMs;
      if (!(await rate.take(kind, options.timeoutMs * WAITING_PART))) throw new TurnTooLate();
      return gateway.fetchOrderStatus(ids, { ...options, timeoutMs: endMs - now() });
    },
  };
}

/** The gateway checks the time in our signatures: beyond this, its refusals are near. */
export const SKEW_LIMIT_MS = 60_000;

export interface SkewWatch {
  /** Takes the gateway's clock minus ours, in ms; null when it is not known. */
  observe(endpoint: string, skewMs: number | null): void;
}

/**
 * Passes on what is known, and reports once when the clock of an endpoint and ours differ by more than the limit, and again only after
 * they agreed in between.
 */
export function createSkewWatch(
  onCrossing: (endpoint: string, skewSeconds: number) => void,
  onSkew: (endpoint: string, skewMs: number) => void = () => undefined,
): SkewWatch {
  const beyond = new Set<string>();
  return {
    observe(endpoint, skewMs) {
      if (skewMs === null) return;
      onSkew(endpoint, skewMs);
      if (Math.abs(skewMs) <= SKEW_LIMIT_MS) {
        beyond.delete(endpoint);
        return;
      }
      if (beyond.has(endpoint)) return;
      beyond.add(endpoint);
      onCrossing(endpoint, Math.round(skewMs / 1_000));
    },
  };
}
