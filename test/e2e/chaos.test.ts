import { makePlan } from '../proofs/chaos/plan';
import { renderReport } from '../proofs/chaos/report';
import { type RunResult, runPlan } from '../proofs/chaos/run';

/** Which points fit into a minute, and how much a kill leaves in doubt, depend on the machine; a longer run must meet them all. */
const LEAST_POINTS = 10;
const MACHINE_BOUND = /^(never happened|only \d+ of \d+ payouts are final)/;

describe('a short fault run', () => {
  const results: RunResult[] = [];
  let result: RunResult;
  beforeAll(async () => {
    // On a slow machine the same payouts and faults have more time.
    for (const seconds of [150, 240]) {
      result = await runPlan(makePlan({ payouts: 60, seconds, seed: 20, workers: 2, apis: 1 }));
      results.push(result);
      process.stdout.write(`chaos: ${result.happened.points.size} points in ${seconds} s\n`);
      if (result.happened.points.size >= LEAST_POINTS && !result.failures.some((why) => why.startsWith('only'))) break;
    }
  }, 1_000_000);

  const found = (defect: string) =>
    results.flatMap(({ findings }) => findings).filter((finding) => finding.defect === defect);

  test('every payout was accepted and is known', () => {
    for (const { clients, product } of results) {
      expect(clients.filter(({ accepted }) => accepted)).toHaveLength(60);
      expect(product.size + clients.filter(({ isUnmade }) => isUnmade).length).toBe(60);
    }
  });

  test.each(['lost', 'paid_twice', 'wrong_final', 'stuck'])('%s: none', (defect) => {
    expect(found(defect)).toEqual([]);
  });

  test('the processes were killed', () => {
    for (const kind of ['worker', 'api', 'temporal']) expect(result.happened.kills.get(kind)).toBeGreaterThanOrEqual(2);
  });

  test('payouts were reset, and none was sent after that', () => {
    expect(result.resets.size).toBeGreaterThanOrEqual(1);
    for (const { failures } of results) expect(failures.filter((why) => why.startsWith('sent after'))).toEqual([]);
  });

  test('most named points were met; what else a run must show, it showed', () => {
    for (const each of results) {
      const isLast = each === result;
      const failures = each.failures.filter((why) =>
        isLast ? !why.startsWith('never happened') : !MACHINE_BOUND.test(why),
      );
      if (failures.length > 0) throw new Error(renderReport(each).join('\n'));
    }
    expect(result.happened.points.size).toBeGreaterThanOrEqual(LEAST_POINTS);
  });
});
