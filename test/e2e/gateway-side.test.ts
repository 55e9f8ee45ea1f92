import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { QUICK } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

const WRONG_KEY = 'a-control-key-the-gateway-has-not';

describe('the way to the gateway, in the real processes', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      ...QUICK,
      temporal: 'shared',
      endpoints: ({ gateway, keys }) => {
        const { login, controlKeyFile, privateKeyFile } = keys;
        const shared = { baseUrl: gateway, login, privateKeyFile };
        return [
          { ...shared, name: 'right', endpointId: 1144, controlKeyFile },
          { ...shared, name: 'wrong', endpointId: 1144, controlKey: WRONG_KEY },
        ];
      },
    });
  }, 120_000);
  afterAll(async () => stack?.stop(), 60_000);

  test('a worker says which control keys the gateway knows, and the keys in no line', async () => {
    const lines = await stack.waitFor('both keys to be checked', async () => {
      const found = stack.logs('worker').filter((line) => line.includes('control key'));
      return found.length >= 2 ? found : null;
    });
    const notified = lines.map((line) => JSON.parse(line) as { endpoint: string; level: number; msg: string });
    expect(notified.map(({ endpoint, level, msg }) => [endpoint, level, msg])).toEqual([
      ['right', 30, 'the gateway knows our control key'],
      [
        'wrong',
        40,
        'the gateway answers our control key like a wrong one: the key is wrong, or this gateway does not tell',
      ],
    ]);
    expect(stack.logs('worker').join('\n')).not.toContain(WRONG_KEY);
  });

  test.each(['worker', 'api'] as const)('the %s does not start unless certificates are checked', (name) => {
    const program = name === 'worker' ? 'worker' : 'server';
    const { status, stderr } = spawnSync(process.execPath, [path.join(__dirname, `../../dist/src/${program}.js`)], {
      env: { ...stack.environment[name], NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      'NODE_TLS_REJECT_UNAUTHORIZED: expected it unset: give a private authority by NODE_EXTRA_CA_CERTS',
    );
  });
});
