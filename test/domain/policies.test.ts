import type { CurrencyCode } from '../../src/domain/currencies';
import { asksForNewReceiver, decide, findMismatch, type PolicyFacts, type PolicyRule } from '../../src/domain/policies';

const FACTS: PolicyFacts = {
  ...{ tenant: 'shop', endpoint: 'sepa', currency: 'EUR' as CurrencyCode, amount: '1000.00' },
  ...{ destinationKinds: ['bank_account'], isNewReceiver: false },
};
const approvals = (needed: number) => ({ needed, expiresInMs: 1_000 });
const rule = (name: string, match: PolicyRule['match'], effects: Partial<PolicyRule>): PolicyRule => ({
  name,
  match,
  ...effects,
});

it.each([
  [{}, null],
  [{ tenant: ['shop', 'app'] }, null],
  [{ tenant: ['app'] }, 'tenant'],
  [{ endpoint: ['cards'] }, 'endpoint'],
  [{ currency: ['USD'] }, 'currency'],
  [{ currency: ['EUR'], amountFrom: '1000' }, null],
  [{ currency: ['EUR'], amountFrom: '1000.01' }, 'amountFrom'],
  [{ currency: ['USD'], amountFrom: '0.001' }, 'currency'],
  [{ destinationKind: ['bank_account', 'card'] }, null],
  [{ destinationKind: ['card'] }, 'destinationKind'],
  [{ newReceiver: false }, null],
  [{ newReceiver: true }, 'newReceiver'],
] as [PolicyRule['match'], string | null][])('what %j does not fit by is %s', (match, field) => {
  expect(findMismatch(match, FACTS)).toBe(field);
});

it('what the Receiver may still choose counts: a rule is not passed by leaving it open', () => {
  const open: PolicyFacts = { ...FACTS, destinationKinds: ['bank_account', 'card'] };
  expect(findMismatch({ destinationKind: ['card'] }, open)).toBeNull();
});

it('a Receiver that was not looked up counts as new', () => {
  expect(findMismatch({ newReceiver: true }, { ...FACTS, isNewReceiver: null })).toBeNull();
  expect(findMismatch({ newReceiver: false }, { ...FACTS, isNewReceiver: null })).toBe('newReceiver');
});

it('of each effect the first rule that matches and has it counts', () => {
  const rules = [
    rule('elsewhere', { endpoint: ['cards'] }, { deny: 'no cards' }),
    rule('trusted', { tenant: ['shop'] }, { approvals: approvals(0) }),
    rule(
      'large',
      { currency: ['EUR'], amountFrom: '500' },
      { approvals: approvals(2), hold: { withinMs: 1, expiresInMs: 1 } },
    ),
    rule('twice', {}, { hold: { withinMs: 2, expiresInMs: 2 } }),
  ];
  expect(decide(rules, FACTS)).toEqual({
    deny: null,
    approvals: { rule: 'trusted', effect: approvals(0) },
    guard: null,
    hook: null,
    hold: { rule: 'large', effect: { withinMs: 1, expiresInMs: 1 } },
  });
  expect(decide(rules, { ...FACTS, tenant: 'app', endpoint: 'cards' })).toMatchObject({
    ...{ deny: { rule: 'elsewhere' }, approvals: { rule: 'large' } },
  });
  expect(decide([], FACTS)).toEqual({ deny: null, approvals: null, guard: null, hold: null, hook: null });
});

it('whether the Receiver is new is asked for only where a rule may depend on it', () => {
  const rules = [rule('first', { endpoint: ['sepa'], newReceiver: true }, { approvals: approvals(1) })];
  expect(asksForNewReceiver(rules, FACTS)).toBe(true);
  expect(asksForNewReceiver(rules, { ...FACTS, endpoint: 'cards' })).toBe(false);
  expect(asksForNewReceiver([rule('any', {}, { deny: 'no' })], FACTS)).toBe(false);
});
