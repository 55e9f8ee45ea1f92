import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { dataDir, describeError } from '../../../scripts/project';
import { LEAST_PAYOUTS } from './payout-mix';
import { makePlan, type PlanOptions } from './plan';
import { renderReport } from './report';
import { runPlan } from './run';
import { exitCodeOf } from './verdict';

const USAGE = `npm run chaos -- [--payouts ${LEAST_PAYOUTS}…] [--seconds 20…] [--seed K] [--workers 1|2] [--apis 1…4]`;

/** @throws RangeError when an option is no number in its range */
function readOptions(args: readonly string[]): PlanOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { payouts: text, seconds: text, seed: text, workers: text, apis: text },
  });
  const read = (name: keyof typeof values, fallback: number, [least, most]: [number, number]): number => {
    const value = Number(values[name] ?? fallback);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new RangeError(`--${name}: expected a whole number from ${least} to ${most}\n${USAGE}`);
  };
  return {
    payouts: read('payouts', 200, [LEAST_PAYOUTS, 1_000_000]),
    seconds: read('seconds', 120, [20, 86_400]),
    seed: read('seed', Math.floor(Math.random() * 1_000_000), [0, 2 ** 32 - 1]),
    workers: read('workers', 2, [1, 2]),
    apis: read('apis', 2, [1, 4]),
  };
}

/** One fault run: prints its figures, keeps its evidence, and ends as `exitCodeOf` says. */
async function main(): Promise<void> {
  const plan = makePlan(readOptions(process.argv.slice(2)));
  console.log(`seed ${plan.seed}`);
  const evidenceDir = path.join(dataDir, 'chaos', `seed-${plan.seed}`);
  const result = await runPlan(plan, { say: (line) => console.log(line), evidenceDir });
  for (const line of renderReport(result)) console.log(line);
  const { timelines, incidents, resets } = result;
  const payouts = [...timelines].map(([clientOrderId, timeline]) => ({
    clientOrderId,
    resets: resets.get(clientOrderId) ?? [],
    timeline,
  }));
  await writeFile(path.join(evidenceDir, 'evidence.json'), JSON.stringify({ incidents, payouts }, null, 2));
  console.log(`evidence: ${path.relative(process.cwd(), evidenceDir)}`);
  process.exitCode = exitCodeOf(result);
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(describeError(error));
    process.exit(1);
  },
);
