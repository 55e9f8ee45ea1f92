import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, readConfig } from '../../src/config/config';

const PEM = '-----BEGIN PRIVATE KEY-----\nsecret pem\n-----END PRIVATE KEY-----';
const SINGLE = {
  GATEWAY_BASE_URL: 'https://sandbox.example.com/paynet/',
  GATEWAY_ENDPOINT_ID: '1144',
  GATEWAY_LOGIN: 'cp-demo',
  GATEWAY_CONTROL_KEY: 'SECRET-CONTROL-KEY-1',
  GATEWAY_PRIVATE_KEY: PEM,
  PUBLIC_BASE_URL: 'https://payouts.example.com',
};
const ENTRY = {
  name: 'sepa',
  baseUrl: 'https://sandbox.example.com/paynet',
  endpointId: '1144',
  login: 'cp-demo',
  controlKey: 'SECRET-CONTROL-KEY-1',
  privateKey: PEM,
};
const SEVERAL = { ENDPOINTS_FILE: '/etc/endpoints.json', PUBLIC_BASE_URL: 'https://payouts.example.com' };
const noFile = (path: string): string => {
  throw new Error(`no ${path}`);
};
const fileOf = (entries: unknown) => () => JSON.stringify(entries);

function problemsOf(env: NodeJS.ProcessEnv, readFile = noFile): readonly string[] {
  try {
    readConfig(env, readFile);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

describe('one endpoint from the environment', () => {
  it('needs its variables, and says so once for each', () => {
    expect(problemsOf({ PUBLIC_BASE_URL: SINGLE.PUBLIC_BASE_URL })).toEqual([
      'GATEWAY_BASE_URL: is required',
      'GATEWAY_LOGIN: is required',
      'GATEWAY_CONTROL_KEY: is required',
      'GATEWAY_PRIVATE_KEY: is required',
      'GATEWAY_ENDPOINT_ID: expected exactly one of GATEWAY_ENDPOINT_ID and GATEWAY_ENDPOINT_GROUP_ID',
    ]);
  });

  it.each([
    ['2.5', 2.5],
    ['', null],
  ])('GATEWAY_RATE %p is %p calls per second', (text, ratePerSecond) => {
    expect(readConfig({ ...SINGLE, GATEWAY_RATE: text }, noFile).endpoints[0]).toMatchObject({ ratePerSecond });
  });

  it.each(['0', '-1', 'fast', '1001', 'Infinity'])('GATEWAY_RATE %p is refused', (text) => {
    expect(problemsOf({ ...SINGLE, GATEWAY_RATE: text })).toEqual([
      'GATEWAY_RATE: expected a number of calls per second, from 0.1 to 1000',
    ]);
  });

  it('reads a poll plan and refuses one that does not rise', () => {
    const plan = [{ every: '1s', until: '10s' }];
    expect(readConfig({ ...SINGLE, POLL_PLAN: JSON.stringify(plan) }, noFile).policy.pollPlan).toEqual([
      { everyMs: 1_000, untilMs: 10_000 },
    ]);
    expect(problemsOf({ ...SINGLE, POLL_PLAN: JSON.stringify([...plan, ...plan]) })).toHaveLength(1);
  });

  it('never repeats a value', () => {
    const bad = Object.fromEntries(Object.keys(SINGLE).map((name) => [name, ' S3CR3T ']));
    const problems = problemsOf(bad);
    expect(problems.map((problem) => problem.split(':')[0]).sort()).toEqual(Object.keys(SINGLE).sort());
    expect(problems.join('\n')).not.toContain('S3CR3T');
  });
});

describe('several endpoints from a file', () => {
  it('take the place of the single one', () => {
    const { endpoints } = readConfig(SEVERAL, fileOf([ENTRY, { ...ENTRY, name: 'usd' }]));
    expect(endpoints.map(({ name }) => name)).toEqual(['sepa', 'usd']);
  });

  it.each(Object.keys(SINGLE).filter((name) => name.startsWith('GATEWAY_')))('stand beside no %s', (name) => {
    const env = { ...SEVERAL, [name]: SINGLE[name as keyof typeof SINGLE] };
    expect(problemsOf(env, fileOf([ENTRY]))).toEqual([
      `ENDPOINTS_FILE: expected either ENDPOINTS_FILE or ${name}, not both`,
    ]);
  });

  it('stand beside the time limit, which is for all', () => {
    expect(readConfig({ ...SEVERAL, GATEWAY_TIMEOUT: '9s' }, fileOf([ENTRY])).answerTimeoutMs).toBe(9_000);
  });

  it('are all at listed hosts, when hosts are listed', () => {
    const entries = fileOf([ENTRY, { ...ENTRY, name: 'usd', baseUrl: 'https://gate.example.org:8443/paynet' }]);
    const host = new URL(ENTRY.baseUrl).host;
    const problemsWith = (hosts: string) => problemsOf({ ...SEVERAL, GATEWAY_HOSTS: hosts }, entries);
    expect(problemsWith(`${host}, gate.example.org:8443`)).toEqual([]);
    expect(problemsWith(`gate.example.org,${host}`)).toEqual([]);
    expect(problemsWith(`${host},gate.example.org:443,example.org,rgate.example.org`)).toEqual([
      'GATEWAY_HOSTS: expected the host of endpoint usd among them',
    ]);
    expect(problemsWith('other.example.org')).toHaveLength(2);
  });

  it('are complained about like variables', () => {
    expect(problemsOf(SEVERAL)).toEqual(['ENDPOINTS_FILE /etc/endpoints.json: expected the path of a readable file']);
  });

  it('stand beside no host list of the single one', () => {
    expect(problemsOf({ ...SEVERAL, GATEWAY_REDIRECT_HOSTS: 'gate.example.com' }, fileOf([ENTRY]))).toEqual([
      'ENDPOINTS_FILE: expected either ENDPOINTS_FILE or GATEWAY_REDIRECT_HOSTS, not both',
    ]);
  });

  it('share no key with ours: older control keys neither', () => {
    const entry = { ...ENTRY, olderControlKeys: ['k'.repeat(32)] };
    expect(problemsOf({ ...SEVERAL, HASH_KEY: 'k'.repeat(32) }, fileOf([entry]))).toEqual([
      'HASH_KEY: expected a key that is not used for anything else',
    ]);
  });
});

test.each(['ENDPOINTS_FILE', 'NOTIFICATIONS_FILE'])(
  '%s in another encoding than UTF-8 is refused, not guessed',
  (name) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'config-'));
    const file = path.join(directory, 'latin-1.json');
    writeFileSync(file, Buffer.from('[{"name":"sépa"}]', 'latin1'));
    const env = {
      PUBLIC_BASE_URL: 'https://payouts.example.com',
      ...(name === 'ENDPOINTS_FILE' ? {} : SINGLE),
      [name]: file,
    };
    expect(() => readConfig(env)).toThrow(expect.objectContaining({ problems: [expect.stringMatching(/readable/)] }));
    rmSync(directory, { recursive: true });
  },
);
