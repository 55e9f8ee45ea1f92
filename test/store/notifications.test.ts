import type { Client } from '@temporalio/client';
import { TemporalUnavailable } from '../../src/store/errors';
import { createNotificationStore } from '../../src/store/notifications';
import type { Call } from '../../src/store/runs';
import { createDataConverter } from '../../src/temporal/data-converter';
import { CLIENT_ORDER_ID } from '../domain/samples';
import { readHistories } from '../workflows/histories';

const [{ history } = { history: {} }] = readHistories('notifications');

/** A server that lists the notifications of two subscribers; the history of `erp` fails. */
function openStore(failure: Error) {
  const executions = ['erp', 'bank'].map((subscriber) => ({
    execution: { workflowId: `notify:${CLIENT_ORDER_ID}:${subscriber}`, runId: subscriber },
    status: 2,
    startTime: { seconds: 1, nanos: 0 },
  }));
  const workflowService = {
    listWorkflowExecutions: async () => ({ executions }),
    getWorkflowExecutionHistory: async ({ execution }: { execution: { runId: string } }) => {
      if (execution.runId === 'erp') throw failure;
      return { history };
    },
  };
  const call: Call = async (run) => await run({ workflowService } as unknown as Client);
  return createNotificationStore({ call, namespace: 'payouts', dataConverter: createDataConverter(null) });
}

it('a run whose history is gone, though it is still listed, hides nothing of the others', async () => {
  const gone = Object.assign(new Error('workflow not found'), { code: 5 });
  const readings = await openStore(gone).of(CLIENT_ORDER_ID, '*');
  expect(readings.map(({ subscriber, problem }) => [subscriber, problem])).toEqual([
    ['erp', 'unreadable'],
    ['bank', null],
  ]);
});

it('an outage is no missing history', async () => {
  await expect(openStore(new TemporalUnavailable('outage')).of(CLIENT_ORDER_ID, '*')).rejects.toBeInstanceOf(
    TemporalUnavailable,
  );
});
