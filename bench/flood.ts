import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { drawSigned, FORGERIES, toPairs } from '../test/proofs/fuzz/forgery';
import { createRandom } from '../test/support/random';

/** autocannon sends what is due in a second at its beginning, at full speed; so many of it, one after another, spread it. */
const LANES = 40;
const CONNECTIONS = 40;

/**
 * `flood.ts PORT SECONDS RATE even|bursts`: forged callbacks at that rate, spread over each second, or all at its beginning. Prints a line
 * when it begins, and how many a second were refused with 403 or 429 when it ends. It gives way to whoever shares its core: in earnest a
 * flood comes from other machines.
 */
async function main(): Promise<void> {
  const [port, seconds = 1, rate = 1] = process.argv.slice(2).map(Number);
  const lanes = process.argv[5] === 'bursts' ? 1 : LANES;
  const random = createRandom(7);
  const key = '00000000-0000-0000-0000-000000000000';
  const requests = Array.from({ length: 200 }, () => {
    const forged = FORGERIES.one_digit_changed?.(drawSigned(random, key), random, key);
    return { method: 'GET' as const, path: `/callbacks/default?${forged === undefined ? '' : toPairs(forged)}` };
  });
  setPriority(constants.priority.PRIORITY_LOW);
  process.stdout.write('begun\n');
  const results = Array.from({ length: lanes }, async (_nothing, lane) => {
    await sleep((lane * 1_000) / lanes);
    return await autocannon({
      ...{ url: `http://127.0.0.1:${port}`, connections: CONNECTIONS / lanes, duration: seconds, requests },
      overallRate: rate / lanes,
    });
  });
  const perSecond = (await Promise.all(results)).map((result) => result['4xx'] / result.duration);
  process.stdout.write(String(perSecond.reduce((sum, each) => sum + each, 0)));
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
