import { clearRow } from '../../src/domain/batch-gate';
import type { CurrencyCode } from '../../src/domain/currencies';
import type { PolicyRule } from '../../src/domain/policies';
import { type AskedPayout, createGates } from '../../src/store/gates';
import { COLLECTING, REQUEST, START_MS } from '../domain/samples';

const HOUR = 3_600_000;
const APPROVALS = { needed: 2, expiresInMs: 24 * HOUR };
const ASKED: AskedPayout = {
  request: REQUEST,
  facts: {
    ...{ tenant: 'default', endpoint: 'default', currency: 'EUR' as CurrencyCode, amount: '10.50' },
    destinationKinds: ['bank_account'],
  },
  ...{ destinationHash: 'a'.repeat(32), requester: 'rita', atMs: START_MS },
};

/** Decides with a visibility that counts these, by what is asked for. */
async function decideBy(
  rules: readonly PolicyRule[],
  { asked = ASKED, approved = 0, twins = 0, approvers = ['anna', 'bert', 'rita'] as readonly string[] } = {},
) {
  const queries: string[] = [];
  const visibility = {
    count: async (query: string) => {
      queries.push(query);
      return query.includes('AmountMinor') ? twins : approved;
    },
  };
  const gates = createGates({ rules, visibility, approversFor: () => approvers });
  const decision = await gates.decide(asked);
  return { decision, queries };
}

it('without rules, and where none asks for anything, nothing happens first and nothing is looked up', async () => {
  const none = { decision: { isDenied: false, gate: null }, queries: [] };
  expect(await decideBy([])).toEqual(none);
  expect(await decideBy([{ name: 'cards', match: { destinationKind: ['card'] }, approvals: APPROVALS }])).toEqual(none);
  expect(await decideBy([{ name: 'none', match: {}, approvals: { ...APPROVALS, needed: 0 } }])).toEqual(none);
});

it('what a rule denies is denied, with the rule and its reason', async () => {
  const { decision } = await decideBy([{ name: 'no-banks', match: {}, deny: 'Banks are closed.' }]);
  expect(decision).toEqual({ isDenied: true, rule: 'no-banks', reason: 'Banks are closed.' });
});

it('what a rule wants approved waits for so many, and not for who asked', async () => {
  const { decision } = await decideBy([{ name: 'all', match: {}, approvals: APPROVALS }]);
  expect(decision).toEqual({
    isDenied: false,
    gate: { requester: 'rita', approval: { rule: 'all', needed: 2, expiresInMs: 24 * HOUR, because: 'rule' } },
  });
});

it.each([
  ['two others', ['anna', 'bert'], undefined],
  ['one other', ['anna', 'rita'], true],
  ['no one', [], true],
])('it is blocked when too few others could approve it: %s', async (_who, approvers, isBlocked) => {
  const { decision } = await decideBy([{ name: 'all', match: {}, approvals: APPROVALS }], { approvers });
  expect(decision).toMatchObject({ gate: { requester: 'rita' } });
  expect(decision.isDenied === false && decision.gate?.isBlocked).toBe(isBlocked);
});

describe('a rule about new Receivers', () => {
  const rules: PolicyRule[] = [{ name: 'first', match: { newReceiver: true }, approvals: { ...APPROVALS, needed: 1 } }];

  it('looks for an approved payout to the same destination, once', async () => {
    const first = await decideBy(rules);
    expect(first.decision).toMatchObject({ gate: { approval: { rule: 'first' } } });
    expect(first.queries).toEqual([
      expect.stringMatching(
        /DestinationHash IN \('a{32}'\) AND PayoutOutcome IN \('approved'\) AND \(PayoutTenant IS NULL\)$/,
      ),
    ]);
    expect((await decideBy(rules, { approved: 3 })).decision).toEqual({ isDenied: false, gate: null });
  });

  it('takes one that is not known yet for new, without a look', async () => {
    const asked = { ...ASKED, request: COLLECTING, destinationHash: null };
    const { decision, queries } = await decideBy(rules, { asked, approved: 3 });
    expect(decision).toMatchObject({ gate: { approval: { rule: 'first' } } });
    expect(queries).toEqual([]);
  });
});

describe('a rule about the same payout again', () => {
  const hold = { withinMs: 24 * HOUR, expiresInMs: 48 * HOUR };
  const rules: PolicyRule[] = [{ name: 'twice', match: {}, hold }];

  it('holds it for one approval, and does not refuse it', async () => {
    const { decision, queries } = await decideBy(rules, { twins: 1 });
    expect(decision).toMatchObject({
      gate: { approval: { rule: 'twice', needed: 1, expiresInMs: hold.expiresInMs, because: 'duplicate' } },
    });
    for (const part of [
      `StartTime >= '${new Date(START_MS - hold.withinMs).toISOString()}'`,
      "PayoutCurrency IN ('EUR')",
      'AmountMinor = 1050',
      "WorkflowId != 'payout:PO-000001'",
      "(PayoutOutcome IS NULL OR PayoutOutcome IN ('approved'))",
      'AND (PayoutTenant IS NULL)',
    ])
      expect(queries[0]).toContain(part);
  });

  it('lets it pass when there is none, and when the destination is not known', async () => {
    expect((await decideBy(rules)).decision).toEqual({ isDenied: false, gate: null });
    const asked = { ...ASKED, request: COLLECTING, destinationHash: null };
    expect(await decideBy(rules, { asked, twins: 1 })).toEqual({
      decision: { isDenied: false, gate: null },
      queries: [],
    });
  });

  it('asks for as many approvals as another rule does', async () => {
    const { decision } = await decideBy([...rules, { name: 'all', match: {}, approvals: APPROVALS }], { twins: 1 });
    expect(decision).toMatchObject({ gate: { approval: { rule: 'all', needed: 2, because: 'duplicate' } } });
  });
});

it('acts that need approvals of their own are in the gate, also of a payout that needs none to be sent', async () => {
  const guard = { needed: 1, expiresInMs: HOUR, acts: ['resend'] } as const;
  const none = { ...APPROVALS, needed: 0 };
  const { decision } = await decideBy([{ name: 'acts', match: {}, approvals: none, guard }]);
  expect(decision).toEqual({
    isDenied: false,
    gate: { requester: 'rita', guard: { rule: 'acts', needed: 1, expiresInMs: HOUR, acts: ['resend'] } },
  });
});

it('the rows of a batch are decided without a look: every Receiver counts as new, and nothing as a duplicate', async () => {
  const rules: PolicyRule[] = [
    { name: 'first', match: { newReceiver: true }, approvals: APPROVALS },
    { name: 'twice', match: {}, hold: { withinMs: HOUR, expiresInMs: HOUR } },
  ];
  const visibility = { count: () => Promise.reject(new Error('asked')) };
  const { decideAlone } = createGates({ rules, visibility, approversFor: () => ['anna', 'bert'] });
  expect(decideAlone(ASKED)).toMatchObject({ gate: { approval: { rule: 'first', because: 'rule' } } });
});

it('a hook is asked about a payout, and about each row of a batch however its batch was approved and funded', async () => {
  const hook = { needed: 1, expiresInMs: HOUR, timeoutMs: 5_000, deadlineMs: 60_000, send: ['receiver'] } as const;
  const rules = [
    { name: 'cards', match: { destinationKind: ['card'] }, hook: { ...hook, needed: 2 } },
    { name: 'names', match: {}, hook },
    { name: 'all', match: {}, approvals: APPROVALS },
  ] satisfies readonly PolicyRule[];
  const { decision } = await decideBy(rules);
  const asked = { rule: 'names', ...hook };
  expect(decision).toMatchObject({ isDenied: false, gate: { hook: asked } });
  const visibility = { count: () => Promise.reject(new Error('asked')) };
  const alone = createGates({ rules, visibility, approversFor: () => [] }).decideAlone(ASKED);
  if (alone.isDenied || alone.gate === null) throw new Error('expected a gate');
  const approval = { rules: ['all'], needed: 1, expiresInMs: HOUR };
  const batch = { id: 'B', gate: { requester: 'rita', approval, limits: [] }, approvedBy: ['anna'], isFunded: true };
  const cleared = clearRow(alone.gate, batch as unknown as Parameters<typeof clearRow>[1]);
  expect(cleared).toMatchObject({ approvedBy: ['anna'], hook: asked });
});
