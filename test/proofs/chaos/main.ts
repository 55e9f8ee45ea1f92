import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dataDir } from '../../../scripts/project';
import { drawSeed, readNumbers, runCommand } from '../command';
import { LEAST_PAYOUTS } from './payout-mix';
import { makePlan } from './plan';
import { renderReport } from './report';
import { runPlan } from './run';
import { exitCodeOf } from './verdict';

/** One fault run: prints its figures, keeps its evidence, and ends as `exitCodeOf` says. */
runCommand(async () => {
  const options = readNumbers('chaos', {
    payouts: [200, LEAST_PAYOUTS, 1_000_000],
    seconds: [120, 20, 86_400],
    seed: [drawSeed(), 0, 2 ** 32 - 1],
    workers: [2, 1, 2],
    apis: [2, 1, 4],
  });
  console.log(`seed ${options.seed}`);
  const evidenceDir = path.join(dataDir, 'chaos', `seed-${options.seed}`);
  const result = await runPlan(makePlan(options), { say: (line) => console.log(line), evidenceDir });
  for (const line of renderReport(result)) console.log(line);
  const { timelines, incidents, resets } = result;
  const payouts = [...timelines].map(([clientOrderId, timeline]) => ({
    ...{ clientOrderId, resets: resets.get(clientOrderId) ?? [], timeline },
  }));
  await writeFile(path.join(evidenceDir, 'evidence.json'), JSON.stringify({ incidents, payouts }, null, 2));
  console.log(`evidence: ${path.relative(process.cwd(), evidenceDir)}`);
  return exitCodeOf(result);
});
