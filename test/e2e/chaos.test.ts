import { makePlan } from '../../chaos/plan';
import { renderReport } from '../../chaos/report';
import { type RunResult, runPlan } from '../../chaos/run';

describe('a short fault run', () => {
  let result: RunResult;
  beforeAll(async () => {
    result = await runPlan(makePlan({ payouts: 60, seconds: 90, seed: 20, workers: 2, apis: 1 }));
  }, 400_000);

  const found = (defect: string) => result.findings.filter((finding) => finding.defect === defect);

  test('every payout was accepted and is known', () => {
    expect(result.clients.filter(({ accepted }) => accepted)).toHaveLength(60);
    expect(result.product.size).toBe(60);
  });

  test.each(['lost', 'paid_twice', 'wrong_final', 'stuck'])('%s: none', (defect) => {
    expect(found(defect)).toEqual([]);
  });

  test('the processes were killed', () => {
    for (const kind of ['worker', 'api', 'temporal']) expect(result.happened.kills.get(kind)).toBeGreaterThanOrEqual(2);
  });

  test('most named points were met; what else a run must show, it showed', () => {
    // Which points fit into a minute depends on the machine; a longer run must meet them all.
    const failures = result.failures.filter((failure) => !failure.startsWith('never happened'));
    if (failures.length > 0) throw new Error(renderReport(result).join('\n'));
    expect(result.happened.points.size).toBeGreaterThanOrEqual(10);
  });
});
