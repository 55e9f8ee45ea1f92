import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findFreePort } from '../../scripts/ports';
import { formatSettings } from '../../scripts/stack-environment';
import { documentNamed, ROOT, shellBlocks } from '../docs/documents';
import { parseCsv } from '../support/parse-csv';
import { joinPatientStack } from '../support/patient-stack';
import type { LedgerEntry } from '../support/payouts';
import type { Stack } from '../support/stack';

let stack: Stack;
const dir = mkdtempSync(path.join(tmpdir(), 'payouts-marketplace-'));
beforeAll(async () => {
  stack = await joinPatientStack();
}, 120_000);
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await stack?.stop();
}, 60_000);

/** One shell, as a person's. What it leaves running ends with it. */
async function runShell(commands: string, env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
    ...{ cwd: dir, env: { ...process.env, ...env }, detached: true },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 200_000,
  });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  const [code] = (await once(shell, 'exit')) as [number | null];
  try {
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
  } catch {
    // It left nothing.
  }
  return { code, output };
}

it('the commands of docs/marketplace.md pay, each once, what the right person approved', async () => {
  for (const name of ['package.json', 'scripts', 'src', 'node_modules', 'dist'])
    symlinkSync(path.join(ROOT, name), path.join(dir, name));
  mkdirSync(path.join(dir, '.data'));
  const settings = { ...stack.environment.worker, METRICS_ADDRESS: '' };
  writeFileSync(path.join(dir, '.data', 'worker.env'), formatSettings(settings, process.env), { mode: 0o600 });

  const blocks = shellBlocks(documentNamed('docs/marketplace.md').text);
  expect(blocks).toHaveLength(5);
  const { code, output } = await runShell(blocks.join('\n'), { PORT: String(await findFreePort([])) });
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });

  const codes = [...output.matchAll(/"status":(\d+),.*?"code":"(\w+)"/g)].map(
    ([, status, name]) => `${status} ${name}`,
  );
  expect(codes).toEqual(['404 not_found', '403 not_permitted']);
  expect(output).toMatch(/"clientOrderId":"BOOKS-1".*"outcome":"approved".*"approvedBy":\["books-lead"\]/);
  expect(output).toMatch(/"batchId":"FRIDAY".*"state":"awaiting_approval".*"started":0,/);
  expect(output).toMatch(/"batchId":"FRIDAY".*"started":3,.*"approvedBy":\["games-lead"\]/);
  const result = await parseCsv(readFileSync(path.join(dir, 'secrets', 'friday-result.csv'), 'utf8'));
  expect(result.map(({ clientOrderId, outcome, tenant }) => [clientOrderId, outcome, tenant])).toEqual(
    [1, 2, 3].map((row) => [`FRIDAY-${row}`, 'approved', 'games']),
  );
  const { entries } = await stack.control<{ entries: (LedgerEntry & { clientOrderId?: string })[] }>('/ledger');
  const accepted = entries.filter(({ kind }) => kind === 'accepted').map(({ clientOrderId }) => clientOrderId ?? '');
  expect(accepted.filter((id) => /^(BOOKS|FRIDAY)-/.test(id)).sort()).toEqual([
    ...['BOOKS-1', 'FRIDAY-1', 'FRIDAY-2', 'FRIDAY-3'],
  ]);
}, 240_000);

it('the commands of docs/batches.md check a file, start it once, and read what became of it', async () => {
  const [commands = ''] = shellBlocks(documentNamed('docs/batches.md').text);
  // Another document has a batch of that name.
  const mine = commands.replaceAll('http://127.0.0.1:3000', stack.api).replaceAll('FRIDAY', 'SATURDAY');
  const row =
    'amount,currency,destination.type,destination.accountNumber\n10.50,EUR,bank_account,10002000300040001000\n';
  writeFileSync(path.join(dir, 'friday.csv'), row);
  const { code, output } = await runShell(mine.replaceAll('curl ', 'curl -sS --fail-with-body '), {});
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  expect(readFileSync(path.join(dir, 'template.csv'), 'utf8')).toMatch(/^clientOrderId,/);
  // Checked, started, read: only what was started has a state.
  expect(output.match(/"batchId":"SATURDAY"/g)).toHaveLength(3);
  expect(output.match(/"state":/g)).toHaveLength(2);
  const [became] = await parseCsv(readFileSync(path.join(dir, 'friday-result.csv'), 'utf8'));
  expect(became).toMatchObject({ row: '1', clientOrderId: 'SATURDAY-1' });
});
