import { drawSigned, FORGERIES, toPairs } from '../test/proofs/fuzz/forgery';
import { CONTROL_KEY, openHarness } from '../test/proofs/fuzz/harness';
import { createRandom } from '../test/support/random';
import { median } from './median';

/** CPU of one request, user and system time, in ms; what a forged callback takes, and how much of it the bare route does not. */
export interface CpuFigures {
  readonly bareMs: number;
  readonly refused: Cost;
  readonly heldUp: Cost;
}

export interface Cost {
  readonly ms: number;
  readonly extraMs: number;
  readonly ratio: number;
}

const BARE_URL = '/bench/bare';

/** Below the limit of one address. */
const REFUSED_PER_ADDRESS = 50;

/**
 * CPU of this process for forged callbacks and for a route that answers a constant 403, in one app, in interleaved blocks. All carry the
 * same query, so that only what the door does differs. Refused: each address stays below its limit, and each is logged, as under a flood
 * from everywhere. Held up: one address far above it. Logging is on, as in production.
 */
export async function measureCpu({ blocks, requests }: { blocks: number; requests: number }): Promise<CpuFigures> {
  const random = createRandom(1);
  const harness = await openHarness({
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
  let sent = 0;

  /** Nearly every answer has that status: where a limit is reached, a few have not yet. */
  async function block(path: string, status: number, isFromEverywhere = false): Promise<number> {
    let expected = 0;
    const before = process.cpuUsage();
    for (let nth = 0; nth < requests; nth += 1) {
      sent += 1;
      const host = isFromEverywhere ? Math.floor(sent / REFUSED_PER_ADDRESS) : 0;
      const remoteAddress = `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`;
      const { statusCode } = await harness.app.inject({
        url: `${path}?${queries[nth % queries.length]}`,
        remoteAddress,
      });
      if (statusCode === status) expected += 1;
    }
    const { user, system } = process.cpuUsage(before);
    harness.takeLog();
    if (expected < requests - 100) throw new Error(`${path} answered ${status} only ${expected} times`);
    return (user + system) / 1_000 / requests;
  }

  const kinds = {
    bare: () => block(BARE_URL, 403),
    refused: () => block('/callbacks/default', 403, true),
    heldUp: () => block('/callbacks/default', 429),
  };
  const taken: Record<keyof typeof kinds, number[]> = { bare: [], refused: [], heldUp: [] };
  for (let nth = 0; nth <= blocks; nth += 1) {
    for (const kind of ['bare', 'refused', 'heldUp'] as const) {
      const ms = await kinds[kind]();
      // The first round warms up.
      if (nth > 0) taken[kind].push(ms);
    }
  }
  await harness.app.close();
  const bareMs = median(taken.bare);
  const toCost = (all: readonly number[]): Cost => {
    const ms = median(all);
    return { ms, extraMs: ms - bareMs, ratio: ms / bareMs };
  };
  return { bareMs, refused: toCost(taken.refused), heldUp: toCost(taken.heldUp) };
}
