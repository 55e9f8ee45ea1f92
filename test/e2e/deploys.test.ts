import { type DeploysResult, runDeploys } from '../proofs/deploys/run';

describe('a changed workflow is deployed, rolled back and deployed again, while payouts are open', () => {
  let result: DeploysResult;
  beforeAll(async () => {
    result = await runDeploys(4);
  }, 300_000);

  test('each payout is approved and paid exactly once', () => {
    const { findings, failed, payouts, approved, orders } = result;
    expect({ findings, failed, payouts, approved, orders }).toEqual({
      ...{ findings: [], failed: 0, payouts: 21, approved: 21, orders: 21 },
    });
  });

  test('payouts that had run on the build that was rolled back stayed with it', () => {
    expect(result.held).toBeGreaterThanOrEqual(3);
  });

  test('builds 1 and 3 finished payouts', () => {
    expect(result.finishedBy['1']).toBeGreaterThanOrEqual(1);
    expect(result.finishedBy['3']).toBeGreaterThanOrEqual(4);
    const { 1: first = 0, 2: second = 0, 3: third = 0 } = result.finishedBy;
    expect(first + second + third).toBe(21);
  });

  test('before any build is current a worker says so, and a payout waits unharmed', () => {
    expect(result.beforePromotion).toEqual({
      ...{ saysIdle: true, state: 'accepted' },
      health: 'this version is not current; no version is: it takes no new payouts; see npm run deploy -- status',
    });
  });
});
