#!/usr/bin/env node
import { ConfigError, readConfig } from './config';
import { buildSimulator } from './simulator';

/** Composition root of the stand-in gateway: environment in, one JSON line when it listens, SIGTERM or SIGINT out. */
async function main(): Promise<void> {
  const simulator = await buildSimulator(readConfig(process.env));
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    simulator.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const addresses = await simulator.start();
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, ...addresses })}\n`);
}

main().catch((error: unknown) => {
  const expected = error instanceof ConfigError || (error instanceof Error && 'code' in error);
  process.stderr.write(`${expected ? error.message : String(error)}\n`);
  process.exit(1);
});
