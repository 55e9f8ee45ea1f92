import pino from 'pino';
import { type AppDeps, buildApp } from '../../src/api/app';
import { createEndpointDirectory } from '../../src/api/endpoints';
import { describeProblem, type FieldError, type ProblemCode } from '../../src/api/plugins/problems';
import { createReceiverLinks } from '../../src/api/receiver/receiver-links';
import { type ApiKey, hashApiKey, makeApiKey, type Scope } from '../../src/config/api-keys';
import type { AccessSettings, EndpointConfig } from '../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../src/config/endpoint';
import { openPayout, type Payout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { DEFAULT_TENANT, tenantOf } from '../../src/domain/tenants';
import type { BatchStore } from '../../src/store/batches';
import type { NotificationStore } from '../../src/store/notifications';
import type { PayoutStore, Reading } from '../../src/store/payouts';
import type { Visibility } from '../../src/store/visibility';
import type { PayoutInput } from '../../src/workflows/messages';
import { makePayout, REQUEST, START_MS } from '../domain/samples';
import { createFakeVisibility } from '../store/fake-visibility';

export const CONTROL_KEY = '0F3C5A2E-7B1D-4C86-9E55-2A6D8B1F4E70';
export const HASH_KEY = 'h'.repeat(32);
export const RECEIVER_LINK_KEYS = ['l'.repeat(32)];
export const PUBLIC_BASE_URL = 'https://cp.example.org';

export const ENDPOINT: EndpointConfig = {
  name: 'default',
  baseUrl: 'https://sandbox.example.com/paynet',
  target: { kind: 'endpoint', id: '1144' },
  login: 'cp-demo',
  controlKey: CONTROL_KEY,
  privateKeyPem: 'unused',
  statusApi: 'v2',
  replyFormat: 'form',
  olderControlKeys: [],
  currencies: null,
  extraFields: [],
  requiredFields: [],
  pollPlan: null,
  ratePerSecond: null,
  ...ENDPOINT_DEFAULTS,
  redirectHosts: null,
};

/** No keys, and rates nothing here comes near. */
export const NO_KEYS: AccessSettings = {
  apiKeys: [],
  keysFile: null,
  callerRatePerSecond: 10_000,
  tenantRatePerSecond: 10_000,
  receiverRatePerSecond: 10_000,
  trustedProxies: [],
};

/** The body of a problem, as answered. */
export function problemBody(code: ProblemCode, errors: readonly FieldError[] = []): unknown {
  return JSON.parse(describeProblem(PUBLIC_BASE_URL, code, errors));
}

/** A caller with a key of its own: its entry in the configuration, and the header it sends. */
export function makeCaller(
  name: string,
  scopes: readonly Scope[],
  expiresAtMs: number | null = null,
  more: Partial<ApiKey> = {},
) {
  const key = makeApiKey();
  const tenant = more.tenant ?? DEFAULT_TENANT;
  const apiKey: ApiKey = {
    ...{ name, scopes, hash: hashApiKey(key).toString('hex'), expiresAtMs },
    ...{ tenant, tenants: [tenant], person: name, endpoints: null, networks: null },
    ...more,
  };
  return { key, apiKey, headers: { authorization: `Bearer ${key}` } };
}

/** A store in memory that knows no payout and takes everything. */
export const STORE: PayoutStore = {
  start: async (input) => openPayout(input.request, { endpoint: input.endpoint, atMs: START_MS }),
  read: async () => null,
  readUntil: async () => null,
  signalCallback: async () => 'taken',
  keepLate: async () => 'kept',
  keepUnmatched: async () => 'kept',
  acknowledge: async () => 'full',
  readUnmatched: async () => null,
  acknowledgeUnmatched: async () => 'not_found',
  operate: async () => null,
  signalDetails: async () => true,
  signalReturn: async () => true,
  signalApprovers: async () => true,
};

/** That store, counting its calls. Any part can be replaced. */
export function makeStore(overrides: Partial<PayoutStore> = {}): {
  [Call in keyof PayoutStore]: jest.MockedFunction<PayoutStore[Call]>;
} {
  const calls: [string, jest.Func][] = Object.entries({ ...STORE, ...overrides });
  return Object.fromEntries(calls.map(([name, call]) => [name, jest.fn(call)])) as never;
}

/** A store without notifications. */
export function makeNotificationStore(overrides: Partial<NotificationStore> = {}): NotificationStore {
  return {
    list: async () => ({ notifications: [], next: null }),
    of: async () => [],
    read: async () => null,
    resend: async () => 'not_found',
    acknowledge: async () => 'not_found',
    ...overrides,
  };
}

/** A store without batches. */
export function makeBatchStore(overrides: Partial<BatchStore> = {}): BatchStore {
  return {
    read: async () => null,
    start: async () => true,
    list: async () => ({ batches: [], next: null }),
    act: async (reading) => reading,
    async *rows() {},
    ...overrides,
  };
}

export function countCalls(store: ReturnType<typeof makeStore>): number {
  return Object.values(store).reduce((count, call) => count + call.mock.calls.length, 0);
}

export interface AppOptions {
  store?: ReturnType<typeof makeStore>;
  visibility?: Visibility;
  notifications?: NotificationStore;
  batches?: BatchStore;
  subscribers?: readonly { endpoints: readonly string[] | null; tenant: string }[];
  endpoint?: Partial<EndpointConfig>;
  brands?: AppDeps['brands'];
  policies?: AppDeps['policies'];
  publicBaseUrl?: string;
  access?: Partial<AccessSettings>;
  readiness?: AppDeps['readiness'];
  connections?: AppDeps['connections'];
  codec?: AppDeps['codec'];
  ownerOf?: AppDeps['ownerOf'];
  keys?: AppDeps['keys'];
  limits?: AppDeps['limits'];
  observer?: NonNullable<AppDeps['observer']>;
  now?: () => number;
}

/** The product's HTTP side over that store, with everything it logged. */
export async function makeApp(options: AppOptions) {
  const lines: string[] = [];
  const store = options.store ?? makeStore();
  const publicBaseUrl = options.publicBaseUrl ?? PUBLIC_BASE_URL;
  const app = await buildApp({
    store,
    ownerOf: options.ownerOf ?? (async () => null),
    visibility: options.visibility ?? createFakeVisibility([]),
    ...(options.observer && { observer: options.observer }),
    exportPauseMs: 0,
    notifications: options.notifications ?? makeNotificationStore(),
    limits: { readUsage: async () => null, ...options.limits },
    batches: options.batches ?? makeBatchStore(),
    endpoints: createEndpointDirectory({
      endpoints: [{ ...ENDPOINT, ...options.endpoint }],
      policy: DEFAULT_POLICY,
      publicBaseUrl,
      receiverLinkKeys: RECEIVER_LINK_KEYS,
      subscribers: options.subscribers ?? [],
    }),
    ...(options.brands === undefined ? {} : { brands: options.brands }),
    ...(options.policies === undefined ? {} : { policies: options.policies }),
    hashKey: HASH_KEY,
    receiverLinkKeys: RECEIVER_LINK_KEYS,
    publicBaseUrl,
    access: { ...NO_KEYS, ...options.access },
    ...(options.connections === undefined ? {} : { connections: options.connections }),
    readiness: options.readiness ?? (async () => []),
    codec: options.codec ?? null,
    ...(options.keys && { keys: options.keys }),
    log: pino({ level: 'trace' }, { write: (line: string) => lines.push(line) }),
    now: options.now ?? (() => START_MS),
  });
  return { app, store, log: () => lines.join(''), takeLog: () => lines.splice(0).join('') };
}

/** What may be another at each request to a shared app. */
type Parts = Pick<AppOptions, 'store' | 'visibility' | 'notifications' | 'batches'>;

/**
 * One app for many requests, each over stores of its own, for tests of what an app does not remember: to build one costs more than
 * all that it is asked. Settings that differ have an app each.
 */
export function shareApp() {
  const apps = new Map<string, ReturnType<typeof openShared>>();
  return async ({ store, visibility, notifications, batches, ...settings }: AppOptions = {}) => {
    const key = JSON.stringify(settings, (_name, value) => {
      if (typeof value === 'function') throw new Error('what is called cannot be a setting of a shared app');
      return value;
    });
    const app = apps.get(key) ?? openShared(settings);
    apps.set(key, app);
    return (await app)({ store, visibility, notifications, batches });
  };
}

async function openShared(settings: AppOptions) {
  const fill = ({ store, visibility, notifications, batches }: Parts) => ({
    store: store ?? makeStore(),
    visibility: visibility ?? createFakeVisibility([]),
    notifications: notifications ?? makeNotificationStore(),
    batches: batches ?? makeBatchStore(),
  });
  let now = fill({});
  const later = <Name extends keyof typeof now>(name: Name) => {
    const callNow = (call: string) =>
      [call, (...args: unknown[]) => (now[name] as never as Record<string, jest.Func>)[call]!(...args)] as const;
    return Object.fromEntries(Object.keys(now[name]).map(callNow)) as never as (typeof now)[Name];
  };
  const lists = { visibility: later('visibility'), notifications: later('notifications'), batches: later('batches') };
  const made = await makeApp({ ...settings, store: later('store'), ...lists });
  return (next: Parts) => {
    now = fill(next);
    made.takeLog();
    return { ...made, ...now };
  };
}

export const INPUT: PayoutInput = {
  request: REQUEST,
  endpoint: 'default',
  acceptedAtMs: START_MS,
  policy: DEFAULT_POLICY,
  callbackUrl: `${PUBLIC_BASE_URL}/callbacks/default`,
  redirectUrl: createReceiverLinks({ receiverLinkKeys: RECEIVER_LINK_KEYS, publicBaseUrl: PUBLIC_BASE_URL }).returnOf(
    makePayout(),
  ),
};

export function makeReading(payout: Payout = makePayout(), fields: Partial<Reading> = {}): Reading {
  return {
    payout,
    steps: [],
    input: INPUT,
    fingerprint: null,
    tenant: tenantOf(payout),
    madeBy: 'local',
    isClosed: false,
    eventCount: 3,
    runId: 'f2a7c6de-0000-4000-8000-000000000001',
    decided: [payout],
    lateEvents: [],
    ...fields,
  };
}
