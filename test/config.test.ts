import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, readConfig } from '../src/config';
import { DEFAULT_POLICY } from '../src/domain/poll-plan';
import { ENVIRONMENT } from '../src/environment';
import { BAD_VALUES, FILES, LEAST_ENVIRONMENT, MARKER } from './environment-samples';

const API_KEYS_SAMPLE = JSON.stringify([
  { name: 'shop', scopes: ['payouts:read'], hash: `sha256:${'a'.repeat(64)}`, expires: '2027-01-01' },
]);
const KEY = Buffer.alloc(32, 7).toString('base64');
const CONTROL_KEY = LEAST_ENVIRONMENT.GATEWAY_CONTROL_KEY;

function problemsOf(env: NodeJS.ProcessEnv, readFile?: (path: string) => string): readonly string[] {
  try {
    readConfig(env, readFile);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('fills everything that may be left out', () => {
    expect(readConfig(LEAST_ENVIRONMENT)).toEqual({
      endpoints: [
        {
          name: 'default',
          baseUrl: 'https://sandbox.example.com/paynet',
          target: { kind: 'endpoint', id: '1144' },
          login: 'cp-demo',
          controlKey: CONTROL_KEY,
          privateKeyPem: LEAST_ENVIRONMENT.GATEWAY_PRIVATE_KEY,
          statusApi: 'v2',
          replyFormat: 'form',
          olderControlKeys: [],
          currencies: null,
          extraFields: [],
          requiredFields: [],
          pollPlan: null,
          ratePerSecond: null,
          redirectHosts: null,
        },
      ],
      subscribers: [],
      answerTimeoutMs: 30_000,
      policy: { ...DEFAULT_POLICY, answerTimeoutMs: 20_000, submitTimeoutMs: 45_000 },
      publicBaseUrl: 'https://cp.example.org',
      hashKey: expect.stringMatching(/^[0-9a-f]{64}$/),
      access: { apiKeys: [], callerRatePerSecond: 100, receiverRatePerSecond: 10, trustedProxies: [] },
      payloadKeys: null,
      codecOrigin: null,
      host: '127.0.0.1',
      port: 3000,
      metricsAddress: null,
      logLevel: 'info',
    });
  });

  it('takes everything that can be said', () => {
    const config = readConfig({
      ...LEAST_ENVIRONMENT,
      GATEWAY_BASE_URL: 'https://gate.example.com/checkout//',
      GATEWAY_ENDPOINT_ID: '',
      GATEWAY_ENDPOINT_GROUP_ID: '77',
      GATEWAY_STATUS_API: 'v4',
      GATEWAY_REPLY_FORMAT: 'json',
      GATEWAY_TIMEOUT: '10s',
      GATEWAY_EXTRA_FIELDS: '[{"name":"sender_name","required":true,"maxLength":128},{"name":"tax-id"}]',
      PUBLIC_BASE_URL: 'http://127.0.0.1:3000/',
      HASH_KEY: 'k'.repeat(32),
      API_KEYS: API_KEYS_SAMPLE,
      API_RATE: '7',
      RECEIVER_RATE: '3',
      TRUSTED_PROXIES: '10.0.0.7, 192.168.0.0/16,fd00::/8',
      PAYLOAD_KEYS: `k2:${KEY},k1:${KEY}`,
      CODEC_ORIGIN: 'http://127.0.0.1:8233',
      POLL_PLAN: '[{"every":"1s","until":"10s"},{"every":"1m","until":"1d"}]',
      UNCONFIRMED_LADDER: '{"gaps":["1s","2s"],"every":"1m","until":"1h"}',
      CONFIRM_WITHIN: '5s',
      HOST: '::1',
      PORT: '8080',
      METRICS_ADDRESS: '9464',
      LOG_LEVEL: 'silent',
    });
    expect(config).toMatchObject({
      endpoints: [
        {
          baseUrl: 'https://gate.example.com/checkout',
          target: { kind: 'group', id: '77' },
          statusApi: 'v4',
          replyFormat: 'json',
          extraFields: [
            { name: 'sender_name', required: true, maxLength: 128 },
            { name: 'tax-id', required: false, maxLength: 255 },
          ],
        },
      ],
      answerTimeoutMs: 10_000,
      policy: {
        pollPlan: [
          { everyMs: 1_000, untilMs: 10_000 },
          { everyMs: 60_000, untilMs: 86_400_000 },
        ],
        ladder: { gapsMs: [1_000, 2_000], thenEveryMs: 60_000, untilMs: 3_600_000 },
        confirmWithinMs: 5_000,
        answerTimeoutMs: 6_667,
        submitTimeoutMs: 15_000,
      },
      publicBaseUrl: 'http://127.0.0.1:3000',
      hashKey: 'k'.repeat(32),
      access: {
        apiKeys: [{ name: 'shop', scopes: ['payouts:read'], hash: 'a'.repeat(64), expiresAtMs: 1_798_761_600_000 }],
        callerRatePerSecond: 7,
        receiverRatePerSecond: 3,
        trustedProxies: ['10.0.0.7', '192.168.0.0/16', 'fd00::/8'],
      },
      payloadKeys: { activeId: 'k2' },
      codecOrigin: 'http://127.0.0.1:8233',
      host: '::1',
      port: 8080,
      metricsAddress: '127.0.0.1:9464',
      logLevel: 'silent',
    });
  });

  it('is frozen', () => {
    expect(Object.isFrozen(readConfig(LEAST_ENVIRONMENT))).toBe(true);
  });

  it.each(Object.entries(BAD_VALUES))(
    '%s: a bad value is named with what was expected, and not repeated',
    (name, row) => {
      for (const value of row.values) {
        const problems = problemsOf({ ...LEAST_ENVIRONMENT, ...row.beside, [name]: value });
        expect({ value, problems }).toEqual({ value, problems: [`${name}: ${row.expected}`] });
      }
    },
  );

  it('does not start a process that would not check certificates', () => {
    expect(problemsOf({ ...LEAST_ENVIRONMENT, NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toEqual([
      'NODE_TLS_REJECT_UNAUTHORIZED: expected it unset: give a private authority by NODE_EXTRA_CA_CERTS',
    ]);
    expect(problemsOf({ ...LEAST_ENVIRONMENT, NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([]);
  });

  it('takes the gateway’s host only when it is listed, if hosts are', () => {
    expect(problemsOf({ ...LEAST_ENVIRONMENT, GATEWAY_HOSTS: 'sandbox.example.com' })).toEqual([]);
    expect(problemsOf({ ...LEAST_ENVIRONMENT, GATEWAY_HOSTS: 'gate.example.com' })).toEqual([
      'GATEWAY_HOSTS: expected the host of endpoint default among them',
    ]);
  });

  it.each(Object.entries(BAD_VALUES).filter(([, row]) => row.isRequired))(
    '%s is required, and empty means unset',
    (name) => {
      expect(problemsOf({ ...LEAST_ENVIRONMENT, [name]: undefined })).toEqual([`${name}: is required`]);
      expect(problemsOf({ ...LEAST_ENVIRONMENT, [name]: '' })).toEqual([`${name}: is required`]);
    },
  );

  it.each(Object.keys(ENVIRONMENT).filter((name) => !(name in LEAST_ENVIRONMENT)))('%s empty means unset', (name) => {
    expect(readConfig({ ...LEAST_ENVIRONMENT, [name]: '' })).toEqual(readConfig(LEAST_ENVIRONMENT));
  });

  it.each([
    ['both', { GATEWAY_ENDPOINT_GROUP_ID: '77' }],
    ['neither', { GATEWAY_ENDPOINT_ID: '' }],
  ])('an endpoint and a group: %s is a problem', (_name, env) => {
    expect(problemsOf({ ...LEAST_ENVIRONMENT, ...env })).toEqual([
      'GATEWAY_ENDPOINT_ID: expected exactly one of GATEWAY_ENDPOINT_ID and GATEWAY_ENDPOINT_GROUP_ID',
    ]);
  });

  it('lists every problem at once, without a value among them', () => {
    const everyBad = Object.fromEntries(Object.entries(BAD_VALUES).map(([name, row]) => [name, row.values[0]]));
    const problems = problemsOf({ ...everyBad, GATEWAY_ENDPOINT_GROUP_ID: '' });
    const named = problems.map((problem) => problem.split(':')[0]);
    expect(named).toEqual(
      Object.keys(ENVIRONMENT).filter((name) => !['GATEWAY_ENDPOINT_GROUP_ID', ...FILES].includes(name)),
    );
    expect(new ConfigError(problems).message).toBe(
      `bad configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
    expect(problems.join('\n')).not.toContain(MARKER);
  });
});

describe('secrets in files', () => {
  const secrets = Object.entries(ENVIRONMENT)
    .filter(([, variable]) => 'secret' in variable)
    .map(([name]) => name);

  it('are the keys, and nothing else', () => {
    expect(secrets).toEqual(['GATEWAY_CONTROL_KEY', 'GATEWAY_PRIVATE_KEY', 'HASH_KEY', 'API_KEYS', 'PAYLOAD_KEYS']);
  });

  it.each(secrets)('%s is read from a file, without its last line end', (name) => {
    const known: Record<string, string> = {
      ...LEAST_ENVIRONMENT,
      API_KEYS: API_KEYS_SAMPLE,
      PAYLOAD_KEYS: `k1:${KEY}`,
    };
    const value = known[name] ?? 'k'.repeat(32);
    const dir = mkdtempSync(path.join(tmpdir(), 'config-'));
    const file = path.join(dir, 'secret');
    writeFileSync(file, `${value}\n`);
    const fromFile = readConfig({ ...LEAST_ENVIRONMENT, [name]: undefined, [`${name}_FILE`]: file });
    rmSync(dir, { recursive: true });
    expect(fromFile).toEqual(readConfig({ ...LEAST_ENVIRONMENT, [name]: value }));
  });

  it('are not read twice', () => {
    const env = { ...LEAST_ENVIRONMENT, GATEWAY_CONTROL_KEY_FILE: '/secret' };
    expect(problemsOf(env, () => CONTROL_KEY)).toEqual([
      'GATEWAY_CONTROL_KEY: expected either GATEWAY_CONTROL_KEY or GATEWAY_CONTROL_KEY_FILE, not both',
    ]);
  });

  it('that cannot be read are named, without the path', () => {
    const env = { ...LEAST_ENVIRONMENT, HASH_KEY_FILE: `/${MARKER}/missing` };
    expect(problemsOf(env)).toEqual(['HASH_KEY_FILE: expected the path of a readable file']);
  });

  it('a file of another variable is never read', () => {
    const readFile = jest.fn(() => '4444');
    expect(readConfig({ ...LEAST_ENVIRONMENT, PORT_FILE: '/port', GATEWAY_LOGIN_FILE: '/login' }, readFile).port).toBe(
      3000,
    );
    expect(readFile).toHaveBeenCalledTimes(0);
  });
});

describe('the hash key', () => {
  it('is derived from the control key, and is not it', () => {
    const { hashKey } = readConfig(LEAST_ENVIRONMENT);
    expect(hashKey).not.toContain(CONTROL_KEY);
    expect(readConfig(LEAST_ENVIRONMENT).hashKey).toBe(hashKey);
    expect(readConfig({ ...LEAST_ENVIRONMENT, GATEWAY_CONTROL_KEY: `${CONTROL_KEY}x` }).hashKey).not.toBe(hashKey);
  });
});
