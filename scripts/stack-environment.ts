import type { DemoKeys } from './demo-keys';
import { LOOPBACK } from './ports';

export interface StackAddresses {
  readonly api: number;
  readonly simulator: number;
  readonly temporalAddress: string;
  readonly namespace: string;
  /** Base URL of the Temporal UI that may show payloads decrypted; null or absent for none. */
  readonly temporalUi?: string | null;
}

export interface StackEnvironmentInput {
  readonly addresses: StackAddresses;
  readonly keys: DemoKeys;
  readonly simulatorLedger: string;
  /** A file with EMPTY_TEMPORAL_CONFIG: otherwise the user's own Temporal profile would be read. */
  readonly temporalConfigFile: string;
  /** The subscribers of a demonstration; none by default. */
  readonly notificationsFile?: string | null;
  /** The environment we run in. */
  readonly base: NodeJS.ProcessEnv;
}

export interface StackEnvironment {
  readonly simulator: NodeJS.ProcessEnv;
  readonly worker: NodeJS.ProcessEnv;
  readonly api: NodeJS.ProcessEnv;
}

export const ENDPOINT_ID = 1144;

/** A Temporal configuration without settings; the SDK crashes on one without any profile. */
export const EMPTY_TEMPORAL_CONFIG = '[profile.default]\n';

// Empty means unset.
const NO_OTHER_GATEWAY = {
  API_KEYS: '',
  CODEC_ORIGIN: '',
  API_KEYS_FILE: '',
  TRUSTED_PROXIES: '',
  ENDPOINTS_FILE: '',
  GATEWAY_CONTROL_KEY: '',
  GATEWAY_ENDPOINT_GROUP_ID: '',
  GATEWAY_HOSTS: '',
  GATEWAY_PRIVATE_KEY: '',
  HASH_KEY: '',
  PAYLOAD_KEYS: '',
};

/** Addresses people and programs use: page of the simulator, base URLs of its gateway, of the API and of its codec server. */
export function listUrls(addresses: Pick<StackAddresses, 'api' | 'simulator'>) {
  const simulator = `http://${LOOPBACK}:${addresses.simulator}`;
  const api = `http://${LOOPBACK}:${addresses.api}`;
  return { api, simulator, gateway: `${simulator}/paynet`, codec: `${api}/codec` };
}

/**
 * The environment of each process of a stack on one machine. Settings for a real gateway or another
 * Temporal are left out: a demonstration must not move real money or notify anyone elsewhere.
 */
export function buildStackEnvironment(input: StackEnvironmentInput): StackEnvironment {
  const { addresses, keys } = input;
  const urls = listUrls(addresses);
  const base = Object.fromEntries(
    Object.entries(input.base).filter(
      ([name]) =>
        !/^(GATEWAY|TEMPORAL|SIMULATOR|ENDPOINTS|NOTIFICATIONS|PUBLIC_BASE|PAYLOAD|API|HASH|RECEIVER|TRUSTED)_/.test(
          name,
        ),
    ),
  );
  const product = {
    ...base,
    ...NO_OTHER_GATEWAY,
    NOTIFICATIONS_FILE: input.notificationsFile ?? '',
    GATEWAY_BASE_URL: urls.gateway,
    GATEWAY_ENDPOINT_ID: String(ENDPOINT_ID),
    GATEWAY_LOGIN: keys.login,
    GATEWAY_CONTROL_KEY_FILE: keys.controlKeyFile,
    GATEWAY_PRIVATE_KEY_FILE: keys.privateKeyFile,
    HASH_KEY_FILE: keys.hashKeyFile,
    RECEIVER_LINK_KEYS: '',
    RECEIVER_LINK_KEYS_FILE: keys.receiverLinkKeysFile,
    // Each says in its log when it is ready.
    LOG_LEVEL: 'info',
    PAYLOAD_KEYS_FILE: keys.payloadKeysFile ?? '',
    PUBLIC_BASE_URL: urls.api,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    TEMPORAL_NAMESPACE: addresses.namespace,
    TEMPORAL_CONFIG_FILE: input.temporalConfigFile,
  };
  return {
    simulator: {
      ...base,
      SIMULATOR_HOST: LOOPBACK,
      SIMULATOR_PORT: String(addresses.simulator),
      SIMULATOR_PUBLIC_BASE_URL: urls.gateway,
      SIMULATOR_LEDGER: input.simulatorLedger,
      SIMULATOR_LOGIN: keys.login,
      SIMULATOR_CONTROL_KEY: keys.controlKey,
      SIMULATOR_PUBLIC_KEY_FILE: keys.publicKeyFile,
    },
    worker: product,
    api: {
      ...product,
      // Two processes of one machine: the worker has the address, the API the port before it, as in deploy/prometheus.
      METRICS_ADDRESS: (base.METRICS_ADDRESS ?? '').replace(/\d+$/, (port) => String(Number(port) - 1)),
      HOST: LOOPBACK,
      PORT: String(addresses.api),
      CODEC_ORIGIN: addresses.temporalUi ?? '',
    },
  };
}

/** What an environment adds to the one we run in, and its server and build, for `. FILE` of a shell: another worker, `npm run verify`. */
export function formatSettings(environment: NodeJS.ProcessEnv, base: NodeJS.ProcessEnv): string {
  const isOurs = (name: string, value?: string) => value && (value !== base[name] || /^(TEMPORAL|WORKER)_/.test(name));
  return Object.entries(environment)
    .filter(([name, value]) => isOurs(name, value))
    .map(([name, value = '']) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}
