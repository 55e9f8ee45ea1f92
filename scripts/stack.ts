import path from 'node:path';
import { type Child, startChild, waitForChild } from './child';
import { isReadyRecord, measureLog, readLogRecords } from './log-file';
import { projectRoot } from './project';
import { listUrls, type StackAddresses, type StackEnvironment } from './stack-environment';

/** The programs of a stack, each a file of the build. */
export const PROGRAMS = {
  simulator: 'dist/simulator/main.js',
  worker: 'dist/src/worker.js',
  api: 'dist/src/server.js',
} as const;

export type ProgramName = keyof typeof PROGRAMS;

/** How long a process may take after SIGTERM: the processes promise 15 s. */
export const STOP_GRACE_MS = 20_000;

const READY_TIMEOUT_MS = 60_000;

export interface ProgramOptions {
  readonly name: ProgramName;
  readonly environment: StackEnvironment;
  readonly addresses: Pick<StackAddresses, 'api' | 'simulator'>;
  /** Folder of the log files, one per program. */
  readonly logDir: string;
  /** Told as soon as the process exists, before it is ready. */
  readonly onSpawn?: (child: Child) => void;
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.ok;
}

/** Starts one program and waits until it is ready, which is asked of itself: over HTTP, or, for the worker, by its log. */
export async function startProgram(options: ProgramOptions): Promise<Child> {
  const { name } = options;
  const log = path.join(options.logDir, `${name}.log`);
  const logStart = measureLog(log);
  const child = await startChild({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', path.join(projectRoot, PROGRAMS[name])],
    env: options.environment[name],
    cwd: projectRoot,
    log,
  });
  options.onSpawn?.(child);
  const urls = listUrls(options.addresses);
  const questions: Record<ProgramName, () => Promise<boolean> | boolean> = {
    simulator: () => answers(`${urls.simulator}/control/scenarios`),
    worker: () => readLogRecords(log, logStart).some(isReadyRecord),
    api: () => answers(`${urls.api}/health/ready`),
  };
  await waitForChild(child, { what: name, timeoutMs: READY_TIMEOUT_MS, ask: questions[name] });
  return child;
}
