import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../../scripts/build';
import { createApiKey } from '../../scripts/keys';
import { createCallerDirectory } from '../../src/api/plugins/callers';
import { apiKeys } from '../../src/config/api-keys';

const root = path.join(__dirname, '../..');

it('the key it makes is the one its entry lets in', () => {
  const { key, entry } = createApiKey({ name: 'shop', scopes: 'payouts:write, payouts:read', expires: '2027-01-01' });
  const keys = apiKeys.parse(JSON.stringify([entry]));
  const callers = createCallerDirectory(
    () => keys,
    () => Date.UTC(2026, 11, 31),
  );
  expect(callers.identify(`Bearer ${key}`, '127.0.0.1')).toMatchObject({
    caller: { name: 'shop', scopes: ['payouts:write', 'payouts:read'], tenant: 'default' },
  });
  expect(JSON.stringify(entry)).not.toContain(key);
});

it('an entry has a tenant, a person, endpoints and networks where they are given', () => {
  const { entry } = createApiKey({
    ...{ name: 'ops', scopes: 'payouts:operate', tenant: 'shops', tenants: 'shops, markets', person: 'maria' },
    ...{ endpoints: 'euros', networks: '10.0.0.0/8,::1' },
  });
  expect(entry).toMatchObject({
    ...{ tenant: 'shops', tenants: ['shops', 'markets'], person: 'maria', endpoints: ['euros'] },
    networks: ['10.0.0.0/8', '::1'],
  });
  expect(createApiKey({ name: 'house', scopes: 'codec', tenants: '*' }).entry).toMatchObject({ tenants: ['*'] });
});

it.each([
  [{ scopes: 'payouts:read' }, /^entry 1: name: expected /],
  [{ name: 'shop' }, /^entry 1: scopes: expected /],
  [{ name: 'shop', scopes: 'all' }, /^entry 1: scopes: expected /],
  [{ name: 'shop', scopes: 'codec', expires: 'never' }, /^entry 1: expires: expected /],
])('%j is refused', (words, problem) => {
  expect(() => createApiKey(words)).toThrow(problem);
});

function runKeys(...args: readonly string[]) {
  const tsx = path.join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  return spawnSync(process.execPath, [tsx, 'scripts/keys.ts', ...args], { cwd: root, encoding: 'utf8' });
}

it('prints the key once, and its entry', () => {
  const { status, stdout, stderr } = runKeys('api', '--name', 'shop', '--scopes', 'payouts:read');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.match(/pk_[A-Za-z0-9_-]{43}/g)).toHaveLength(1);
  expect(stdout).toMatch(/\{"name":"shop","scopes":\["payouts:read"\],"hash":"sha256:[0-9a-f]{64}"\}/);
});

it.each([
  ['secret', /^[A-Za-z0-9_-]{43}\n$/],
  ['payload', /^\d{4}-\d\d-\d\d-[0-9a-f]{4}:[A-Za-z0-9+/]{43}=\n$/],
  ['notification', /^whsec_[A-Za-z0-9+/]{43}=\n$/],
])('%s: prints a key and nothing else', (kind, expected) => {
  const { status, stdout, stderr } = runKeys(kind);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(expected);
});

it.each([[[]], [['papyrus']], [['api', '--name', 'shop']]])('%j: shows how to call it', (args) => {
  const { status, stdout, stderr } = runKeys(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('npm run keys -- KIND');
});

describe('an install without development packages', () => {
  let dir: string;
  const run = (name: string, ...args: string[]) =>
    spawnSync(process.execPath, ['-r', './scripts/packages.cjs', '--import', 'tsx', `scripts/${name}.ts`, ...args], {
      cwd: dir,
      encoding: 'utf8',
    });
  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'payouts-production-'));
    mkdirSync(path.join(dir, 'scripts'));
    mkdirSync(path.join(dir, 'dist', 'scripts'), { recursive: true });
    cpSync(path.join(root, 'scripts', 'packages.cjs'), path.join(dir, 'scripts', 'packages.cjs'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('says what a command needs', () => {
    for (const name of ['start', 'demo', 'keys']) {
      const { status, stderr } = run(name);
      expect({ name, status }).toEqual({ name, status: 1 });
      expect(stderr).toMatch(/^This command needs the development packages.*npm ci --include=dev\n$/);
    }
  });

  it('makes keys by the build', () => {
    writeFileSync(
      path.join(dir, 'dist', 'scripts', 'keys.js'),
      'console.log(process.argv.slice(2).join()); process.exit(3)',
    );
    expect(run('keys', 'api', '--name', 'shop')).toMatchObject({ status: 3, stdout: 'api,--name,shop\n', stderr: '' });
  });
});

it('the product image makes keys of every kind', async () => {
  await ensureBuilt();
  const dir = mkdtempSync(path.join(tmpdir(), 'payouts-image-'));
  try {
    const product = readFileSync(path.join(root, 'Dockerfile'), 'utf8').split(/^FROM base AS product$/m)[1] ?? '';
    const copies = [...product.matchAll(/^COPY --from=build (.+) (\S+)$/gm)];
    for (const [, sources = '', target = ''] of copies)
      for (const source of sources.split(' ').map((file) => file.replace('/app/', '')))
        cpSync(path.join(root, source), path.join(dir, target, target.endsWith('/') ? path.basename(source) : ''), {
          recursive: true,
        });
    // As the stage it starts from has them.
    cpSync(path.join(root, 'package.json'), path.join(dir, 'package.json'));
    symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
    const calls = [['secret'], ['payload'], ['notification'], ['api', '--name', 'shop', '--scopes', 'payouts:read']];
    const answers = calls.map((args) =>
      spawnSync(process.execPath, ['dist/scripts/keys.js', ...args], { cwd: dir, encoding: 'utf8' }),
    );
    expect(answers.map(({ status, stderr }) => [status, stderr])).toEqual(calls.map(() => [0, '']));
  } finally {
    rmSync(dir, { recursive: true });
  }
});
