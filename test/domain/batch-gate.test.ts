import { type BatchGate, clearRow } from '../../src/domain/batch-gate';
import type { Gate } from '../../src/domain/gate';
import type { LimitClaim } from '../../src/domain/limits';
import { EUR } from './samples';

const APPROVAL = { rule: 'large', needed: 1, expiresInMs: 1, because: 'rule' } as const;
const CLAIM: LimitClaim = {
  ...{ tenant: 'default', key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', capMinor: 1_000 },
  ...{ amountMinor: 1, currency: EUR, over: 'wait' },
};
const GATE: BatchGate = { requester: 'anna', approval: { rules: ['large'], needed: 2, expiresInMs: 1 } };
const clear = (gate: Gate, approvedBy: readonly string[], isFunded = false) =>
  clearRow(gate, { id: 'B', gate: GATE, approvedBy, isFunded });

it('a row is approved by those who approved its batch, all of them, and for the same rule alone', () => {
  expect(clear({ approval: APPROVAL }, ['bert', 'carl']).approvedBy).toEqual(['bert', 'carl']);
  expect(clear({ approval: APPROVAL }, ['bert']).approvedBy).toBeUndefined();
  expect(clear({ approval: { ...APPROVAL, rule: 'other' } }, ['bert', 'carl']).approvedBy).toBeUndefined();
});

it('a row that looks like a payout made lately waits for an approval of its own', () => {
  const gate = clear({ approval: { ...APPROVAL, because: 'duplicate' } }, ['bert', 'carl']);
  expect(gate).toEqual({ approval: { ...APPROVAL, because: 'duplicate' } });
});

it('a row takes its limits from the hold of its batch where that has one', () => {
  expect(clear({ limits: [CLAIM] }, [], true).limits).toEqual([{ ...CLAIM, fundedBy: 'batch:B' }]);
  expect(clear({ limits: [CLAIM] }, []).limits).toEqual([CLAIM]);
  // The batch holds nothing for a row with a time of its own: that would be the part of another.
  expect(clear({ limits: [CLAIM], schedule: { executeAtMs: 1 } }, [], true).limits).toEqual([CLAIM]);
});
