import type { HookClaim } from '../../src/domain/hook';
import type { PayoutRequest } from '../../src/domain/payout-request';
import { hookQuestion } from '../../src/workflows/gate-calls';
import { REQUEST } from '../domain/samples';

const HOOK: HookClaim = {
  ...{ rule: 'sanctions', needed: 1, expiresInMs: 60_000, timeoutMs: 5_000, deadlineMs: 60_000 },
  send: ['receiver', 'destination'],
};

describe('what a hook is asked', () => {
  const request = {
    ...REQUEST,
    ...{ description: 'invoice 7', purpose: 'salary', receiver: { firstName: 'Ada', lastName: 'Moss' } },
  } as PayoutRequest;
  const known = { tenant: 'shops', endpoint: 'euros', requester: 'shop', tags: ['june'], metadata: { order: '7' } };

  it('is the plain facts, and of everything else only what the rule names', () => {
    const facts = {
      ...{ clientOrderId: REQUEST.clientOrderId, tenant: 'shops', endpoint: 'euros', requestedBy: 'shop' },
      ...{ amount: REQUEST.amount, currency: REQUEST.currency, destinationType: 'bank_account', tags: ['june'] },
    };
    const { data, ...rest } = hookQuestion({ ...HOOK, send: [] }, request, known);
    expect(rest).toEqual({ rule: 'sanctions', timeoutMs: 5_000 });
    expect(data).toEqual({ ...facts, destinationMasked: expect.stringMatching(/^••••.{0,4}$/) });
    const all = hookQuestion(
      { ...HOOK, send: ['receiver', 'destination', 'description', 'purpose', 'metadata'] },
      request,
      known,
    );
    const { receiver, destination, description, purpose } = request;
    expect(all.data).toEqual({ ...data, receiver, destination, description, purpose, metadata: { order: '7' } });
  });
});
