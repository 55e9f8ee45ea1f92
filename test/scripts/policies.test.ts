import { explain, factsOf } from '../../scripts/policies';
import type { PolicyRule } from '../../src/domain/policies';

const HOOK = { needed: 2, expiresInMs: 259_200_000, timeoutMs: 5_000, deadlineMs: 60_000, send: ['receiver'] } as const;
const RULES: readonly PolicyRule[] = [
  { name: 'closed', match: { currency: ['EUR'], amountFrom: '9999' }, deny: 'Too much.' },
  { name: 'first', match: { newReceiver: true }, approvals: { needed: 1, expiresInMs: 60_000 } },
  { name: 'acts', match: {}, guard: { needed: 2, expiresInMs: 259_200_000, acts: ['resend', 'resolve'] } },
  { name: 'twice', match: {}, hold: { withinMs: 5_400_000, expiresInMs: 604_800_000 } },
  { name: 'checked', match: {}, hook: HOOK },
];
const known = { tenant: 'default', endpoint: 'euros', isNewReceiver: false };

it('says which rule decides of each effect, and by which field the others do not match', () => {
  const facts = factsOf({ amount: '10.50', currency: 'EUR', destination: { type: 'card' } }, known);
  expect(facts).toMatchObject({ endpoint: 'euros', destinationKinds: ['card'], isNewReceiver: false });
  expect(explain(RULES, { ...facts, isNewReceiver: true })).toEqual([
    'deny: no rule',
    'approvals: rule first, 1 within 1m',
    'approvals of acts: rule acts, resend and resolve: 2 within 3d',
    'hold: rule twice, 1 approval within 7d if the same was asked for within 90m',
    'hook: rule checked, is sent plain facts, receiver; 5s a call, 1m in all; 2 within 3d release what it holds',
    'limit: no rule',
    'rules, top down:',
    '  closed: does not match by amountFrom',
    '  first: matches',
    '  acts: matches',
    '  twice: matches',
    '  checked: matches',
  ]);
});

it('refuses what is no payout, and takes a Receiver who is asked for one of either kind', () => {
  expect(() => factsOf({}, known)).toThrow('expected a payout with amount and currency');
  expect(factsOf({ amount: '1', currency: 'EUR', endpoint: 'own', collect: 'receiver' }, known)).toMatchObject({
    ...{ endpoint: 'own', destinationKinds: ['bank_account', 'card'] },
  });
});
