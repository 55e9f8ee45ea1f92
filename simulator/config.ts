import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DEFAULT_SETTINGS, parseSettings, SettingError, type Settings } from './settings';

/** An endpoint the simulator knows; with none configured every endpoint takes every currency. */
export interface Endpoint {
  readonly id: string;
  readonly currency: string;
}

export interface SimulatorConfig {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly ledgerPath: string;
  readonly login: string;
  readonly controlKey: string;
  readonly publicKey: KeyObject;
  /** What the control API asks for; null: nothing. */
  readonly controlToken?: string | null;
  /** The address callers sign, with the context path; null means `http://{host}:{port}/paynet`. */
  readonly publicBaseUrl: string | null;
  readonly endpoints: readonly Endpoint[];
  readonly settings: Settings;
}

/** A variable that cannot be used. The message names it and never shows its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(variable: string, expected: string) {
    super(`${variable}: expected ${expected}`);
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads the `SIMULATOR_*` variables; an empty one counts as unset.
 * @throws ConfigError for the first unusable variable.
 */
export function readConfig(env: Env): SimulatorConfig {
  requireSettings(env);
  const port = env.SIMULATOR_PORT || '8090';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new ConfigError('SIMULATOR_PORT', 'a port, or 0');
  return {
    host: env.SIMULATOR_HOST || '127.0.0.1',
    port: Number(port),
    ledgerPath: env.SIMULATOR_LEDGER || '.data/simulator-ledger.jsonl',
    login: requireText(env, 'SIMULATOR_LOGIN', 'the login of the Connecting Party'),
    controlKey: requireText(env, 'SIMULATOR_CONTROL_KEY', 'the merchant control key'),
    publicKey: readPublicKey(env),
    controlToken: env.SIMULATOR_CONTROL_TOKEN || null,
    publicBaseUrl: readBaseUrl(env),
    endpoints: readEndpoints(env),
    settings: readSettings(env),
  };
}

/** All that is missing at once: a first start has none of them. */
function requireSettings(env: Env): void {
  const missing = ['SIMULATOR_LOGIN', 'SIMULATOR_CONTROL_KEY'].filter((variable) => !env[variable]);
  if (!env.SIMULATOR_PUBLIC_KEY && !env.SIMULATOR_PUBLIC_KEY_FILE) missing.push('SIMULATOR_PUBLIC_KEY_FILE');
  if (missing.length > 1) throw new ConfigError(missing.join(', '), 'a value of each');
}

function requireText(env: Env, variable: string, expected: string): string {
  const value = env[variable];
  if (!value) throw new ConfigError(variable, expected);
  return value;
}

function readPublicKey(env: Env): KeyObject {
  const variable = env.SIMULATOR_PUBLIC_KEY ? 'SIMULATOR_PUBLIC_KEY' : 'SIMULATOR_PUBLIC_KEY_FILE';
  const given = requireText(env, variable, 'an RSA public key (PEM), or SIMULATOR_PUBLIC_KEY with it');
  let key: KeyObject;
  try {
    // One-line environment files carry the line ends of a PEM as two characters.
    const pem = variable === 'SIMULATOR_PUBLIC_KEY' ? given.replaceAll('\\n', '\n') : readFileSync(given, 'utf8');
    key = createPublicKey(pem);
  } catch {
    throw new ConfigError(variable, 'a readable RSA public key (PEM)');
  }
  if (key.asymmetricKeyType !== 'rsa') throw new ConfigError(variable, 'an RSA public key (PEM)');
  return key;
}

function readBaseUrl(env: Env): string | null {
  const text = env.SIMULATOR_PUBLIC_BASE_URL;
  if (!text) return null;
  const isUsable = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !/[?#]/.test(text);
  if (!isUsable) throw new ConfigError('SIMULATOR_PUBLIC_BASE_URL', 'an http or https URL without a query');
  return text.replace(/\/+$/, '');
}

function readEndpoints(env: Env): readonly Endpoint[] {
  const text = env.SIMULATOR_ENDPOINTS;
  if (!text) return [];
  return text.split(',').map((part) => {
    const [, id, currency] = /^\s*(\d+):([A-Z]{3})\s*$/.exec(part) ?? [];
    if (id === undefined || currency === undefined) {
      throw new ConfigError('SIMULATOR_ENDPOINTS', 'a list such as 1144:EUR,1145:USD');
    }
    return { id, currency };
  });
}

/** The environment variable of a setting: `callbackFirstGapMs` is `SIMULATOR_CALLBACK_FIRST_GAP_MS`, and so on. */
export function variableOf(setting: string): string {
  return `SIMULATOR_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function readSettings(env: Env): Settings {
  const given = Object.entries(DEFAULT_SETTINGS).flatMap(([name, fallback]) => {
    const text = env[variableOf(name)];
    return text ? [[name, readSetting(text, typeof fallback)] as const] : [];
  });
  try {
    return { ...DEFAULT_SETTINGS, ...parseSettings(Object.fromEntries(given)) };
  } catch (error) {
    if (error instanceof SettingError) throw new ConfigError(variableOf(error.setting), error.expected);
    throw error;
  }
}

function readSetting(text: string, type: string): unknown {
  if (type === 'number') return Number(text);
  if (type === 'boolean' && /^(true|1)$/.test(text)) return true;
  if (type === 'boolean' && /^(false|0)$/.test(text)) return false;
  return text;
}
