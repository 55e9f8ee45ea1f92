import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStillRunning, type ProcessIdentity } from './process-identity';

/** Addresses of the system that runs, for other commands. */
export interface RunningSystem {
  readonly owner: ProcessIdentity;
  readonly api: string;
  readonly simulator: string;
  readonly temporalAddress: string;
  readonly temporalUi: string | null;
}

export interface RecordedChild extends ProcessIdentity {
  readonly name: string;
}

export interface UsedPorts {
  readonly api: number;
  readonly temporal: number;
  readonly temporalUi: number;
  readonly simulator: number;
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return null;
  }
}

/** Replaces a file in one step, so that a kill leaves the old one complete. */
function writeJson(file: string, value: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The files in the data folder that tell later runs and other commands about this run. */
export function openRunRecords(dir: string) {
  const ports = path.join(dir, 'ports.json');
  const pids = path.join(dir, 'pids.json');
  const running = path.join(dir, 'running.json');
  return {
    lock: path.join(dir, 'start.owner.json'),
    readPorts: (): Partial<UsedPorts> => readJson<UsedPorts>(ports) ?? {},
    writePorts: (used: UsedPorts): void => writeJson(ports, used),
    writeChildren: (children: readonly RecordedChild[]): void => writeJson(pids, children),
    writeRunning: (system: RunningSystem): void => writeJson(running, system),
    /** The system that runs now, null when none does. */
    readRunning: (): RunningSystem | null => {
      const system = readJson<RunningSystem>(running);
      return system !== null && isStillRunning(system.owner) ? system : null;
    },
    /** Processes that a killed run left behind, in the order in which they started. */
    listLeftovers: (): RecordedChild[] => (readJson<RecordedChild[]>(pids) ?? []).filter(isStillRunning),
    clear: (): void => {
      rmSync(pids, { force: true });
      rmSync(running, { force: true });
    },
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}

/** Ends processes, the last started first: SIGTERM, then SIGKILL after the grace. Other processes are not touched. */
export async function endProcesses(children: readonly RecordedChild[], graceMs: number): Promise<void> {
  for (const child of [...children].reverse()) {
    if (!isStillRunning(child)) continue;
    signal(child.pid, 'SIGTERM');
    const deadline = performance.now() + graceMs;
    while (isStillRunning(child) && performance.now() < deadline) await sleep(50);
    if (!isStillRunning(child)) continue;
    signal(child.pid, 'SIGKILL');
    while (isStillRunning(child)) await sleep(20);
  }
}
