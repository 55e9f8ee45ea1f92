import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readPayloadKeysSetting } from './config/config';
import { createLog } from './config/log';
import { openClientConnection, readTemporalAddress } from './temporal/connection';
import { openDataConverter } from './temporal/data-converter';
import { installTemporalRuntime } from './temporal/telemetry';
import { createVerification, VERIFIED_TYPES } from './temporal/verification';
import { WORKFLOW_BUNDLE_PATH } from './temporal/workers';

const USAGE = `npm run verify -- [--closed 100] [--at-once 2] [--bundle FILE]

Replays every open workflow of the namespace that TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE name, and so many closed ones of each type,
against the workflow code of this build, decrypted in memory with PAYLOAD_KEYS. Writes nothing.
Exit code 0: all replay; 1: some do not; 2: some could not be looked at.`;

const PROGRESS_MS = 5_000;

function readOptions() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { closed: text, 'at-once': text, bundle: text } });
  const read = (name: 'closed' | 'at-once', fallback: number, least: number, most: number): number => {
    const value = Number(values[name] ?? fallback);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    throw new Error(`--${name}: expected a whole number from ${least} to ${most}\n\n${USAGE}`);
  };
  const bundlePath = values.bundle ?? WORKFLOW_BUNDLE_PATH;
  if (!existsSync(bundlePath)) throw new Error('expected the workflow code of a build; `npm run build` makes it');
  return { closed: read('closed', 100, 0, 1_000_000), atOnce: read('at-once', 2, 1, 32), bundlePath };
}

/** `npm run verify`, also in the image. */
async function main(): Promise<number> {
  const options = readOptions();
  const log = createLog({ process: 'verify', level: 'silent' });
  const address = readTemporalAddress();
  const dataConverter = openDataConverter(readPayloadKeysSetting(process.env), address, log);
  installTemporalRuntime(log);
  const connection = openClientConnection(address);
  const { namespace } = address;
  const verification = createVerification({ connection, namespace, dataConverter, ...options });
  console.log(`Namespace ${namespace} on ${address.connectionOptions.address}: ${VERIFIED_TYPES.join(', ')}`);
  const progress = setInterval(() => console.error(verification.describeProgress()), PROGRESS_MS);
  try {
    await verification.run();
    for (const line of verification.report()) console.log(line);
    return verification.exitCode();
  } finally {
    clearInterval(progress);
    await connection.close();
  }
}

// Exits by itself: the SDK's native part would keep the process after a failure.
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(2);
  },
);
