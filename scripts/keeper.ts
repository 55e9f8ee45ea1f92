import { createInterface } from 'node:readline';
import { isStillRunning } from './process-identity';
import { endProcesses, type RecordedChild } from './running';

const GRACE_MS = 8_000;

/**
 * A process beside ours that ends what we started once we are gone, whatever ended us: SIGKILL and a crash leave us no other chance.
 * Each child of ours is a line of its standard input, and the end of the input is ours. A pipe keeps both until they are read.
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
