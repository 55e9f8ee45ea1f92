import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startTopology, type Topology } from './postgres-topology';
import { onParentGone } from './process-identity';
import { dataDir, describeError, projectRoot } from './project';

/** One of our programs in this terminal; it gets Ctrl-C from it, and every other signal from us. */
function runHere(file: string, env: NodeJS.ProcessEnv) {
  const loader = ['-r', './scripts/packages.cjs', '--import', 'tsx'];
  const child = spawn(process.execPath, [...loader, path.join(projectRoot, file)], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('exit', (code) => resolve(code ?? 1));
  });
  return { kill: (signal: NodeJS.Signals) => child.kill(signal), ended };
}

/** `npm run stack:postgres`: as `npm start`, on PostgreSQL and Temporal's server. With `--prove` the proof instead. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { prove: { type: 'boolean' } } });
  let program: ReturnType<typeof runHere> | null = null;
  let isStopping = false;
  const end = (signal: NodeJS.Signals): void => {
    isStopping = true;
    program?.kill(signal);
  };
  // Ctrl-C reaches the program by itself.
  process.on('SIGINT', () => {
    isStopping = true;
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  onParentGone(() => end('SIGTERM'));
  if (values.prove === true) {
    program = runHere('test/proofs/postgres/main.ts', {});
    return await program.ended;
  }
  const dir = path.join(dataDir, 'on-postgres');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const say = (line: string): void => console.log(`  ${line}`);
  const topology: Topology = await startTopology({ dir, namespace: 'payouts', say });
  try {
    if (isStopping) return 0;
    const { address, namespace } = topology;
    const env = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace, DATA_DIR: path.join(dir, 'payouts') };
    program = runHere('scripts/start.ts', env);
    return await program.ended;
  } finally {
    await topology.stop();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`\n${describeError(error)}`);
    process.exit(1);
  },
);
