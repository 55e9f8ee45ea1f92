import { execSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, readConfig } from '../../src/config/config';
import { ENVIRONMENT } from '../../src/config/environment';
import { describeOpenFiles, isOpenToOthers } from '../../src/config/secret-files';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
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
  it('the one endpoint of the environment may say what its gateway does otherwise', () => {
    const { endpoints } = readConfig({
      ...LEAST_ENVIRONMENT,
      GATEWAY_FIELD_LENGTHS: '{"accountNumber":34}',
      GATEWAY_COLLECT: 'card, bank_account',
      GATEWAY_PAYOUT_TYPES: 'payout, deposit2card',
      GATEWAY_CALLBACK_FIELDS: 'server_callback_url',
      GATEWAY_EXTRA_FIELDS: '[{"name":"Sender.Name"}]',
    });
    expect(endpoints).toMatchObject([
      {
        fieldLengths: { accountNumber: 34, bankCode: 3 },
        collect: ['card', 'bank_account'],
        payoutTypes: ['payout', 'deposit2card'],
        callbackFields: 'server_callback_url',
        extraFields: [{ name: 'Sender.Name', required: false, maxLength: 255 }],
      },
    ]);
  });

  it.each([
    ['WORKER_BUILD_ID', 'WORKER_DEPLOYMENT_NAME'],
    ['WORKER_DEPLOYMENT_NAME', 'WORKER_BUILD_ID'],
  ])('%s alone is half a version', (name, other) => {
    const problems = problemsOf({ ...LEAST_ENVIRONMENT, [name]: 'x' });
    expect(problems).toEqual([`${other}: expected a value, as ${name} has one`]);
  });

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
          fieldLengths: { accountNumber: 24, bankCode: 3 },
          collect: ['bank_account'],
          payoutTypes: ['payout', 'none'],
          callbackFields: 'both',
          requiredFields: [],
          pollPlan: null,
          calendar: null,
          ratePerSecond: null,
          redirectHosts: null,
        },
      ],
      subscribers: [],
      policies: [],
      hooks: [],
      version: null,
      brands: [],
      answerTimeoutMs: 30_000,
      policy: { ...DEFAULT_POLICY, answerTimeoutMs: 20_000, submitTimeoutMs: 45_000 },
      publicBaseUrl: 'https://cp.example.org',
      hashKey: LEAST_ENVIRONMENT.HASH_KEY,
      receiverLinkKeys: [LEAST_ENVIRONMENT.RECEIVER_LINK_KEYS],
      access: {
        keysFile: null,
        tenantRatePerSecond: 500,
        apiKeys: [],
        callerRatePerSecond: 100,
        receiverRatePerSecond: 10,
        trustedProxies: [],
      },
      payloadKeys: null,
      codecOrigin: null,
      host: '127.0.0.1',
      port: 3000,
      metricsAddress: null,
      isTraced: false,
      logLevel: 'info',
      connections: { most: 2_000, requestMs: 10_000 },
      limits: { cachedWorkflows: 2_000, watches: 2_000, calls: 32, pollers: 10 },
      allowsReplicated: false,
      warnings: [],
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
      RECEIVER_LINK_KEYS: `${'m'.repeat(32)}\n${'l'.repeat(32)}\n`,
      GATEWAY_REDIRECT_HOSTS: 'gate.example.com, forms.example.com:8443',
      API_KEYS: API_KEYS_SAMPLE,
      API_RATE: '7',
      RECEIVER_RATE: '3',
      TRUSTED_PROXIES: '10.0.0.7, 192.168.0.0/16,fd00::/8',
      PAYLOAD_KEYS: `k2:${KEY},k1:${KEY}`,
      CODEC_ORIGIN: 'http://127.0.0.1:8233',
      POLL_PLAN: '[{"every":"1s","until":"10s"},{"every":"1m","until":"1d"}]',
      UNCONFIRMED_BACKOFF: '{"gaps":["1s","2s"],"every":"1m","until":"1h"}',
      CONFIRM_WITHIN: '5s',
      HOST: '::1',
      PORT: '8080',
      WORKER_DEPLOYMENT_NAME: 'payouts',
      WORKER_BUILD_ID: '1.2.3',
      METRICS_ADDRESS: '9464',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces',
      LOG_LEVEL: 'silent',
    });
    expect(config.version).toEqual({ deploymentName: 'payouts', buildId: '1.2.3' });
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
          redirectHosts: ['gate.example.com', 'forms.example.com:8443'],
        },
      ],
      answerTimeoutMs: 10_000,
      policy: {
        pollPlan: [
          { everyMs: 1_000, untilMs: 10_000 },
          { everyMs: 60_000, untilMs: 86_400_000 },
        ],
        backoff: { gapsMs: [1_000, 2_000], thenEveryMs: 60_000, untilMs: 3_600_000 },
        confirmWithinMs: 5_000,
        answerTimeoutMs: 6_667,
        submitTimeoutMs: 15_000,
      },
      publicBaseUrl: 'http://127.0.0.1:3000',
      hashKey: 'k'.repeat(32),
      receiverLinkKeys: ['m'.repeat(32), 'l'.repeat(32)],
      access: {
        keysFile: null,
        tenantRatePerSecond: 35,
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
      isTraced: true,
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
      'NODE_TLS_REJECT_UNAUTHORIZED: expected no value; add a private certificate authority with NODE_EXTRA_CA_CERTS',
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
    expect(secrets).toEqual([
      'GATEWAY_CONTROL_KEY',
      'GATEWAY_PRIVATE_KEY',
      'HASH_KEY',
      'RECEIVER_LINK_KEYS',
      'API_KEYS',
      'PAYLOAD_KEYS',
    ]);
  });

  it.each(secrets)('%s is read from a file, without its last line end', (name) => {
    const known: Record<string, string> = {
      ...LEAST_ENVIRONMENT,
      API_KEYS: API_KEYS_SAMPLE,
      PAYLOAD_KEYS: `k1:${KEY}`,
    };
    const value = known[name];
    const dir = mkdtempSync(path.join(tmpdir(), 'config-'));
    const file = path.join(dir, 'secret');
    writeFileSync(file, `${value}\n`, { mode: 0o600 });
    const fromFile = readConfig({ ...LEAST_ENVIRONMENT, [name]: undefined, [`${name}_FILE`]: file });
    rmSync(dir, { recursive: true });
    // The file of keys is followed.
    const keysFile = name === 'API_KEYS' ? file : null;
    const direct = readConfig({ ...LEAST_ENVIRONMENT, [name]: value });
    expect(fromFile).toEqual({
      ...direct,
      access: { ...direct.access, keysFile },
    });
  });

  it('are not read twice', () => {
    const env = { ...LEAST_ENVIRONMENT, GATEWAY_CONTROL_KEY_FILE: '/secret' };
    expect(problemsOf(env, () => CONTROL_KEY)).toEqual([
      'GATEWAY_CONTROL_KEY: expected either GATEWAY_CONTROL_KEY or GATEWAY_CONTROL_KEY_FILE, not both',
    ]);
  });

  it('that cannot be read are named, without the path', () => {
    const env = { ...LEAST_ENVIRONMENT, HASH_KEY: '', HASH_KEY_FILE: `/${MARKER}/missing` };
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

describe('keys that are ours alone', () => {
  const without = { ...LEAST_ENVIRONMENT, HASH_KEY: '', RECEIVER_LINK_KEYS: '' };
  const keysOf = (env: NodeJS.ProcessEnv) => {
    const { hashKey, receiverLinkKeys } = readConfig(env);
    return [hashKey, ...receiverLinkKeys];
  };

  it('are required where there are callers, and the complaint says what makes one', () => {
    expect(problemsOf({ ...without, API_KEYS: API_KEYS_SAMPLE })).toEqual([
      'HASH_KEY: is required with API_KEYS; `npm run keys -- secret` makes one',
      'RECEIVER_LINK_KEYS: is required with API_KEYS; `npm run keys -- secret` makes one',
    ]);
    expect(problemsOf({ ...LEAST_ENVIRONMENT, API_KEYS: API_KEYS_SAMPLE })).toEqual([]);
    const { keys } = JSON.parse(readFileSync('package.json', 'utf8')).scripts;
    const made = execSync(`${keys} secret`, { encoding: 'utf8' }).trim();
    expect(Buffer.from(made, 'base64url')).toHaveLength(32);
    expect(problemsOf({ ...LEAST_ENVIRONMENT, HASH_KEY: made })).toEqual([]);
  });

  it('follow from nothing that others know: without callers each process makes its own, and says so', () => {
    const all = [...keysOf(without), ...keysOf(without)];
    expect(new Set(all).size).toBe(4);
    for (const key of all) expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect(readConfig(without).warnings).toEqual([
      'HASH_KEY: made for this process, and gone with it',
      'RECEIVER_LINK_KEYS: made for this process, and gone with it',
    ]);
  });

  it('do not change with a key of the gateway', () => {
    const other = { ...LEAST_ENVIRONMENT, GATEWAY_CONTROL_KEY: `${CONTROL_KEY}x`, GATEWAY_LOGIN: 'other' };
    expect(keysOf(other)).toEqual(keysOf(LEAST_ENVIRONMENT));
  });

  it('are used for nothing else', () => {
    const shared = 'the-same-key-of-32-characters-and-more';
    const ask = (env: object) => problemsOf({ ...LEAST_ENVIRONMENT, ...env });
    const own = 'expected a key that is not used for anything else';
    expect(ask({ HASH_KEY: shared, GATEWAY_CONTROL_KEY: shared })).toEqual([`HASH_KEY: ${own}`]);
    expect(ask({ RECEIVER_LINK_KEYS: `${'x'.repeat(32)},${shared}`, GATEWAY_CONTROL_KEY: shared })).toEqual([
      `RECEIVER_LINK_KEYS: ${own}`,
    ]);
    expect(ask({ RECEIVER_LINK_KEYS: shared, HASH_KEY: shared })).toEqual([`RECEIVER_LINK_KEYS: ${own}`]);
  });
});

describe('a file that others have access to', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'secret-files-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const fileWith = (mode: number) => {
    const file = path.join(dir, mode.toString(8));
    writeFileSync(file, LEAST_ENVIRONMENT.HASH_KEY);
    chmodSync(file, mode);
    return file;
  };

  it.each([
    [0o600, false],
    [0o400, false],
    [0o700, false],
    [0o640, true],
    [0o604, true],
    [0o620, true],
    [0o602, true],
    [0o601, true],
  ])('of mode %o: %s', (mode, isOpen) => {
    expect(isOpenToOthers(fileWith(mode))).toBe(isOpen);
  });

  it('is warned of by the name of its setting, and read', () => {
    const file = fileWith(0o644);
    const env = { ...LEAST_ENVIRONMENT, HASH_KEY: '', HASH_KEY_FILE: file, TEMPORAL_TLS_CLIENT_KEY_PATH: file };
    const { hashKey, warnings } = readConfig(env);
    expect(hashKey).toBe(LEAST_ENVIRONMENT.HASH_KEY);
    expect(warnings).toEqual(
      ['TEMPORAL_TLS_CLIENT_KEY_PATH', 'HASH_KEY_FILE'].map(
        (name) => `${name}: others than its owner have access to this file: chmod 600`,
      ),
    );
    expect(warnings.join()).not.toContain(hashKey);
    expect(readConfig({ ...env, HASH_KEY_FILE: fileWith(0o600), TEMPORAL_TLS_CLIENT_KEY_PATH: '' }).warnings).toEqual(
      [],
    );
  });

  it('is warned of once for a setting, and not at all when it is not there', () => {
    const files = ['a', 'b'].map((name) => ({ setting: 'ENDPOINTS_FILE', path: name }));
    expect(describeOpenFiles(files, () => true)).toHaveLength(1);
    expect(describeOpenFiles([{ setting: 'HASH_KEY_FILE', path: path.join(dir, 'none') }])).toEqual([]);
  });
});
