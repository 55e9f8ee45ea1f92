import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTopology, type Topology } from '../../../scripts/postgres-topology';
import { dataDir, projectRoot } from '../../../scripts/project';
import { PATIENT } from '../../support/quick';
import { startStack } from '../../support/stack';
import { verify } from '../../support/verify';
import { compareRecords, DEFECTS } from '../chaos/comparison';
import { readLedgerFile } from '../chaos/ledger-file';
import { runCommand } from '../command';
import { countBy } from '../counts';
import { DIGITS, payThrough, readEnds } from './payouts';
import { findWrongLists } from './visibility';

/** Files of the suite that are played on this server: every scenario of the gateway, and what visibility must find. */
const PLAYED = ['scenarios', 'lists', 'notifications'].map((name) => `test/e2e/${name}.test.ts`);
const KILLS = 2;
const DOWN_MS = 3_000;

function playTests(address: string): Promise<number> {
  const jest = path.join(projectRoot, 'node_modules/jest/bin/jest.js');
  const args = [jest, '--selectProjects', 'e2e', '--maxWorkers=1', '--forceExit', ...PLAYED];
  const env = { ...process.env, TEST_TEMPORAL_ADDRESS: address };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: projectRoot, env, stdio: 'inherit' });
    child.once('error', reject).once('exit', (code) => resolve(code ?? 1));
  });
}

/** PostgreSQL is killed while payouts are under way, and started again. */
async function disturb({ postgres }: Topology): Promise<void> {
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await sleep(DOWN_MS);
    await postgres.kill();
    console.log(`PostgreSQL killed, ${kill} of ${KILLS}`);
    await sleep(DOWN_MS);
    await postgres.start();
  }
}

/** Twenty payouts through the kills; the simulator's ledger is the judge. True if every promise was kept. */
async function pay(topology: Topology): Promise<boolean> {
  process.env.TEST_TEMPORAL_ADDRESS = topology.address;
  const stack = await startStack(PATIENT);
  try {
    const [clients] = await Promise.all([payThrough(stack), disturb(topology)]);
    const { product, reached } = await readEnds(stack, clients);
    const ledger = readLedgerFile(path.join(stack.dir, 'simulator-ledger.jsonl'));
    const findings = compareRecords({ clients, product, gateway: ledger.orders, reset: new Set() });
    const countOf = (defect: string): number => findings.filter((finding) => finding.defect === defect).length;
    const broken = new Set(findings.map(({ clientOrderId }) => clientOrderId));
    const ends = countBy([...product.values()], ({ state }) => state);
    console.log(`ended: ${[...ends].map(([state, number]) => `${number} ${state}`).join(', ')}`);
    console.log(`orders ${ledger.orders.length}, right ${reached - broken.size} of ${DIGITS.length}`);
    console.log(DEFECTS.map((defect) => `${defect} ${countOf(defect)}`).join(', '));
    for (const { defect, clientOrderId, detail } of findings) console.log(`  ${defect} ${clientOrderId}: ${detail}`);
    const wrong = await findWrongLists(stack, [...product.values()]);
    console.log(`lists, filters, counts and queue: ${wrong.length === 0 ? 'right' : wrong.join('; ')}`);
    const verdict = await verify(stack, ['--closed', '1000']);
    for (const line of verdict.lines) console.log(line);
    return findings.length === 0 && reached === DIGITS.length && wrong.length === 0 && verdict.code === 0;
  } finally {
    await stack.stop();
  }
}

runCommand(async () => {
  const dir = path.join(dataDir, 'postgres-proof');
  rmSync(dir, { recursive: true, force: true });
  const topology = await startTopology({ dir, namespace: 'payouts', say: (line) => console.log(`  ${line}`) });
  try {
    const isPaid = await pay(topology);
    const played = await playTests(topology.address);
    console.log(isPaid && played === 0 ? 'every promise was kept' : 'NOT as it should be');
    return isPaid && played === 0 ? 0 : 1;
  } finally {
    await topology.stop();
  }
});
