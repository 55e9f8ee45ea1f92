import { z } from 'zod';
import { type Backoff, DEFAULT_POLICY } from '../domain/poll-plan';
import { apiKeys } from './api-keys';
import { BOUNDS } from './bounds';
import {
  bindAddress,
  duration,
  hosts,
  json,
  networks,
  origin,
  ownKey,
  ownKeys,
  payloadKeys,
  perSecond,
  pollPlan,
  text,
  url,
  wholeNumber,
} from './config-values';
import { ENDPOINT_VARIABLES } from './single-endpoint';
import { DEFAULT_LIMITS, LEAST_CACHED_WORKFLOWS } from './worker-limits';

/** The gateway's callback URL field takes 128 characters, of which our path needs some. */
const PUBLIC_BASE_URL_LENGTH = 80;

const collector = text(/^https?:\/\/[^\s@?#]{1,2000}$/, 'an http or https URL without credentials or query');

/** The default shown for keys that only this software uses. */
const OWN_KEY = '**required** with `API_KEYS`; otherwise each process makes one';

/** The one schema of the environment. The table in the docs is made from it; `secret` variables may also be given as `NAME_FILE`. */
export const ENVIRONMENT = {
  ...ENDPOINT_VARIABLES,
  GATEWAY_TIMEOUT: {
    schema: duration.default(30_000),
    shown: '30s',
    meaning: 'Timeout for the answer to a payout; status requests get two thirds of it',
  },
  GATEWAY_HOSTS: {
    schema: hosts.optional(),
    meaning: 'Allowed hosts of gateways, separated by commas; any other prevents the start',
  },
  ENDPOINTS_FILE: {
    schema: z.string().optional(),
    meaning:
      'JSON file with several endpoints, instead of all `GATEWAY_` variables but `GATEWAY_TIMEOUT` and `GATEWAY_HOSTS`; see operating',
  },
  ALLOW_REPLICATED_NAMESPACE: {
    schema: z.enum(['yes']).optional(),
    meaning: '`yes` lets a worker start on a replicated namespace; see operating',
  },
  NOTIFICATIONS_FILE: {
    schema: z.string().optional(),
    meaning: 'JSON file with the subscribers to notify; see notifications',
  },
  POLICIES_FILE: {
    schema: z.string().optional(),
    meaning:
      'YAML or JSON file with rules for approvals, limits, hooks, duplicates and refusals; API and worker read it; see policies',
  },
  BRANDING_FILE: {
    schema: z.string().optional(),
    meaning: "JSON file with the payer's name, purpose, logo and colours for Receivers' pages; see operating",
  },
  PUBLIC_BASE_URL: {
    schema: url(
      `an https URL (http to loopback only) of at most ${PUBLIC_BASE_URL_LENGTH} characters without query`,
      PUBLIC_BASE_URL_LENGTH,
    ),
    meaning: 'Where the gateway and the Receiver reach this API',
  },
  HASH_KEY: {
    schema: ownKey.optional(),
    secret: true,
    shown: OWN_KEY,
    meaning: 'Key for request fingerprints, destination hashes and list cursors; keep it when you rotate other keys',
  },
  RECEIVER_LINK_KEYS: {
    schema: ownKeys.optional(),
    secret: true,
    shown: OWN_KEY,
    meaning: "Keys for links to Receivers' pages, one per line; the first signs, all verify",
  },
  API_KEYS: {
    schema: apiKeys.default([]),
    secret: true,
    shown: 'no keys: the API listens on loopback only',
    meaning: 'Callers, as JSON: names, scopes and hashes of their keys; see operating',
  },
  API_RATE: {
    schema: perSecond.default(100),
    meaning: 'Maximum requests per second from one caller, per API process',
  },
  TENANT_RATE: {
    schema: perSecond.optional(),
    shown: 'five times `API_RATE`',
    meaning: 'Maximum requests per second from all callers of one tenant, per API process',
  },
  API_CONNECTIONS: {
    schema: wholeNumber(1, 99_999).default(BOUNDS.connections.most),
    meaning: 'Maximum open connections per API process',
  },
  API_REQUEST_TIME: {
    schema: duration.default(BOUNDS.requestMs.most),
    shown: '10s',
    meaning: 'Time limit for a request to arrive, headers and body',
  },
  RECEIVER_RATE: {
    schema: perSecond.default(10),
    meaning: "Maximum requests per second from one address to the Receiver's routes",
  },
  TRUSTED_PROXIES: {
    schema: networks.default([]),
    shown: 'none',
    meaning: 'Addresses and networks of proxies, separated by commas; only their `X-Forwarded-For` is read',
  },
  PAYLOAD_KEYS: {
    schema: payloadKeys.optional(),
    secret: true,
    shown: '**required** unless Temporal is on this machine',
    meaning:
      'Keys that encrypt what Temporal stores, one `<id>:<base64 of 32 bytes>` per line; the first encrypts, all decrypt',
  },
  CODEC_ORIGIN: {
    schema: origin.optional(),
    shown: 'off',
    meaning: 'Origin of the Temporal UI that may show decrypted payloads; see operating',
  },
  POLL_PLAN: {
    schema: json(
      pollPlan,
      'a JSON list like [{"every":"4s","until":"5m"},{"every":"5m","until":"1h"}] with rising ends',
    ).default(DEFAULT_POLICY.pollPlan),
    shown: 'every 4s until 5m, 5m until 1h, 1h until 24h, 6h until 14d',
    meaning: 'JSON, when to ask for the order status: fast polling first; the last entry ends at the horizon',
  },
  UNCONFIRMED_BACKOFF: {
    schema: json(
      z.strictObject({ gaps: z.array(duration).min(1), every: duration, until: duration }),
      'a JSON object like {"gaps":["5s","15s"],"every":"1h","until":"24h"}',
    )
      .transform(({ gaps, every, until }): Backoff => ({ gapsMs: gaps, thenEveryMs: every, untilMs: until }))
      .default(DEFAULT_POLICY.backoff),
    shown: '5s 15s 30s 1m 2m 5m 10m 15m, then 1h until 24h',
    meaning: 'JSON, when to ask after a send whose outcome is unknown',
  },
  CONFIRM_WITHIN: {
    schema: duration.default(DEFAULT_POLICY.confirmWithinMs),
    shown: '60s',
    meaning: 'How long to wait for a silent gateway to confirm a callback before it settles the payout alone',
  },
  HOST: {
    schema: text(/^[0-9A-Za-z.:-]{1,253}$/, 'a host name or address').default('127.0.0.1'),
    meaning: 'Address the API listens on',
  },
  PORT: {
    schema: text(/^[0-9]{1,5}$/, 'a port number')
      .transform(Number)
      .pipe(z.int().max(65_535, 'expected a port number'))
      .default(3000),
    meaning: 'Port the API listens on',
  },
  WORKER_CACHE: {
    schema: wholeNumber(LEAST_CACHED_WORKFLOWS, 1_000_000).default(DEFAULT_LIMITS.cachedWorkflows),
    meaning: 'Workflows that a worker keeps in memory; others are replayed when needed',
  },
  WORKER_WATCHES: {
    schema: wholeNumber(2, 100_000).default(DEFAULT_LIMITS.watches),
    meaning: 'Payouts of one endpoint that a worker polls at once; above half, each poll is an activity attempt',
  },
  WORKER_CALLS: {
    schema: wholeNumber(2, 1_000).default(DEFAULT_LIMITS.calls),
    meaning: 'Maximum concurrent calls of each kind (send, confirm, poll) to one endpoint, per worker',
  },
  WORKER_POLLERS: {
    schema: wholeNumber(2, 100).default(DEFAULT_LIMITS.pollers),
    meaning: 'Maximum pollers per task queue and worker; their number follows the load',
  },
  WORKER_DEPLOYMENT_NAME: {
    schema: text(/^[0-9A-Za-z_-]{1,100}$/, 'letters, digits, - and _, at most 100').optional(),
    shown: 'workers have no version',
    meaning: 'Worker deployment in Temporal, with `WORKER_BUILD_ID`; see operating',
  },
  WORKER_BUILD_ID: {
    schema: text(/^[0-9A-Za-z_.+-]{1,100}$/, 'letters, digits, and any of . + - _, at most 100').optional(),
    meaning: 'Build of this worker: a commit or an image tag',
  },
  METRICS_ADDRESS: {
    schema: bindAddress.optional(),
    shown: 'no metrics',
    meaning: 'Where to serve Prometheus metrics (`/metrics`): a port on loopback, or an IP address with a port',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: collector.optional(),
    shown: 'no traces',
    meaning: 'Collector of traces (OTLP/HTTP, JSON); the other `OTEL_` variables apply too',
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    schema: collector.optional(),
    meaning: 'The same, with the whole path; has precedence',
  },
  LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    meaning: 'Lowest level that is logged',
  },
} satisfies Record<string, { schema: z.ZodType; meaning: string; secret?: true; shown?: string }>;

export type Environment = { [Name in keyof typeof ENVIRONMENT]: z.output<(typeof ENVIRONMENT)[Name]['schema']> };
