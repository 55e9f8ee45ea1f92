import { buildStackEnvironment, listUrls } from '../../scripts/stack-environment';

const keys = {
  login: 'cp-demo',
  controlKey: 'CONTROL',
  controlKeyFile: '/k/control',
  privateKeyFile: '/k/private',
  publicKeyFile: '/k/public',
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
  ]) {
    expect([name, api[name], worker[name]]).toEqual([name, '', '']);
  }
  expect(Object.keys(api)).not.toContain('TEMPORAL_API_KEY');
});

it('points the product at the simulator and both at the same keys', () => {
  const { api, worker, simulator } = build({});
  expect(worker.GATEWAY_BASE_URL).toBe(simulator.SIMULATOR_PUBLIC_BASE_URL);
  expect(worker.GATEWAY_LOGIN).toBe(simulator.SIMULATOR_LOGIN);
  expect([simulator.SIMULATOR_PORT, api.PORT, api.HOST]).toEqual(['8091', '3001', '127.0.0.1']);
  expect(api.PUBLIC_BASE_URL).toBe(listUrls(addresses).api);
  expect(worker.PUBLIC_BASE_URL).toBe(api.PUBLIC_BASE_URL);
});

it('hands the secrets of the product over as files', () => {
  const { api, worker } = build({});
  for (const environment of [api, worker]) expect(Object.values(environment)).not.toContain(keys.controlKey);
});
