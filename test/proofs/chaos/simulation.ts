import { drawSeed, readNumbers, runCommand } from '../command';
import { addTo } from '../counts';
import { simulatePayout } from './simulated-payout';

/** Plays so many payouts, and those that share limits with the last, with the seeds from `seed` on. */
export function simulate(options: { payouts: number; seed: number }) {
  const ends = new Map<string, number>();
  /** Broken promises with the seed that shows each: `simulatePayout(seed)` plays it again. */
  const violations: { seed: number; violation: string }[] = [];
  let [payouts, limited, nextSeed] = [0, 0, options.seed];
  for (; payouts < options.payouts; nextSeed += 1) {
    const { seed, states, violation } = simulatePayout(nextSeed);
    for (const state of states) addTo(ends, state);
    payouts += states.length;
    limited += states.length > 1 ? states.length : 0;
    if (violation !== null) violations.push({ seed, violation });
  }
  return { payouts, limited, lastSeed: nextSeed - 1, ends: Object.fromEntries(ends), violations };
}

/** `npm run simulation -- [--payouts 1000000] [--seed K]`: prints the seeds and the figures; exit code 1 when a promise was broken. */
async function main(): Promise<number> {
  const options = readNumbers('simulation', { payouts: [1_000_000, 1], seed: [drawSeed(), 0] });
  const beganAtMs = Date.now();
  const { payouts, limited, lastSeed, ends, violations } = simulate(options);
  const seconds = Math.round((Date.now() - beganAtMs) / 1_000);
  console.log(
    `${payouts} payouts, ${limited} of them share limits, seeds ${options.seed} to ${lastSeed}, ${seconds} s`,
  );
  for (const [state, count] of Object.entries(ends).sort()) console.log(`  ${state.padEnd(18)} ${count}`);
  console.log(`violations: ${violations.length}`);
  for (const { seed: shown, violation } of violations.slice(0, 20)) console.log(`  seed ${shown}: ${violation}`);
  return violations.length > 0 ? 1 : 0;
}

if (require.main === module) runCommand(main, 2);
