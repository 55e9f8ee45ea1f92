import { createRandom } from '../../../support/random';
import { countBy } from '../../counts';
import { dealScenarios, LEAST_PAYOUTS, MIX, UNANSWERED } from '../payout-mix';
import { CALLBACK_FAULTS, makePlan, RESET_KINDS } from '../plan';
import { POINTS } from '../points';

const OPTIONS = { payouts: 200, seconds: 120, seed: 7, workers: 2, apis: 2 };

describe('makePlan', () => {
  test('the same seed gives the same plan, another seed another one', () => {
    expect(makePlan(OPTIONS)).toEqual(makePlan(OPTIONS));
    const other = makePlan({ ...OPTIONS, seed: 8 });
    expect(other.disturbances).not.toEqual(makePlan(OPTIONS).disturbances);
    expect(other.payouts.map(({ digits }) => digits)).not.toEqual(
      makePlan(OPTIONS).payouts.map(({ digits }) => digits),
    );
  });

  test('a seed means the same plan for ever', () => {
    const { payouts, points } = makePlan(OPTIONS);
    expect({ first: payouts[0], points: points.slice(0, 3).map(({ name }) => name) }).toMatchInlineSnapshot(`
{
  "first": {
    "againAfterMs": 3602,
    "amount": "318.25",
    "atMs": 0,
    "batch": null,
    "clientOrderId": "X-7-000001",
    "currency": "EUR",
    "digits": "000",
    "scenario": "approved",
  },
  "points": [
    "frozen_before_reply_is_read",
    "after_bytes",
    "answer_held",
  ],
}
`);
  });

  test('every process is killed and frozen, in order of time and within it', () => {
    const { disturbances } = makePlan(OPTIONS);
    const times = disturbances.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times.at(-1)).toBeLessThan(120_000);
    expect(new Set(disturbances.map(({ victim }) => victim))).toEqual(
      new Set(['worker-1', 'worker-2', 'api-1', 'api-2', 'temporal']),
    );
    for (const victim of ['worker-1', 'worker-2', 'api-1', 'api-2', 'temporal']) {
      const own = disturbances.filter((disturbance) => disturbance.victim === victim);
      expect(own[0]?.frozenMs).toBeNull();
      expect(own[1]?.frozenMs).toBeGreaterThanOrEqual(300);
    }
  });

  test('every named point is armed, while payouts still come', () => {
    const { points, payouts } = makePlan({ ...OPTIONS, seconds: 60 });
    expect(new Set(points.map(({ name }) => name))).toEqual(new Set(POINTS.map(({ name }) => name)));
    expect(points.at(-1)?.atMs).toBeLessThan(payouts.at(-1)?.atMs ?? 0);
  });

  test('every kind of reset is planned, within the time of the faults', () => {
    const { resets } = makePlan({ ...OPTIONS, seconds: 20 });
    expect(new Set(resets.map(({ kind }) => kind))).toEqual(new Set(RESET_KINDS));
    expect(resets.at(-1)?.atMs).toBeLessThan(20_000);
    expect(makePlan(OPTIONS).resets.length).toBeGreaterThan(RESET_KINDS.length);
  });

  test('every fault of a callback is planned', () => {
    const { callbackFaults } = makePlan(OPTIONS);
    for (const fault of CALLBACK_FAULTS) expect(callbackFaults.filter((planned) => planned === fault)).toHaveLength(2);
  });

  test('some payouts take from a limit that has no room for all, and some are rows of batches', () => {
    const { payouts, capMinor } = makePlan(OPTIONS);
    const limited = payouts.filter(({ currency }) => currency === 'USD');
    expect(limited).toHaveLength(34);
    expect(limited.reduce((sum, { amount }) => sum + Number(amount.replace('.', '')), 0)).toBeGreaterThan(
      1.9 * Number(capMinor),
    );
    expect(countBy(payouts, ({ batch }) => String(batch))).toEqual(
      new Map([
        ['null', 150],
        ['X-7-B1', 20],
        ['X-7-B2', 20],
        ['X-7-B3', 10],
      ]),
    );
    // Both at once, too.
    expect(limited.some(({ batch }) => batch !== null)).toBe(true);
  });

  test('each payout has an id of its own', () => {
    const { payouts } = makePlan(OPTIONS);
    expect(new Set(payouts.map(({ clientOrderId }) => clientOrderId)).size).toBe(200);
  });
});

describe('dealScenarios', () => {
  test.each([LEAST_PAYOUTS, 60, 200, 500, 10_000])('%i payouts: so many, and every fault of the gateway', (payouts) => {
    const dealt = dealScenarios(createRandom(3), payouts);
    expect(dealt).toHaveLength(payouts);
    expect(MIX.filter((entry) => !dealt.includes(entry))).toEqual([]);
    const unanswered = dealt.filter((entry) => UNANSWERED.includes(entry)).length;
    expect(unanswered).toBeGreaterThanOrEqual(payouts * 0.05);
  });
});
