import { type LimitsResult, runLimits } from '../proofs/limits/run';
import type { Stack } from '../support/stack';

interface Limit {
  readonly rule: string;
  readonly used: string;
  readonly held: string;
  readonly left: string;
}

describe('payouts at the edge of a limit, while workers are killed', () => {
  let result: LimitsResult;
  let limits: readonly Limit[] = [];
  const inspect = async (stack: Stack) => {
    const taken = ({ used, held }: Limit) => Number(used) + Number(held);
    // Published a moment later, and settled a moment after the end.
    await stack.waitFor('the limit to be published', async () => {
      limits = (await stack.request<{ limits: Limit[] }>('/limits')).body.limits;
      return limits.some((limit) => taken(limit) > 0 && Number(limit.used) > 0);
    });
  };
  beforeAll(async () => {
    result = await runLimits({ payouts: 16, room: 6, kills: 1 }, undefined, inspect);
  }, 300_000);

  test('what the gateway took on and did not refuse is never more than the limit', () => {
    expect(result.mostMinor).toBeLessThanOrEqual(result.capMinor);
    expect(result.mostMinor).toBeGreaterThan(0n);
    expect(result.paidTwice).toBe(0);
    expect(result.refused).toBeGreaterThanOrEqual(1);
  });

  test('GET /limits shows what is used, held and left', () => {
    const [limit] = limits;
    expect(limit).toMatchObject({ rule: 'daily', currency: 'EUR', cap: '63.00', per: 'day', over: 'refuse' });
    const parts = [limit?.used, limit?.held, limit?.left].map(Number);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(63, 5);
  });
});
