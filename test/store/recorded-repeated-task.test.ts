import { defaultPayloadConverter } from '@temporalio/common';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { projectHistory } from '../../src/store/projection';
import { type HistoryEvent, readRun } from '../../src/store/recorded';
import { createDataConverter, createDecoder } from '../../src/temporal/data-converter';
import { REQUEST } from '../domain/samples';

const SECOND = 1_000;
const decode = createDecoder(createDataConverter(null), { namespace: 'payouts', workflowId: 'payout:PO-000001' });
const payloads = (value: unknown) => ({ payloads: [defaultPayloadConverter.toPayload(value)] });
const input = {
  ...{ request: REQUEST, endpoint: 'default', acceptedAtMs: 0, callbackUrl: 'http://127.0.0.1/c', redirectUrl: null },
  policy: { ...DEFAULT_POLICY, backoff: { gapsMs: [SECOND], thenEveryMs: 3 * SECOND, untilMs: 30 * SECOND } },
};
const DOUBT = { outcome: 'unconfirmed', cause: 'connection_lost', orderId: null };
const NOT_FOUND = { found: false, reason: null };

/** Events numbered from 1, each with its second. */
function history(events: readonly (readonly [second: number, attributes: object])[]): HistoryEvent[] {
  return events.map(
    ([second, attributes], index) =>
      ({ eventId: index + 1, eventTime: { seconds: second, nanos: 0 }, ...attributes }) as unknown as HistoryEvent,
  );
}

const scheduled = (name: string) => ({ activityTaskScheduledEventAttributes: { activityType: { name } } });
const completed = (scheduledEventId: number, result: unknown) => ({
  activityTaskCompletedEventAttributes: { scheduledEventId, result: payloads(result) },
});
const TASK = { workflowTaskStartedEventAttributes: {} };
const taskCompleted = (startedEventId: number) => ({ workflowTaskCompletedEventAttributes: { startedEventId } });

/** The answer comes within the backoff; the task that took it up at second 20 timed out, the next one came at second 50. */
const REPEATED = history([
  [0, { workflowExecutionStartedEventAttributes: { input: payloads(input) } }],
  [0, TASK],
  [0, taskCompleted(2)],
  [0, scheduled('submitPayout')],
  [1, completed(4, DOUBT)],
  [1, TASK],
  [1, taskCompleted(6)],
  [3, scheduled('fetchOrderStatus')],
  [19, completed(8, NOT_FOUND)],
  [20, TASK],
  [30, { workflowTaskTimedOutEventAttributes: { startedEventId: 10 } }],
  [50, TASK],
  [50, taskCompleted(12)],
]);

test('a workflow task that timed out is ignored: the reader gives up when the workflow does', async () => {
  const { recorded } = await readRun(REPEATED, decode);
  expect(recorded.filter(({ type }) => type === 'task_started')).toHaveLength(3);
  expect(projectHistory(recorded)?.payout).toMatchObject({
    ...{ state: 'needs_review', attention: 'outcome_unknown', lastAskedAtMs: 50 * SECOND },
  });
});

test('a task that is not over yet moves nothing, and what it takes up is shown as recorded', async () => {
  const { recorded } = await readRun(REPEATED.slice(0, 10), decode);
  expect(recorded.filter(({ type }) => type === 'task_started')).toHaveLength(2);
  expect(projectHistory(recorded)?.payout).toMatchObject({ state: 'unconfirmed', lastAskedAtMs: 19 * SECOND });
});
