import path from 'node:path';
import { type Child, startChild } from '../../scripts/child';
import { identifyProcess, onParentGone } from '../../scripts/process-identity';

/** Plays `npm start`: starts two children, prints their identities, and crashes on SIGUSR2. */
async function main(dir: string): Promise<void> {
  const children: Child[] = [];
  for (const name of ['first', 'second']) {
    const command = { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], env: {}, cwd: dir };
    children.push(await startChild({ name, ...command, log: path.join(dir, `${name}.log`) }));
  }
  const stop = async () => {
    for (const child of children) await child.stop(100);
    process.exit(1);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGUSR2', () => {
    throw new Error('a crash');
  });
  onParentGone(() => void stop());
  process.stdout.write(
    `${JSON.stringify([process.pid, ...children.map(({ identity }) => identity.pid)].map(identifyProcess))}\n`,
  );
}

void main(process.argv[2] ?? '.');
