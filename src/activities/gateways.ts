import { createPrivateKey } from 'node:crypto';
import type { EndpointConfig } from '../config';
import { createGatewayClient, type GatewayClient } from '../gateway/client';

export interface Gateways {
  /** @throws RangeError for an endpoint this worker does not know */
  of(endpoint: string): GatewayClient;
  close(): Promise<void>;
}

const CONNECT_LIMIT_MS = 5_000;

/** One client and one pool per endpoint; each key is parsed once, here. @throws RangeError on a key that cannot sign */
export function createGateways(endpoints: readonly EndpointConfig[], answerTimeoutMs: number): Gateways {
  const clients = new Map(
    endpoints.map(({ name, privateKeyPem, ...endpoint }) => {
      const timeouts = { connectMs: Math.min(CONNECT_LIMIT_MS, answerTimeoutMs), answerMs: answerTimeoutMs };
      return [name, createGatewayClient({ ...endpoint, privateKey: createPrivateKey(privateKeyPem), timeouts })];
    }),
  );
  return {
    of(endpoint) {
      const client = clients.get(endpoint);
      if (client === undefined) throw new RangeError('endpoint: expected one this worker is configured for');
      return client;
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}
