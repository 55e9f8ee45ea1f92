import { hkdfSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { DEFAULT_POLICY, type PayoutPolicy, type PollPlan, type PollStage } from './domain/poll-plan';
import { ENVIRONMENT, type Environment } from './environment';

/** A bad configuration: every complaint names its variable and what was expected, never the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`bad configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** A field an endpoint takes beyond the documented ones, as agreed with the gateway. */
export interface ExtraField {
  readonly name: string;
  readonly required: boolean;
  readonly maxLength: number;
}

/** One entry at the gateway. Its name is ours and part of the callback URL. */
export interface EndpointConfig {
  readonly name: string;
  readonly baseUrl: string;
  readonly target: { readonly kind: 'endpoint' | 'group'; readonly id: string };
  readonly login: string;
  readonly controlKey: string;
  readonly privateKeyPem: string;
  readonly statusApi: 'v2' | 'v4';
  readonly replyFormat: 'form' | 'json';
  readonly extraFields: readonly ExtraField[];
}

export interface Config {
  readonly endpoints: readonly EndpointConfig[];
  readonly answerTimeoutMs: number;
  readonly policy: PayoutPolicy;
  readonly publicBaseUrl: string;
  readonly hashKey: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}

/**
 * Reads the configuration of a process from its environment. Reads no file but those named by `*_FILE`, and nothing at import.
 * @throws ConfigError listing every bad variable
 */
export function readConfig(env: NodeJS.ProcessEnv, readFile: (path: string) => string = readText): Config {
  const problems: string[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(ENVIRONMENT)) {
    const parsed = variable.schema.safeParse(
      readVariable(env, name, { isSecret: 'secret' in variable, readFile, problems }),
    );
    if (parsed.success) read[name] = parsed.data;
    else
      problems.push(
        `${name}: ${parsed.error.issues[0]?.code === 'invalid_type' ? 'is required' : expectation(parsed.error)}`,
      );
  }
  if (!env.GATEWAY_ENDPOINT_ID === !env.GATEWAY_ENDPOINT_GROUP_ID) {
    problems.push('GATEWAY_ENDPOINT_ID: expected exactly one of GATEWAY_ENDPOINT_ID and GATEWAY_ENDPOINT_GROUP_ID');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(toConfig(read as Environment));
}

function readVariable(
  env: NodeJS.ProcessEnv,
  name: string,
  options: { isSecret: boolean; readFile: (path: string) => string; problems: string[] },
): string | undefined {
  const direct = env[name] || undefined;
  const path = options.isSecret ? env[`${name}_FILE`] || undefined : undefined;
  if (path === undefined) return direct;
  if (direct !== undefined) options.problems.push(`${name}: expected either ${name} or ${name}_FILE, not both`);
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
  return readFileSync(path, 'utf8');
}

function toConfig(env: Environment): Config {
  const group = env.GATEWAY_ENDPOINT_GROUP_ID;
  const answerTimeoutMs = env.GATEWAY_TIMEOUT;
  return {
    endpoints: [
      {
        name: 'default',
        baseUrl: env.GATEWAY_BASE_URL,
        target:
          group === undefined ? { kind: 'endpoint', id: env.GATEWAY_ENDPOINT_ID ?? '' } : { kind: 'group', id: group },
        login: env.GATEWAY_LOGIN,
        controlKey: env.GATEWAY_CONTROL_KEY,
        privateKeyPem: env.GATEWAY_PRIVATE_KEY,
        statusApi: env.GATEWAY_STATUS_API,
        replyFormat: env.GATEWAY_REPLY_FORMAT,
        extraFields: env.GATEWAY_EXTRA_FIELDS,
      },
    ],
    answerTimeoutMs,
    policy: {
      ...DEFAULT_POLICY,
      pollPlan: env.POLL_PLAN as readonly PollStage[] as PollPlan,
      ladder: env.UNCONFIRMED_LADDER,
      confirmWithinMs: env.CONFIRM_WITHIN,
      answerTimeoutMs: Math.ceil((answerTimeoutMs * 2) / 3),
      submitTimeoutMs: Math.ceil(answerTimeoutMs * 1.5),
    },
    publicBaseUrl: env.PUBLIC_BASE_URL,
    hashKey: env.HASH_KEY ?? deriveHashKey(env.GATEWAY_CONTROL_KEY),
    host: env.HOST,
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
  };
}

/** Bound to its purpose, so that a hash that becomes known tells nothing about the control key. */
function deriveHashKey(controlKey: string): string {
  return Buffer.from(hkdfSync('sha256', controlKey, '', 'payout hash key', 32)).toString('hex');
}
