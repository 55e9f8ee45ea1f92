import { drawSeed, readNumbers, runCommand } from '../command';
import { describeHits, describeOutcome } from './report';
import { runLeaks } from './run';

/** The whole run: every scenario several times, more kills, every payout shown. Exit code 1 when a marker is where it may not be, 3 when a place was not searched. */
runCommand(async () => {
  const options = readNumbers('leaks', { seed: [drawSeed(), 0], rounds: [3, 0], kills: [6, 0] });
  console.log(`seed: ${options.seed}`);
  const outcome = await runLeaks({ ...options, shown: 1_000 });
  for (const line of [...describeOutcome(outcome), ...describeHits(outcome.hits)]) console.log(line);
  for (const place of outcome.unsearched) console.log(`NOT SHOWN: no id of a payout was found in ${place}`);
  if (outcome.hits.length + outcome.dumps.length > 0) return 1;
  return outcome.unsearched.length > 0 ? 3 : 0;
}, 2);
