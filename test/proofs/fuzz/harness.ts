import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { buildApp } from '../../../src/api/app';
import { createEndpointDirectory } from '../../../src/api/endpoints';
import type { EndpointConfig } from '../../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../../src/config/endpoint';
import { openPayout } from '../../../src/domain/payout';
import { DEFAULT_POLICY } from '../../../src/domain/poll-plan';
import type { PayoutStore } from '../../../src/store/payouts';

/** Demo key of the documents; signs the real callbacks that near misses are made of. */
export const CONTROL_KEY = '0F3C5A2E-7B1D-4C86-9E55-2A6D8B1F4E70';

/** What a caller shows to be let in. The one place that puts it into a request: `authorize`. */
export interface Caller {
  readonly apiKey: string | null;
}

/** The headers of a caller's request. */
export function authorize({ apiKey }: Caller, headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return apiKey === null ? { ...headers } : { ...headers, authorization: `Bearer ${apiKey}` };
}

/** The API in this process, before a desk in memory that counts. */
export interface Harness {
  readonly app: FastifyInstance;
  /** How often anything behind the API was called. */
  readonly storeCalls: () => number;
  /** How many payouts were started. */
  readonly starts: () => number;
  /** Everything logged since the last call. */
  readonly takeLog: () => string;
}

const ENDPOINT: EndpointConfig = {
  name: 'default',
  baseUrl: 'https://sandbox.example.com/paynet',
  target: { kind: 'endpoint', id: '1144' },
  login: 'cp-demo',
  controlKey: CONTROL_KEY,
  privateKeyPem: 'unused',
  statusApi: 'v2',
  replyFormat: 'form',
  olderControlKeys: ['5D1E7C3A-2B4F-4A69-8C77-9F0E1D2C3B4A'],
  currencies: null,
  extraFields: [{ name: 'sender_tax_id', required: false, maxLength: 20 }],
  requiredFields: [],
  pollPlan: null,
  ratePerSecond: null,
  ...ENDPOINT_DEFAULTS,
  redirectHosts: null,
};

const HASH_KEY = 'h'.repeat(32);
const RECEIVER_LINK_KEYS = ['l'.repeat(32)];
const PUBLIC_BASE_URL = 'https://cp.example.org';

/** No keys, and rates that no run reaches: what is refused is refused for what it is. */
const OPEN_TO_ALL = { apiKeys: [], trustedProxies: [], callerRatePerSecond: 1e9, receiverRatePerSecond: 1e9 };

export interface HouseOptions {
  /** Default `trace`: what is logged at any level is looked at. */
  readonly level?: 'trace' | 'info';
  /** Adds routes beside the API's. */
  readonly routes?: (app: FastifyInstance) => void;
}

export async function openHarness({ level = 'trace', routes }: HouseOptions = {}): Promise<Harness> {
  let calls = 0;
  let starts = 0;
  let log = '';
  const counted =
    <T>(answer: T) =>
    async (): Promise<T> => {
      calls += 1;
      return answer;
    };
  const store: PayoutStore = {
    start: async (input) => {
      calls += 1;
      starts += 1;
      return openPayout(input.request, { endpoint: input.endpoint, atMs: 0 });
    },
    read: counted(null),
    readUntil: counted(null),
    signalCallback: counted('taken' as const),
    signalDetails: counted(true),
    signalReturn: counted(true),
    keepLate: counted('kept' as const),
    keepUnmatched: counted('kept' as const),
    operate: counted(null),
  };
  const app = await buildApp({
    readiness: async () => [],
    store,
    notifications: {
      list: counted({ notifications: [], next: null }),
      of: counted([]),
      resend: counted('not_found' as const),
    },
    visibility: { count: counted(0), list: counted({ runs: [], next: null }) },
    endpoints: createEndpointDirectory({
      endpoints: [ENDPOINT],
      policy: DEFAULT_POLICY,
      publicBaseUrl: PUBLIC_BASE_URL,
      receiverLinkKeys: RECEIVER_LINK_KEYS,
    }),
    hashKey: HASH_KEY,
    receiverLinkKeys: RECEIVER_LINK_KEYS,
    publicBaseUrl: PUBLIC_BASE_URL,
    access: OPEN_TO_ALL,
    log: pino(
      { level },
      {
        write: (line: string) => {
          log += line;
        },
      },
    ),
  });
  routes?.(app);
  await app.ready();
  return {
    app,
    storeCalls: () => calls,
    starts: () => starts,
    takeLog: () => {
      const taken = log;
      log = '';
      return taken;
    },
  };
}
