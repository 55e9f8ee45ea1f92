import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The core of the API, and the one of all that is not the API. */
export const API_CORE = 0;
export const OTHER_CORE = 1;

/** True where processes can be kept to cores: with `taskset` (Linux) and more than one core. */
export function canPin(): boolean {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Keeps a process, all its threads and what it starts from now on, to one core. */
export function pinTo(core: number, pid: number | null): void {
  if (pid !== null) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}
