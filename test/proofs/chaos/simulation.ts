import { drawSeed, readNumbers, runCommand } from '../command';
import { addTo } from '../counts';
import { simulatePayout } from './simulated-payout';

/** Plays so many payouts, with the seeds from `seed` on. */
export function simulate(options: { payouts: number; seed: number }) {
  const ends = new Map<string, number>();
  /** Broken promises with the seed that shows each: `simulatePayout(seed)` plays it again. */
  const violations: { seed: number; violation: string }[] = [];
  for (let nth = 0; nth < options.payouts; nth += 1) {
    const { seed, state, violation } = simulatePayout(options.seed + nth);
    addTo(ends, state);
    if (violation !== null) violations.push({ seed, violation });
  }
  return { payouts: options.payouts, ends: Object.fromEntries(ends), violations };
}

/** `npm run simulation -- [--payouts 1000000] [--seed K]`: prints the seeds and the figures; exit code 1 when a promise was broken. */
async function main(): Promise<number> {
  const { payouts, seed } = readNumbers('simulation', { payouts: [1_000_000, 1], seed: [drawSeed(), 0] });
  const beganAtMs = Date.now();
  const { ends, violations } = simulate({ payouts, seed });
  const seconds = Math.round((Date.now() - beganAtMs) / 1_000);
  console.log(`${payouts} payouts, seeds ${seed} to ${seed + payouts - 1}, ${seconds} s`);
  for (const [state, count] of Object.entries(ends).sort()) console.log(`  ${state.padEnd(18)} ${count}`);
  console.log(`violations: ${violations.length}`);
  for (const { seed: shown, violation } of violations.slice(0, 20)) console.log(`  seed ${shown}: ${violation}`);
  return violations.length > 0 ? 1 : 0;
}

if (require.main === module) runCommand(main, 2);
