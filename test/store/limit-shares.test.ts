import type { LimitUsage } from '../../src/domain/limits';
import type { PolicyRule } from '../../src/domain/policies';
import { createLimitShares } from '../../src/store/limit-shares';
import type { LimitReader } from '../../src/store/limits';

const NOON = Date.parse('2026-11-29T12:00:00Z');
const limit = { amount: '100.00', per: 'day', zone: 'UTC', over: 'wait' } as const;
const RULES: readonly PolicyRule[] = [
  { name: 'daily', match: { currency: ['EUR'] }, limit },
  { name: 'of-ads', match: { currency: ['USD'], tenant: ['ads'] }, limit },
];
const USAGE: LimitUsage = {
  ...({ key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', period: '2026-11-29', endsAtMs: NOON } as const),
  ...{ capMinor: 10_000, committedMinor: 2_500, heldMinor: 5_000 },
};

function makeShares(readUsage: LimitReader['readUsage']) {
  let nowMs = NOON;
  const asked: string[] = [];
  const shares = createLimitShares({
    limits: {
      readUsage: async (of) => {
        asked.push(`${of.tenant} ${of.currency}`);
        return await readUsage(of);
      },
    },
    ...{ rules: RULES, tenants: () => ['ads'], now: () => nowMs, pauseMs: 0 },
  });
  /** What there is once a reading that was begun is over. */
  const settled = async () => {
    shares();
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    return shares();
  };
  return { shares, settled, asked, pass: (ms: number) => (nowMs += ms) };
}

it('every limit of every tenant is read by its name, in the background and once for everyone in twenty seconds', async () => {
  const { shares, settled, asked, pass } = makeShares(async ({ tenant }) =>
    tenant === 'ads' ? null : { usage: [USAGE], atMs: NOON },
  );
  expect(shares()).toEqual([]);
  expect(await settled()).toEqual([
    { tenant: 'default', rule: 'daily', used: 0.25, held: 0.5 },
    { tenant: 'ads', rule: 'daily', used: 0, held: 0 },
    { tenant: 'ads', rule: 'of-ads', used: 0, held: 0 },
  ]);
  expect(asked).toEqual(['default EUR', 'ads EUR', 'ads USD']);
  pass(19_999);
  await settled();
  expect(asked).toHaveLength(3);
  pass(1);
  await settled();
  expect(asked).toHaveLength(6);
});

it('one that cannot be read keeps what it had', async () => {
  let isAway = false;
  const { settled, pass } = makeShares(async () => {
    if (isAway) throw new Error('away');
    return { usage: [USAGE], atMs: NOON };
  });
  const before = await settled();
  expect(before[0]).toMatchObject({ used: 0.25 });
  isAway = true;
  pass(20_000);
  expect(await settled()).toEqual(before);
});
