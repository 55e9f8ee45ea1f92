import type { PolicyRule } from '../../../src/domain/policies';
import { makeApp, makeCaller } from '../app-harness';
import { makeMemoryBatches } from './memory-batches';

type Caller = ReturnType<typeof makeCaller>;
const ROW = {
  ...{ amount: '10.50', currency: 'EUR', receiver: { firstName: 'Ada', phone: '+4930' } },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
};

describe('a batch that needs approvals', () => {
  const policies: readonly PolicyRule[] = [
    {
      ...{ name: 'large', match: { currency: ['EUR'], amountFrom: '20' } },
      approvals: { needed: 2, expiresInMs: 3_600_000 },
    },
  ];
  const [anna, bert, carl] = ['anna', 'bert', 'carl'].map((name) =>
    makeCaller(name, ['payouts:write', 'payouts:read', 'payouts:approve']),
  ) as [Caller, Caller, Caller];
  const carlAgain = makeCaller('carls-phone', ['payouts:approve', 'payouts:read'], null, { person: 'carl' });
  const callers = [anna, bert, carl, carlAgain];
  async function openApproved(keys = callers) {
    const stored = makeMemoryBatches();
    const { app } = await makeApp({
      batches: stored.batches,
      policies,
      access: { apiKeys: keys.map((k) => k.apiKey) },
    });
    const post = async (by: Caller, url: string, payload: object) =>
      await app.inject({ method: 'POST', url, payload, headers: by.headers });
    return { ...stored, post };
  }

  it('waits for persons other than the one who asked, each once, who name the content that they saw', async () => {
    const { post, rows } = await openApproved();
    const made = (await post(anna, '/batches', { batchId: 'B', rows: [ROW, ROW] })).json();
    expect(made).toMatchObject({
      ...{ state: 'awaiting_approval', attention: null },
      approval: { rules: ['large'], needed: 2, approvedBy: [], requestedBy: 'anna', until: '2024-11-22T13:00:00.000Z' },
    });
    // Each row alone is below the amount of the rule: it waits for nothing of its own.
    expect(rows.get('B')?.map(({ input }) => input.gate)).toEqual([undefined, undefined]);
    const { contentHash } = made;
    const approve = async (by: Caller, hash = contentHash) =>
      await post(by, '/batches/B/approve', { reason: 'checked', contentHash: hash });
    const problem = async (by: Caller, hash?: string) => {
      const response = await approve(by, hash);
      return [response.statusCode, response.json().errors.map(({ field }: { field: string }) => field)];
    };
    expect(await problem(anna)).toEqual([409, ['person']]);
    expect(await problem(bert, 'another')).toEqual([409, ['contentHash']]);
    expect((await approve(carl)).json()).toMatchObject({
      state: 'awaiting_approval',
      approval: { approvedBy: ['carl'] },
    });
    expect(await problem(carlAgain)).toEqual([409, ['person']]);
    expect((await approve(bert)).json()).toMatchObject({
      state: 'running',
      approval: { approvedBy: ['carl', 'bert'] },
    });
    expect(await problem(bert)).toEqual([409, ['state']]);
  });

  it('is refused by one person', async () => {
    const { post } = await openApproved();
    await post(anna, '/batches', { batchId: 'B', rows: [ROW, ROW] });
    const rejected = await post(bert, '/batches/B/reject', { reason: 'the wrong file' });
    expect(rejected.json()).toMatchObject({ state: 'cancelled', acts: [{ action: 'reject', actor: 'bert' }] });
  });

  it('says before and after when too few persons could approve it', async () => {
    const { post } = await openApproved([anna, carl, carlAgain]);
    for (const query of ['?dryRun=true', ''])
      expect((await post(anna, `/batches${query}`, { batchId: 'B', rows: [ROW, ROW] })).json()).toMatchObject({
        ...{ attention: 'approval_blocked', approval: { needed: 2 } },
      });
  });
});
