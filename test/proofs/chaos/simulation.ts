import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { simulatePayout } from './simulated-payout';

export interface SimulationFigures {
  readonly payouts: number;
  readonly ends: Readonly<Record<string, number>>;
  /** Broken promises with the seed that shows each: `simulatePayout(seed)` plays it again. */
  readonly violations: readonly { readonly seed: number; readonly violation: string }[];
}

/** Plays so many payouts, with the seeds from `seed` on. */
export function simulate(options: { payouts: number; seed: number }): SimulationFigures {
  const ends: Record<string, number> = {};
  const violations: { seed: number; violation: string }[] = [];
  for (let nth = 0; nth < options.payouts; nth += 1) {
    const { seed, state, violation } = simulatePayout(options.seed + nth);
    ends[state] = (ends[state] ?? 0) + 1;
    if (violation !== null) violations.push({ seed, violation });
  }
  return { payouts: options.payouts, ends, violations };
}

/** `npm run simulation -- [--payouts 1000000] [--seed K]`: prints the seeds and the figures; exit code 1 when a promise was broken. */
function main(): void {
  const { values } = parseArgs({
    options: { payouts: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
  });
  const payouts = Number(values.payouts);
  const seed = Number(values.seed ?? randomInt(1_000_000_000));
  if (!Number.isSafeInteger(payouts) || payouts < 1 || !Number.isSafeInteger(seed)) {
    console.error('expected --payouts and --seed to be whole numbers');
    process.exitCode = 2;
    return;
  }
  const beganAtMs = Date.now();
  const { ends, violations } = simulate({ payouts, seed });
  console.log(
    `${payouts} payouts, seeds ${seed} to ${seed + payouts - 1}, ${Math.round((Date.now() - beganAtMs) / 1_000)} s`,
  );
  for (const [state, count] of Object.entries(ends).sort()) console.log(`  ${state.padEnd(18)} ${count}`);
  console.log(`violations: ${violations.length}`);
  for (const { seed: shown, violation } of violations.slice(0, 20)) console.log(`  seed ${shown}: ${violation}`);
  if (violations.length > 0) process.exitCode = 1;
}

if (require.main === module) main();
