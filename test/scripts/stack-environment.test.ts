import { execFileSync } from 'node:child_process';
import { buildStackEnvironment, formatSettings, listUrls } from '../../scripts/stack-environment';

const keys = {
  login: 'cp-demo',
  controlKey: 'CONTROL',
  controlKeyFile: '/k/control',
  privateKeyFile: '/k/private',
  publicKeyFile: '/k/public',
  hashKeyFile: '/k/hash-key',
  receiverLinkKeysFile: '/k/receiver-link-keys',
  payloadKeysFile: '/k/payload-keys' as string | null,
};
const addresses = { api: 3001, simulator: 8091, temporalAddress: '127.0.0.1:7234', namespace: 'default' };
const build = (base: NodeJS.ProcessEnv) =>
  buildStackEnvironment({ addresses, keys, simulatorLedger: '/l', temporalConfigFile: '/t', base });

it('keeps a real gateway and another Temporal out, whatever is set', () => {
  const real = 'https://gate.example.com/paynet';
  const { api, worker, simulator } = build({
    PATH: '/bin',
    GATEWAY_BASE_URL: real,
    GATEWAY_PRIVATE_KEY: 'real key',
    GATEWAY_ENDPOINT_GROUP_ID: '7',
    GATEWAY_STATUS_API: 'v4',
    ENDPOINTS_FILE: '/real/endpoints.json',
    PUBLIC_BASE_URL: 'https://payouts.example.com',
    TEMPORAL_API_KEY: 'cloud',
    TEMPORAL_PROFILE: 'cloud',
    API_KEYS: 'a',
    API_KEYS_FILE: '/real/keys.json',
    HASH_KEY: 'real key',
    HASH_KEY_FILE: '/real/keys',
    RECEIVER_LINK_KEYS: 'real key',
    RECEIVER_LINK_KEYS_FILE: '/real/keys',
    PAYLOAD_KEYS: 'real key',
    PAYLOAD_KEYS_FILE: '/real/keys',
  });
  for (const environment of [api, worker, simulator]) {
    expect(environment.PATH).toBe('/bin');
    expect(JSON.stringify(environment)).not.toMatch(/real|cloud|payouts\.example|v4/);
  }
  for (const name of [
    'GATEWAY_PRIVATE_KEY',
    'GATEWAY_ENDPOINT_GROUP_ID',
    'ENDPOINTS_FILE',
    'GATEWAY_CONTROL_KEY',
    'API_KEYS',
    'API_KEYS_FILE',
    'HASH_KEY',
    'RECEIVER_LINK_KEYS',
    'PAYLOAD_KEYS',
  ]) {
    expect([name, api[name], worker[name]]).toEqual([name, '', '']);
  }
  expect(Object.keys(api)).not.toContain('TEMPORAL_API_KEY');
});

it('notifies no one but the subscriber of the demonstration', () => {
  expect(build({ NOTIFICATIONS_FILE: '/real/file' }).worker.NOTIFICATIONS_FILE).toBe('');
  const input = { addresses, keys, simulatorLedger: '/l', temporalConfigFile: '/t', base: {} };
  const { api, worker } = buildStackEnvironment({ ...input, notificationsFile: '/n' });
  expect([api.NOTIFICATIONS_FILE, worker.NOTIFICATIONS_FILE]).toEqual(['/n', '/n']);
});

it('points the product at the simulator and both at the same keys', () => {
  const { api, worker, simulator } = build({});
  expect(worker.GATEWAY_BASE_URL).toBe(simulator.SIMULATOR_PUBLIC_BASE_URL);
  expect(worker.GATEWAY_LOGIN).toBe(simulator.SIMULATOR_LOGIN);
  expect([simulator.SIMULATOR_PORT, api.PORT, api.HOST]).toEqual(['8091', '3001', '127.0.0.1']);
  expect(api.PUBLIC_BASE_URL).toBe(listUrls(addresses).api);
  expect(worker.PUBLIC_BASE_URL).toBe(api.PUBLIC_BASE_URL);
  expect([worker.PAYLOAD_KEYS_FILE, api.PAYLOAD_KEYS_FILE]).toEqual(['/k/payload-keys', '/k/payload-keys']);
  for (const environment of [worker, api]) {
    expect(environment).toMatchObject({
      HASH_KEY_FILE: '/k/hash-key',
      RECEIVER_LINK_KEYS_FILE: '/k/receiver-link-keys',
    });
  }
  expect([simulator.PAYLOAD_KEYS_FILE, simulator.HASH_KEY_FILE, simulator.RECEIVER_LINK_KEYS_FILE]).toEqual(
    Array(3).fill(undefined),
  );
});

it('hands no payload keys over where there are none', () => {
  const { worker } = buildStackEnvironment({
    ...{ addresses, keys: { ...keys, payloadKeysFile: null }, simulatorLedger: '/l', temporalConfigFile: '/t' },
    base: { PAYLOAD_KEYS_FILE: '/real/keys' },
  });
  expect(worker.PAYLOAD_KEYS_FILE).toBe('');
});

it('lets the Temporal UI of this machine read payloads, and no other', () => {
  const temporalUi = 'http://127.0.0.1:8234';
  const input = {
    keys,
    simulatorLedger: '/l',
    temporalConfigFile: '/t',
    base: { CODEC_ORIGIN: 'https://real.example.com' },
  };
  const { api, worker } = buildStackEnvironment({ ...input, addresses: { ...addresses, temporalUi } });
  expect(api.CODEC_ORIGIN).toBe(temporalUi);
  expect(buildStackEnvironment({ ...input, addresses }).api.CODEC_ORIGIN).toBe('');
  expect(listUrls(addresses).codec).toBe('http://127.0.0.1:3001/codec');
  expect(worker.CODEC_ORIGIN).toBe('');
});

it('hands the secrets of the product over as files', () => {
  const { api, worker } = build({});
  for (const environment of [api, worker]) expect(Object.values(environment)).not.toContain(keys.controlKey);
});

it('gives the API the port before the one of the worker for metrics, and none when the worker has none', () => {
  const metricsOf = (address?: string) =>
    build(address === undefined ? {} : { METRICS_ADDRESS: address }).api.METRICS_ADDRESS;
  expect([metricsOf('9464'), metricsOf('10.0.0.5:9464'), metricsOf()]).toEqual(['9463', '10.0.0.5:9463', '']);
});

it('writes what a shell reads as the same settings, and of what is there already only server and build', () => {
  const base = { PATH: '/bin', WORKER_BUILD_ID: '1', TEMPORAL_ADDRESS: '127.0.0.1:7233' };
  const said = formatSettings({ ...base, PLAN: `{"a": "it's"} $HOME`, EMPTY: '' }, base);
  expect(said).not.toMatch(/PATH|EMPTY/);
  expect(said).toContain("export WORKER_BUILD_ID='1'\nexport TEMPORAL_ADDRESS='127.0.0.1:7233'\n");
  const script = `${said}printf %s "$PLAN"`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(`{"a": "it's"} $HOME`);
});
