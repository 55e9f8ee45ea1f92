import { generateKeyPairSync } from 'node:crypto';
import { readConfig } from '../../simulator/config';
import { DEFAULT_SETTINGS } from '../../simulator/settings';

const pemOf = (key: ReturnType<typeof generateKeyPairSync>) =>
  (key.publicKey as unknown as { export(o: object): string }).export({ type: 'spki', format: 'pem' });
const RSA = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }) as never);
const REQUIRED = { SIMULATOR_LOGIN: 'cp-demo', SIMULATOR_CONTROL_KEY: 'SECRET-KEY', SIMULATOR_PUBLIC_KEY: RSA };

test('defaults: loopback, port 8090, the demo settings; empty counts as unset', () => {
  expect(readConfig({ ...REQUIRED, SIMULATOR_PORT: '', SIMULATOR_SLOW_MS: '' })).toMatchObject({
    host: '127.0.0.1',
    port: 8090,
    ledgerPath: '.data/simulator-ledger.jsonl',
    publicBaseUrl: null,
    endpoints: [],
    settings: DEFAULT_SETTINGS,
  });
});

test('a first start says all that is missing', () => {
  const all = 'SIMULATOR_LOGIN, SIMULATOR_CONTROL_KEY, SIMULATOR_PUBLIC_KEY_FILE: expected a value of each';
  expect(() => readConfig({})).toThrow(all);
});

test('everything can be set', () => {
  const config = readConfig({
    ...REQUIRED,
    SIMULATOR_PORT: '0',
    SIMULATOR_PUBLIC_BASE_URL: 'https://gate.example/checkout/',
    SIMULATOR_ENDPOINTS: '1144:EUR, 1145:USD',
    SIMULATOR_DUPLICATES: 'refuse',
    SIMULATOR_CHECK_SKEW: 'false',
    SIMULATOR_CHECK_NONCE: '0',
    SIMULATOR_CALLBACK_FIRST_GAP_MS: '7',
    SIMULATOR_CALLBACK_GAP_FACTOR: '1.5',
    SIMULATOR_FORM_LIMIT_MS: '8',
  });
  expect(config.publicBaseUrl).toBe('https://gate.example/checkout');
  expect(config.endpoints).toEqual([
    { id: '1144', currency: 'EUR' },
    { id: '1145', currency: 'USD' },
  ]);
  expect(config.settings).toEqual({
    ...DEFAULT_SETTINGS,
    duplicates: 'refuse',
    checkSkew: false,
    checkNonce: false,
    callbackFirstGapMs: 7,
    callbackGapFactor: 1.5,
    formLimitMs: 8,
  });
});

test.each<[string, string]>([
  ['SIMULATOR_LOGIN', ''],
  ['SIMULATOR_CONTROL_KEY', ''],
  ['SIMULATOR_PUBLIC_KEY', 'no key'],
  ['SIMULATOR_PUBLIC_KEY', pemOf(generateKeyPairSync('ed25519') as never)],
  ['SIMULATOR_PORT', '70000'],
  ['SIMULATOR_PUBLIC_BASE_URL', 'gate.example/paynet'],
  ['SIMULATOR_ENDPOINTS', '1144'],
  ['SIMULATOR_DUPLICATES', 'maybe'],
  ['SIMULATOR_CHECK_SKEW', 'perhaps'],
  ['SIMULATOR_HANG_MS', 'soon'],
  ['SIMULATOR_CALLBACK_TRIES', '0'],
])('%s = %j stops the start and is named', (variable, value) => {
  expect(() => readConfig({ ...REQUIRED, [variable]: value })).toThrow(new RegExp(`^${variable}: expected`));
});

test('no public key at all names the variable for the file', () => {
  expect(() => readConfig({ ...REQUIRED, SIMULATOR_PUBLIC_KEY: '' })).toThrow(/^SIMULATOR_PUBLIC_KEY_FILE: expected/);
});
