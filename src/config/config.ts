import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { PolicyRule } from '../domain/policies';
import { DEFAULT_POLICY, type PayoutPolicy } from '../domain/poll-plan';
import type { WorkerVersion } from '../temporal/deployment';
import type { PayloadKeys } from '../temporal/payload-keys';
import { type ApiKey, checkKeyEndpoints } from './api-keys';
import type { ConnectionBounds } from './bounds';
import { type Brand, readBrandingFile } from './branding-file';
import { isListedHost } from './config-values';
import type { EndpointConfig } from './endpoint';
import { readEndpointsFile } from './endpoints-file';
import { ENVIRONMENT, type Environment } from './environment';
import type { HookConfig } from './hook';
import { readNotificationsFile } from './notifications-file';
import { describeMadeKeys, findMissingKeys, findSharedKeys } from './own-keys';
import { readPoliciesFile } from './policies-file';
import { describeOpenFiles, type SecretFile } from './secret-files';
import { checkEndpointVariables, SINGLE_ENDPOINT_NAME, toSingleEndpoint } from './single-endpoint';
import type { SubscriberConfig } from './subscriber';
import type { WorkerLimits } from './worker-limits';

/** A bad configuration: every complaint names its variable and what was expected, never the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`bad configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

export type { EndpointConfig } from './endpoint';

/** Who may use the API, and how much. */
export interface AccessSettings {
  /** Empty: there are no keys, and anyone who reaches the port can do everything. */
  readonly apiKeys: readonly ApiKey[];
  /** The file they are from, which may change; null when they are in the environment. */
  readonly keysFile: string | null;
  readonly callerRatePerSecond: number;
  readonly tenantRatePerSecond: number;
  readonly receiverRatePerSecond: number;
  /** Addresses and networks whose `X-Forwarded-` headers are believed. */
  readonly trustedProxies: readonly string[];
}

export interface Config {
  readonly endpoints: readonly EndpointConfig[];
  /** Who gets notifications. */
  readonly subscribers: readonly SubscriberConfig[];
  /** Who pays, as Receivers see it. */
  readonly brands: readonly Brand[];
  /** What has to happen before payouts are sent, by rules read top down. */
  readonly policies: readonly PolicyRule[];
  /** The services that such rules ask before a send. */
  readonly hooks: readonly HookConfig[];
  readonly answerTimeoutMs: number;
  readonly policy: PayoutPolicy;
  readonly publicBaseUrl: string;
  readonly hashKey: string;
  /** The first makes the links of Receivers, all of them open. */
  readonly receiverLinkKeys: readonly string[];
  readonly access: AccessSettings;
  readonly connections: ConnectionBounds;
  /** How much a worker takes on at once. */
  readonly limits: WorkerLimits;
  /** Null: workers have no version, and every worker takes payouts. */
  readonly version: WorkerVersion | null;
  /** Null: payloads cross Temporal unencrypted. */
  readonly payloadKeys: PayloadKeys | null;
  /** Null: there is no codec server. */
  readonly codecOrigin: string | null;
  readonly host: string;
  readonly port: number;
  /** `address:port` of the metrics of a process; null: there are none. */
  readonly metricsAddress: string | null;
  /** Sends traces to a collector, which OpenTelemetry finds by its own variables. */
  readonly isTraced: boolean;
  readonly logLevel: string;
  /** Sends from a namespace that is replicated to several clusters, where the record of a send is no fence. */
  readonly allowsReplicated: boolean;
  /** What is wrong, and no reason not to start; for the log. */
  readonly warnings: readonly string[];
}

/**
 * Reads the configuration of a process from its environment. Reads no file but those named by `*_FILE` and in these files, and nothing at
 * import.
 * @throws ConfigError listing every bad variable
 */
export function readConfig(env: NodeJS.ProcessEnv, readFile: (path: string) => string = readText): Config {
  const problems: string[] = [];
  const secretFiles: SecretFile[] = listTemporalFiles(env);
  const isSet = (name: string) => Boolean(env[name] || env[`${name}_FILE`]);
  const read: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(ENVIRONMENT)) {
    const value = readVariable(env, name, { isSecret: 'secret' in variable, readFile, problems, secretFiles });
    const parsed = variable.schema.safeParse(value);
    if (parsed.success) read[name] = parsed.data;
    else problems.push(`${name}: ${value === undefined ? 'is required' : expectation(parsed.error)}`);
  }
  problems.push(...checkEndpointVariables(env, isSet), ...findMissingKeys(isSet));
  const file = env.ENDPOINTS_FILE || null;
  const fromFile = file === null ? null : readEndpointsFile(file, { readFile, secretFiles });
  const names = fromFile?.items.map(({ name }) => name) ?? [SINGLE_ENDPOINT_NAME];
  const notifications = env.NOTIFICATIONS_FILE
    ? readNotificationsFile(env.NOTIFICATIONS_FILE, { readFile, endpoints: names, secretFiles })
    : { items: [], problems: [] };
  const branding = env.BRANDING_FILE
    ? readBrandingFile(env.BRANDING_FILE, { readFile, endpoints: names, secretFiles })
    : { items: [], problems: [] };
  const policies = env.POLICIES_FILE
    ? readPoliciesFile(env.POLICIES_FILE, { readFile, endpoints: names, secretFiles })
    : { rules: [], hooks: [], problems: [] };
  problems.push(...(fromFile?.problems ?? []), ...notifications.problems, ...branding.problems, ...policies.problems);
  const keyProblems = checkKeyEndpoints((read.API_KEYS as Environment['API_KEYS'] | undefined) ?? [], names);
  problems.push(...keyProblems.map((problem) => `API_KEYS: ${problem}`));
  problems.push(...checkCertificateSwitch(env), ...checkVersion(isSet));
  if (problems.length > 0) throw new ConfigError(problems);
  const environment = read as Environment;
  const endpoints = fromFile?.items ?? [toSingleEndpoint(environment)];
  const elsewhere = endpoints.filter(({ baseUrl }) => !isListedHost(baseUrl, environment.GATEWAY_HOSTS));
  const config = toConfig(environment, endpoints);
  const controlKeys = endpoints.flatMap(({ controlKey, olderControlKeys }) => [controlKey, ...olderControlKeys]);
  problems.push(
    ...elsewhere.map(({ name }) => `GATEWAY_HOSTS: expected the host of endpoint ${name} among them`),
    ...findSharedKeys({ ...config, controlKeys }),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  const atLeastOnce = config.allowsReplicated ? [REPLICATED] : [];
  const warnings = [...describeMadeKeys(isSet), ...describeOpenFiles(secretFiles), ...atLeastOnce];
  const access = { ...config.access, keysFile: env.API_KEYS_FILE || null };
  return Object.freeze({
    ...config,
    access,
    subscribers: notifications.items,
    brands: branding.items,
    policies: policies.rules,
    hooks: policies.hooks,
    warnings,
  });
}

/** `PAYLOAD_KEYS` alone, for a command that calls no gateway; null when there are none. @throws ConfigError */
export function readPayloadKeysSetting(
  env: NodeJS.ProcessEnv,
  readFile: (path: string) => string = readText,
): PayloadKeys | null {
  const problems: string[] = [];
  const value = readVariable(env, 'PAYLOAD_KEYS', { isSecret: true, readFile, problems, secretFiles: [] });
  const parsed = ENVIRONMENT.PAYLOAD_KEYS.schema.safeParse(value);
  if (!parsed.success) problems.push(`PAYLOAD_KEYS: ${expectation(parsed.error)}`);
  if (problems.length > 0) throw new ConfigError(problems);
  return parsed.data ?? null;
}

/** The gateway's certificate is checked anyway, but the person who set this expects otherwise, and Temporal's may depend on it. */
function checkCertificateSwitch(env: NodeJS.ProcessEnv): string[] {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return [];
  return [
    'NODE_TLS_REJECT_UNAUTHORIZED: expected no value; add a private certificate authority with NODE_EXTRA_CA_CERTS',
  ];
}

/** Half a version would be none, silently. */
function checkVersion(isSet: (name: string) => boolean): string[] {
  const pair = ['WORKER_DEPLOYMENT_NAME', 'WORKER_BUILD_ID'];
  const missing = pair.filter((name) => !isSet(name));
  return missing.length === 1 ? [`${missing[0]}: expected a value, as ${pair.find(isSet)} has one`] : [];
}

/** Files of Temporal's SDK that hold, or may hold, a secret. */
function listTemporalFiles(env: NodeJS.ProcessEnv): SecretFile[] {
  const settings = ['TEMPORAL_CONFIG_FILE', 'TEMPORAL_TLS_CLIENT_KEY_PATH'];
  return settings.flatMap((setting) => (env[setting] ? [{ setting, path: env[setting] }] : []));
}

function readVariable(
  env: NodeJS.ProcessEnv,
  name: string,
  options: { isSecret: boolean; readFile: (path: string) => string; problems: string[]; secretFiles: SecretFile[] },
): string | undefined {
  const direct = env[name] || undefined;
  const path = options.isSecret ? env[`${name}_FILE`] || undefined : undefined;
  if (path === undefined) return direct;
  if (direct !== undefined) options.problems.push(`${name}: expected either ${name} or ${name}_FILE, not both`);
  options.secretFiles.push({ setting: `${name}_FILE`, path });
  try {
    return options.readFile(path).trimEnd();
  } catch {
    options.problems.push(`${name}_FILE: expected the path of a readable file`);
    return undefined;
  }
}

function expectation(error: z.ZodError): string {
  const message = error.issues[0]?.message ?? 'is not valid';
  return message.replace(/^Invalid [a-z]+: /, '');
}

function readText(path: string): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
}

const REPLICATED = 'ALLOW_REPLICATED_NAMESPACE: in a replicated namespace a send may run twice at a failover';

function toConfig(
  env: Environment,
  endpoints: readonly EndpointConfig[],
): Omit<Config, 'subscribers' | 'brands' | 'policies' | 'hooks' | 'warnings'> {
  const answerTimeoutMs = env.GATEWAY_TIMEOUT;
  return {
    endpoints,
    answerTimeoutMs,
    policy: {
      ...DEFAULT_POLICY,
      pollPlan: env.POLL_PLAN,
      backoff: env.UNCONFIRMED_BACKOFF,
      confirmWithinMs: env.CONFIRM_WITHIN,
      answerTimeoutMs: Math.ceil((answerTimeoutMs * 2) / 3),
      submitTimeoutMs: Math.ceil(answerTimeoutMs * 1.5),
    },
    publicBaseUrl: env.PUBLIC_BASE_URL,
    hashKey: env.HASH_KEY ?? makeKey(),
    receiverLinkKeys: env.RECEIVER_LINK_KEYS ?? [makeKey()],
    access: {
      apiKeys: env.API_KEYS,
      keysFile: null,
      callerRatePerSecond: env.API_RATE,
      tenantRatePerSecond: env.TENANT_RATE ?? 5 * env.API_RATE,
      receiverRatePerSecond: env.RECEIVER_RATE,
      trustedProxies: env.TRUSTED_PROXIES,
    },
    connections: { most: env.API_CONNECTIONS, requestMs: env.API_REQUEST_TIME },
    limits: {
      cachedWorkflows: env.WORKER_CACHE,
      watches: env.WORKER_WATCHES,
      calls: env.WORKER_CALLS,
      pollers: env.WORKER_POLLERS,
    },
    version:
      env.WORKER_DEPLOYMENT_NAME === undefined || env.WORKER_BUILD_ID === undefined
        ? null
        : { deploymentName: env.WORKER_DEPLOYMENT_NAME, buildId: env.WORKER_BUILD_ID },
    payloadKeys: env.PAYLOAD_KEYS ?? null,
    codecOrigin: env.CODEC_ORIGIN ?? null,
    host: env.HOST,
    port: env.PORT,
    metricsAddress: env.METRICS_ADDRESS ?? null,
    isTraced: (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined,
    logLevel: env.LOG_LEVEL,
    allowsReplicated: env.ALLOW_REPLICATED_NAMESPACE === 'yes',
  };
}

function makeKey(): string {
  return randomBytes(32).toString('base64url');
}
