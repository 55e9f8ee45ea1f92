import { createInterface } from 'node:readline';
import { isStillRunning } from './process-identity';
import { endProcesses, type RecordedChild } from './running';

const GRACE_MS = 8_000;

/**
 * A second process that ends what we started once we are gone: after SIGKILL or a crash we cannot do it ourselves.
 * Each line of its standard input is a child; the end of the input means that we are gone.
 */
async function main(): Promise<void> {
  let kept: RecordedChild[] = [];
  for await (const line of createInterface({ input: process.stdin })) {
    kept = [...kept.filter(isStillRunning), JSON.parse(line) as RecordedChild];
  }
  await endProcesses(kept, GRACE_MS);
}

// It goes after us, not with us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
void main();
