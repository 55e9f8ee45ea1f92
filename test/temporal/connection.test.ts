import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readTemporalAddress, tryPatiently } from '../../src/temporal/connection';

const dir = mkdtempSync(path.join(tmpdir(), 'temporal-'));
const profilePath = path.join(dir, 'temporal.toml');
writeFileSync(profilePath, '[profile.default]\n');
afterAll(() => rmSync(dir, { recursive: true }));

const saved = { ...process.env };
afterEach(() => {
  process.env = { ...saved };
});

function addressWith(env: Record<string, string>) {
  for (const name of Object.keys(process.env)) if (name.startsWith('TEMPORAL_')) delete process.env[name];
  // No profile of this machine may answer instead.
  Object.assign(process.env, { TEMPORAL_CONFIG_FILE: profilePath, ...env });
  return readTemporalAddress();
}

it('is the local development server by default', () => {
  const { connectionOptions, namespace, isLoopback } = addressWith({});
  expect([connectionOptions.address, namespace, isLoopback]).toEqual(['localhost:7233', 'default', true]);
});

it.each([
  ['127.0.0.1:7233', true],
  ['localhost:9999', true],
  ['[::1]:7233', true],
  ['temporal:7233', false],
  ['127.0.0.1.example.com:7233', false],
  ['10.0.0.1:7233', false],
])('%s is on this machine: %s', (address, isLoopback) => {
  const read = addressWith({ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'payouts' });
  expect([read.connectionOptions.address, read.namespace, read.isLoopback]).toEqual([address, 'payouts', isLoopback]);
});

it('a process that is being stopped does not begin to wait', async () => {
  const stopping = new AbortController();
  stopping.abort();
  const onWait = jest.fn();
  const attempt = jest.fn(async () => 'connected');
  expect(await tryPatiently(attempt, { onWait, signal: stopping.signal })).toBeNull();
  expect([onWait.mock.calls.length, attempt.mock.calls.length]).toEqual([0, 0]);
});
