import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describeError, projectRoot } from './project';

// A process of its own: the build compiles the scripts, also where there are no tests.
const RECORDER = path.join(projectRoot, 'test', 'workflows', 'record-histories.ts');

/**
 * Records anew the history of every path a payout can go into the release's folder of `test/fixtures/histories`, for replay. Only after a
 * change that is meant to break replay: a recorded history stands for the payouts in flight. `--new` records only paths that have none yet.
 */
async function recordHistories(): Promise<void> {
  const recorder = spawn(process.execPath, ['--import', 'tsx', RECORDER, ...process.argv.slice(2)], {
    cwd: projectRoot,
    stdio: 'inherit',
  });
  const [code] = (await once(recorder, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

if (require.main === module) {
  recordHistories().catch((error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 1;
  });
}
