import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../scripts/project';

export interface Flood {
  readonly pid: number | null;
  /** How many a second were refused, once it has ended. */
  readonly refusedPerSecond: Promise<number>;
}

export interface FloodOptions {
  readonly seconds: number;
  /** In a second. */
  readonly rate: number;
  /** All that is due in a second comes at its beginning, as fast as it is answered. */
  readonly isBursty: boolean;
}

/** Forged callbacks from a process of its own; resolves when it has begun. */
export async function startFlood(port: number, options: FloodOptions): Promise<Flood> {
  const args = [...[port, options.seconds, options.rate].map(String), options.isBursty ? 'bursts' : 'even'];
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(projectRoot, 'bench/flood.ts'), ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
  });
  const refusedPerSecond = once(child, 'close').then(() => Number(text.split('\n')[1]));
  await Promise.race([once(child.stdout, 'data'), refusedPerSecond]);
  return { pid: child.pid ?? null, refusedPerSecond };
}
