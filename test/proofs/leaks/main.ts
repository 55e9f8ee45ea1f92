import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { describeError } from '../../../scripts/project';
import { describeHits, describeOutcome } from './report';
import { runLeaks } from './run';

const USAGE = 'npm run leaks -- [--seed 1] [--rounds 3] [--kills 6]';

/** The whole run: every scenario several times, more kills, every payout shown. Exit code 1 when a marker is where it may not be, 3 when a place was not searched. */
async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { seed: text, rounds: text, kills: text } });
  const seed = Number(values.seed ?? randomInt(1, 1_000_000));
  const options = { seed, rounds: Number(values.rounds ?? 3), kills: Number(values.kills ?? 6), shown: 1_000 };
  if (!Object.values(options).every((value) => Number.isInteger(value) && value >= 0)) throw new RangeError(USAGE);
  console.log(`seed: ${seed}`);
  const outcome = await runLeaks(options);
  for (const line of [...describeOutcome(outcome), ...describeHits(outcome.hits)]) console.log(line);
  for (const place of outcome.unsearched) console.log(`NOT SHOWN: no id of a payout was found in ${place}`);
  if (outcome.hits.length + outcome.dumps.length > 0) return 1;
  return outcome.unsearched.length > 0 ? 3 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 2;
  },
);
