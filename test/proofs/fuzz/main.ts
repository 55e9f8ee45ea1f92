import { parseArgs } from 'node:util';
import { describeError } from '../../../scripts/project';
import { startStack } from '../../support/stack';
import { runApi } from './api-run';
import { runCallbacks } from './callback-run';
import { type Findings, renderFindings } from './findings';
import { runReplies } from './reply-run';

import { readTarget, runWire } from './wire-run';

const USAGE =
  'npm run fuzz -- [--seed K] [--forged N] [--hostile N] [--api N] [--replies N] [--wire N] [--api-key KEY]';

interface FuzzOptions {
  readonly seed: number;
  readonly forged: number;
  readonly hostile: number;
  readonly api: number;
  /** 0: every mutation there is. */
  readonly replies: number;
  readonly wire: number;
  readonly apiKey: string | null;
}

/** @throws RangeError when an option is no whole number */
function readOptions(args: readonly string[]): FuzzOptions {
  const text = { type: 'string' } as const;
  const names = { seed: text, forged: text, hostile: text, api: text, replies: text, wire: text, 'api-key': text };
  const { values } = parseArgs({ args: [...args], options: names });
  const read = (name: 'seed' | 'forged' | 'hostile' | 'api' | 'replies' | 'wire', fallback: number): number => {
    const value = Number(values[name] ?? fallback);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new RangeError(`--${name}: expected a whole number\n${USAGE}`);
  };
  return {
    seed: read('seed', Math.floor(Math.random() * 1_000_000)),
    forged: read('forged', 100_000),
    hostile: read('hostile', 20_000),
    api: read('api', 20_000),
    replies: read('replies', 20_000),
    wire: read('wire', 10_000),
    apiKey: values['api-key'] ?? null,
  };
}

/** All of it: in this process, then against the real processes. Prints the figures; exit code 1 on any violation. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const { seed } = options;
  const caller = { apiKey: options.apiKey };
  console.log(`seed ${seed}`);
  let violations = 0;
  const show = (title: string, findings: Findings, beganAtMs: number): void => {
    for (const line of renderFindings(title, findings)) console.log(line);
    console.log(`  ${Math.round((performance.now() - beganAtMs) / 1_000)} s, resident ${residentMegabytes()} MB`);
    violations += findings.violations.length;
  };
  const rounds: readonly (readonly [string, () => Promise<Findings>])[] = [
    ['callback route, in process', () => runCallbacks({ ...options, tolerated: options.hostile, seed })],
    ['API, in process', () => runApi({ requests: options.api, seed, caller })],
    ["the gateway's replies", () => runReplies({ mutations: options.replies === 0 ? 'all' : options.replies, seed })],
    ['the real processes', () => runOnWire(options)],
  ];
  for (const [title, run] of rounds) {
    const beganAtMs = performance.now();
    show(title, await run(), beganAtMs);
  }
  console.log(violations === 0 ? 'PASSED' : `FAILED: ${violations} violations`);
  process.exitCode = violations === 0 ? 0 : 1;
}

async function runOnWire({ wire, seed, apiKey }: FuzzOptions): Promise<Findings> {
  const stack = await startStack({ temporal: 'shared' });
  try {
    const target = readTarget(stack, { apiKey });
    return await runWire(target, { requests: wire, idleConnections: 1_000, noise: 500, seed });
  } finally {
    await stack.stop();
  }
}

const residentMegabytes = (): number => Math.round(process.memoryUsage().rss / 1_048_576);

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(describeError(error));
    process.exit(1);
  },
);
