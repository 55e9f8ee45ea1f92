import { decideLimits, limitsOfTenant, viewLimit } from '../../src/domain/limit-rules';
import type { LimitUsage } from '../../src/domain/limits';
import type { LimitEffect, PolicyFacts, PolicyMatch, PolicyRule } from '../../src/domain/policies';
import { EUR } from './samples';

const FACTS: PolicyFacts = {
  ...{ tenant: 'shop', endpoint: 'euros', currency: EUR, amount: '10.50', destinationKinds: ['bank_account'] },
  isNewReceiver: false,
};
const ruleOf = (name: string, limit: Partial<LimitEffect>, match: PolicyMatch = {}): PolicyRule => ({
  ...{ name, match: { currency: ['EUR'], ...match } },
  limit: { amount: '100.00', per: 'day', zone: 'UTC', over: 'refuse', ...limit },
});
const RULES = [
  ruleOf('daily', {}),
  ruleOf('monthly', { amount: '1000', per: 'month', zone: 'Europe/Berlin', over: 'wait' }),
  ruleOf('cards', {}, { destinationKind: ['card'] }),
  ruleOf('other-shop', {}, { tenant: ['other'] }),
  { name: 'no-limit', match: {}, deny: 'no' },
];

it('every limit that matches counts, with its own cap, calendar and consequence', () => {
  const common = { tenant: 'shop', currency: 'EUR', amountMinor: 1_050 };
  expect(decideLimits(RULES, FACTS)).toEqual({
    exceeded: null,
    claims: [
      { ...common, key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', over: 'refuse', capMinor: 10_000 },
      {
        ...{ ...common, key: 'monthly', rule: 'monthly', window: 'month', zone: 'Europe/Berlin' },
        ...{ over: 'wait', capMinor: 100_000 },
      },
    ],
  });
});

it.each([
  ['10.49', 'small'],
  ['10.50', null],
])('a limit per transaction of %s refuses 10.50 by itself: %s', (amount, rule) => {
  const decision = decideLimits([ruleOf('small', { per: 'transaction', amount })], FACTS);
  expect(decision).toEqual({ exceeded: rule === null ? null : { rule, amount }, claims: [] });
});

describe('what is left', () => {
  const NOON = Date.parse('2026-11-29T12:00:00Z');
  const [daily] = limitsOfTenant(RULES, 'shop');
  const usage: LimitUsage = {
    ...({ key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', period: '2026-11-29' } as const),
    ...{ capMinor: 10_000, endsAtMs: NOON, committedMinor: 2_500, heldMinor: 1_050 },
  };

  it('is shown of the limits of one tenant that are counted', () => {
    expect(limitsOfTenant(RULES, 'shop').map(({ rule }) => rule)).toEqual(['daily', 'monthly', 'cards']);
    expect(limitsOfTenant(RULES, 'other').map(({ rule }) => rule)).toContain('other-shop');
    expect(limitsOfTenant([ruleOf('small', { per: 'transaction' })], 'shop')).toEqual([]);
  });

  it.each([
    [[usage], { used: '25.00', held: '10.50', left: '64.50' }],
    [[], { used: '0.00', held: '0.00', left: '100.00' }],
    // Of yesterday, or under another zone: nothing is used of today.
    [
      [
        { ...usage, period: '2026-11-28' },
        { ...usage, zone: 'Asia/Tokyo' },
      ],
      { used: '0.00', left: '100.00' },
    ],
    // The limit was lowered.
    [[{ ...usage, committedMinor: 20_000 }], { used: '200.00', left: '0.00' }],
  ])('%j is %j', (known, shown) => {
    if (daily === undefined) throw new Error('expected a limit');
    expect(viewLimit(daily, known, NOON)).toMatchObject({
      ...{ rule: 'daily', currency: 'EUR', per: 'day', period: '2026-11-29', cap: '100.00', over: 'refuse' },
      ...{ endsAt: '2026-11-30T00:00:00.000Z', ...shown },
    });
  });
});
