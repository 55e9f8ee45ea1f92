import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { payoutBody } from '../../src/api/payouts/schemas';
import { readConfig } from '../../src/config/config';
import { documentNamed, ROOT, readText, shellBlocks } from './documents';

test('the commands of docs/integrate.md make keys and settings that the product takes', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'payouts-integrate-'));
  try {
    for (const name of ['package.json', 'scripts', 'src', 'node_modules'])
      symlinkSync(path.join(ROOT, name), path.join(dir, name));
    const blocks = shellBlocks(documentNamed('docs/integrate.md').text);
    expect(blocks.length).toBe(3);
    for (const block of blocks) {
      const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', block], { cwd: dir, encoding: 'utf8' });
      expect({ block, status, stderr: status === 0 ? '' : stderr }).toEqual({ block, status: 0, stderr: '' });
    }
    const lines = readFileSync(path.join(dir, 'secrets', 'product.env'), 'utf8')
      .trim()
      .split('\n');
    const env = Object.fromEntries(lines.map((line) => line.split('=', 2) as [string, string]));
    const config = readConfig(env, (file) => readFileSync(path.join(dir, file), 'utf8'));
    expect(config.access.apiKeys.map(({ name, scopes }) => [name, scopes])).toEqual([
      ['shop', ['payouts:write', 'payouts:read']],
    ]);
    expect(statSync(path.join(dir, 'secrets', 'gateway-private.pem')).mode & 0o077).toBe(0);
    for (const file of ['.gitignore', '.dockerignore']) expect(readText(file)).toMatch(/^secrets\/?$/m);
  } finally {
    rmSync(dir, { recursive: true });
  }
}, 120_000);

test('the requests of docs/requests.http are taken as they stand', () => {
  const requests = readText('docs/requests.http')
    .split('###')
    .filter((part) => /POST \S+\/payouts\n/.test(part));
  expect(requests.length).toBe(2);
  for (const request of requests) {
    const [, body = ''] = request.split('\n\n');
    expect(payoutBody.safeParse(JSON.parse(body)).error).toBeUndefined();
  }
});
