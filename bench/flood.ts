import { constants, setPriority } from 'node:os';
import autocannon from 'autocannon';
import { createRandom } from '../chaos/random';
import { drawSigned, FORGERIES, toPairs } from '../fuzz/forgery';

/**
 * `flood.ts PORT SECONDS RATE`: forged callbacks at that rate; prints a line when it begins, and how many a second were refused with 403
 * or 429 when it ends. It gives way to whoever shares its core: in earnest a flood comes from other machines.
 */
async function main(): Promise<void> {
  const [port, seconds, rate] = process.argv.slice(2).map(Number);
  const random = createRandom(7);
  const key = '00000000-0000-0000-0000-000000000000';
  const requests = Array.from({ length: 200 }, () => {
    const forged = FORGERIES.one_digit_changed?.(drawSigned(random, key), random, key);
    return { method: 'GET' as const, path: `/callbacks/default?${forged === undefined ? '' : toPairs(forged)}` };
  });
  const [duration = 1, overallRate = 1] = [seconds, rate];
  const options = { url: `http://127.0.0.1:${port}`, connections: 20, duration, overallRate, requests };
  setPriority(constants.priority.PRIORITY_LOW);
  process.stdout.write('begun\n');
  const result = await autocannon(options);
  process.stdout.write(String(result['4xx'] / result.duration));
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
