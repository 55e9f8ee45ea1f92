import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../scripts/project';

export interface Flood {
  readonly pid: number | null;
  /** How many a second were refused, once it has ended. */
  readonly refusedPerSecond: Promise<number>;
}

/** Forged callbacks from a process of its own; resolves when it has begun. */
export async function startFlood(port: number, options: { seconds: number; rate: number }): Promise<Flood> {
  const args = [port, options.seconds, options.rate].map(String);
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
