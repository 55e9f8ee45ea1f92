import path from 'node:path';
import { type Child, startChild, waitForChild } from './child';
import { isReadyRecord, measureLog, readLogRecords } from './log-file';
import { projectRoot } from './project';
import type { StackEnvironment } from './stack-environment';

/** The programs of a stack, each a file of the build. */
export const PROGRAMS = {
  simulator: 'dist/simulator/main.js',
  worker: 'dist/src/worker.js',
  api: 'dist/src/server.js',
} as const;

export type ProgramName = keyof typeof PROGRAMS;

/** How long a process may take after SIGTERM; they promise 15 s. */
export const STOP_GRACE_MS = 20_000;

const READY_TIMEOUT_MS = 60_000;

export interface ProgramOptions {
  readonly name: ProgramName;
  readonly environment: StackEnvironment;
  /** Folder of the log files, one per program. */
  readonly logDir: string;
  /** Called as soon as the process exists, before it is ready. */
  readonly onSpawn?: (child: Child) => void;
  /** Where its build is; default the project. */
  readonly root?: string;
  /** Options of Node itself. */
  readonly nodeArgs?: readonly string[];
}

/**
 * Starts one program and waits until its log says that it is ready. It does not ask the port: another program could have taken it in
 * the meantime, and would be trusted with a payout.
 */
export async function startProgram(options: ProgramOptions): Promise<Child> {
  const { name, root = projectRoot, nodeArgs = [] } = options;
  const log = path.join(options.logDir, `${name}.log`);
  const logStart = measureLog(log);
  const child = await startChild({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', ...nodeArgs, path.join(root, PROGRAMS[name])],
    env: options.environment[name],
    cwd: projectRoot,
    log,
  });
  options.onSpawn?.(child);
  const { pid } = child.identity;
  const ask = () => readLogRecords(log, logStart).some((record) => record.pid === pid && isReadyRecord(record));
  await waitForChild(child, { what: name, timeoutMs: READY_TIMEOUT_MS, ask });
  return child;
}
