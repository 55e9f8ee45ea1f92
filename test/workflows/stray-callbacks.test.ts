import { toClientOrderId } from '../../src/domain/ids';
import { ORPHAN_CALLBACK_WORKFLOW_TYPE, orphanWorkflowPrefix, payoutWorkflowId } from '../../src/workflows/messages';
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

const orphanOf = async (name: string) => {
  const clientOrderId = toClientOrderId(name);
  const workflowId = `${orphanWorkflowPrefix(clientOrderId)}1`;
  const input = {
    clientOrderId,
    endpoint: ENDPOINT,
    report: calledBack('approved'),
    finalState: null,
    attention: 'orphan_callback',
  };
  await time.desk.keepStray(ORPHAN_CALLBACK_WORKFLOW_TYPE, workflowId, input);
  return time.env.client.workflow.getHandle(workflowId);
};

it('an orphan finds its payout when that starts later, and is heard like any other callback', async () => {
  const orphan = await orphanOf('orphan-found');
  const path: Path = {
    name: 'orphan-found',
    gateway: () => ({ status: (_, asker) => found(asker === 'confirm' ? 'approved' : 'processing') }),
    ends: 'closed',
  };
  const { result, gateway } = await play(time, path);
  expect(result).toMatchObject({ state: 'approved', settledBy: 'callback', confirmed: true });
  expect(gateway.count('submit')).toBe(1);
  expect(await orphan.result()).toMatchObject({ matched: true });
});

it('an orphan without a payout looks to the end of the callback window, in fewer than 1,000 events', async () => {
  const orphan = await orphanOf('orphan-lost');
  expect(await orphan.result()).toMatchObject({ matched: false });
  const { events } = await orphan.fetchHistory();
  expect((events ?? []).length).toBeLessThan(1_000);
  expect(await time.desk.read(toClientOrderId('orphan-lost'))).toBeNull();
  expect(payoutWorkflowId(toClientOrderId('orphan-lost'))).toBe('payout:orphan-lost');
});

it('the same orphan again is the same one', async () => {
  const orphan = await orphanOf('orphan-twice');
  const { runId } = await orphan.describe();
  await orphanOf('orphan-twice');
  expect((await orphan.describe()).runId).toBe(runId);
  await orphan.terminate('the test ends here');
});
