import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { buildApp } from '../../../src/api/app';
import { createEndpointDirectory } from '../../../src/api/endpoints';
import { openPayout } from '../../../src/domain/payout';
import { DEFAULT_POLICY } from '../../../src/domain/poll-plan';
import type { PayoutStore } from '../../../src/store/payouts';
import { ENDPOINT, HASH_KEY, NO_KEYS, PUBLIC_BASE_URL, RECEIVER_LINK_KEYS } from '../../api/app-harness';

export { CONTROL_KEY } from '../../api/app-harness';

/** What a caller shows to be let in. The one place that puts it into a request: `authorize`. */
export interface Caller {
  readonly apiKey: string | null;
}

/** The headers of a caller's request. */
export function authorize({ apiKey }: Caller, headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return apiKey === null ? { ...headers } : { ...headers, authorization: `Bearer ${apiKey}` };
}

/** The API in this process, before a store in memory that counts its calls. */
export interface Harness {
  readonly app: FastifyInstance;
  /** How often anything behind the API was called. */
  readonly storeCalls: () => number;
  /** How many payouts were started. */
  readonly starts: () => number;
  /** Everything logged since the last call. */
  readonly takeLog: () => string;
}

export interface HarnessOptions {
  /** Default `trace`: what is logged at any level is looked at. */
  readonly level?: 'trace' | 'info';
  /** Adds routes beside the API's. */
  readonly routes?: (app: FastifyInstance) => void;
}

export async function openHarness({ level = 'trace', routes }: HarnessOptions = {}): Promise<Harness> {
  let calls = 0;
  let starts = 0;
  const lines: string[] = [];
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
      endpoints: [{ ...ENDPOINT, extraFields: [{ name: 'sender_tax_id', required: false, maxLength: 20 }] }],
      policy: DEFAULT_POLICY,
      publicBaseUrl: PUBLIC_BASE_URL,
      receiverLinkKeys: RECEIVER_LINK_KEYS,
    }),
    hashKey: HASH_KEY,
    receiverLinkKeys: RECEIVER_LINK_KEYS,
    publicBaseUrl: PUBLIC_BASE_URL,
    // Rates that no run reaches: what is refused is refused for what it is.
    access: { ...NO_KEYS, callerRatePerSecond: 1e9, receiverRatePerSecond: 1e9 },
    log: pino({ level }, { write: (line: string) => lines.push(line) }),
  });
  routes?.(app);
  await app.ready();
  return {
    app,
    storeCalls: () => calls,
    starts: () => starts,
    takeLog: () => lines.splice(0).join(''),
  };
}
