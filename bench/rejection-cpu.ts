import { createRandom } from '../chaos/random';
import { drawSigned, FORGERIES, toPairs } from '../fuzz/forgery';
import { CONTROL_KEY, openHouse } from '../fuzz/house';
import { median } from './median';

export interface CpuFigures {
  readonly bareMs: number;
  readonly forgedMs: number;
  readonly extraMs: number;
  readonly ratio: number;
}

const BARE_URL = '/bench/bare';

/**
 * CPU of this process for a forged callback and for a route that answers a constant 403, in one app, in interleaved blocks. Both
 * carry the same query, so that only what the door does differs. Logging is on, as in production.
 */
export async function measureCpu({ blocks, requests }: { blocks: number; requests: number }): Promise<CpuFigures> {
  const random = createRandom(1);
  const house = await openHouse({
    level: 'info',
    routes: (app) => {
      app.get(BARE_URL, { config: { access: 'gateway' } }, async (_request, reply) =>
        reply.code(403).type('application/problem+json').send('{"code":"bare"}'),
      );
    },
  });
  const queries = Array.from({ length: 500 }, () => {
    const forged = FORGERIES.one_digit_changed?.(drawSigned(random, CONTROL_KEY), random, CONTROL_KEY);
    return forged === undefined ? '' : toPairs(forged);
  });

  async function block(path: string, count: number): Promise<number> {
    const before = process.cpuUsage();
    for (let nth = 0; nth < count; nth += 1) {
      const { statusCode } = await house.app.inject(`${path}?${queries[nth % queries.length]}`);
      // Above sixty a minute of one address, a forged one is held up: verified all the same, and not logged.
      if (statusCode !== 403 && statusCode !== 429) throw new Error(`${path} answered ${statusCode}`);
    }
    const { user, system } = process.cpuUsage(before);
    house.takeLog();
    return (user + system) / 1_000 / count;
  }

  const bare: number[] = [];
  const forged: number[] = [];
  await block(BARE_URL, requests);
  await block('/callbacks/default', requests);
  for (let nth = 0; nth < blocks; nth += 1) {
    bare.push(await block(BARE_URL, requests));
    forged.push(await block('/callbacks/default', requests));
  }
  await house.app.close();
  const [bareMs, forgedMs] = [median(bare), median(forged)];
  return { bareMs, forgedMs, extraMs: forgedMs - bareMs, ratio: forgedMs / bareMs };
}
