import { toClientOrderId } from '../../src/domain/ids';
import {
  payoutWorkflowId,
  searchAttributes,
  UNMATCHED_CALLBACK,
  unmatchedWorkflowId,
} from '../../src/workflows/messages';
import { play } from './play';
import type { Path } from './scene';
import { calledBack, found } from './scripted-gateway';
import { ENDPOINT, type SkippedTime, startSkippedTime } from './skipped-time';

jest.setTimeout(180_000);

let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(async () => await time.close());

const keep = async (name: string, status: 'approved' | 'processing' = 'approved') => {
  const clientOrderId = toClientOrderId(name);
  const message = { endpoint: ENDPOINT, report: calledBack(status) };
  expect(await time.store.keepUnmatched(clientOrderId, message)).toBe('kept');
  return time.env.client.workflow.getHandle(unmatchedWorkflowId(clientOrderId));
};

it('finds its payout when that starts later, and is applied like any other callback', async () => {
  const unmatched = await keep('unmatched-found');
  const path: Path = {
    name: 'unmatched-found',
    gateway: () => ({ status: (_, asker) => found(asker === 'confirm' ? 'approved' : 'processing') }),
    ends: 'closed',
  };
  const { result, gateway } = await play(time, path);
  expect(result).toMatchObject({ state: 'approved', settledBy: 'callback', confirmed: true });
  expect(gateway.count('submit')).toBe(1);
  expect(await unmatched.result()).toMatchObject({ matched: true });
});

it('without a payout looks to the end of the callback window, in fewer than 1,000 events', async () => {
  const unmatched = await keep('unmatched-lost');
  expect(await unmatched.result()).toMatchObject({ matched: false });
  const { events } = await unmatched.fetchHistory();
  expect((events ?? []).length).toBeLessThan(1_000);
  expect(await time.store.read(toClientOrderId('unmatched-lost'))).toBeNull();
  expect(payoutWorkflowId(toClientOrderId('unmatched-lost'))).toBe('payout:unmatched-lost');
});

it('again is the same workflow, which keeps each signed callback once', async () => {
  const unmatched = await keep('unmatched-twice');
  const { runId } = await unmatched.describe();
  for (let nth = 0; nth < 20; nth += 1) await keep('unmatched-twice', nth % 2 === 0 ? 'approved' : 'processing');
  expect((await unmatched.describe()).runId).toBe(runId);
  const { kept } = (await unmatched.result()) as { kept: unknown[] };
  expect(kept).toHaveLength(2);
});

it('calls for a person until one has acknowledged it, and again when another callback comes', async () => {
  const unmatched = await keep('unmatched-seen');
  const clientOrderId = toClientOrderId('unmatched-seen');
  const attention = async () => {
    await time.env.sleep('10s');
    return (await unmatched.describe()).typedSearchAttributes.get(searchAttributes.attention) ?? null;
  };
  const seen = (id: string, count: number, reason = 'of another shop') => ({
    ...{ id, actor: 'local', reason, attention: UNMATCHED_CALLBACK },
    seen: count,
  });
  const acknowledge = async (...made: Parameters<typeof seen>) =>
    await time.store.acknowledgeUnmatched(clientOrderId, seen(...made));
  expect(await attention()).toBe('unmatched_callback');
  expect(await acknowledge('seen-1', 1)).toBe('done');
  expect(await attention()).toBeNull();
  await keep('unmatched-seen');
  expect(await attention()).toBeNull();
  await keep('unmatched-seen', 'processing');
  expect(await attention()).toBe('unmatched_callback');

  // It was sent before the second came, and taken after it.
  expect(await acknowledge('seen-2', 1)).toBe('done');
  expect(await attention()).toBe('unmatched_callback');
  const reading = await time.store.readUnmatched(clientOrderId);
  expect(reading?.callbacks.map(({ report }) => report.status)).toEqual(['approved', 'processing']);
  expect(await acknowledge('seen-3', 2)).toBe('done');
  expect(await attention()).toBeNull();

  // Of two at the same instant under one key, the history says which was first.
  const both = await Promise.all([acknowledge('seen-4', 2), acknowledge('seen-4', 2, 'for another reason')]);
  expect(both.sort()).toEqual(['done', 'id_used']);
  await unmatched.result();
  expect(await acknowledge('seen-5', 2)).toBe('not_found');
});
