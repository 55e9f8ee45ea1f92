import { defaultPayloadConverter } from '@temporalio/common';
import { type HistoryEvent, readRun as readRunWith } from '../../src/store/recorded';
import { createDataConverter, createDecoder } from '../../src/temporal/data-converter';
import { INPUT } from '../api/app-harness';
import { makeCallback, makeFinal, makeReport, ORDER_ID, START_MS } from '../domain/samples';

const decode = createDecoder(createDataConverter(null), { namespace: 'payouts', workflowId: 'payout:PO-000001' });
const readRun = async (events: readonly HistoryEvent[]) => await readRunWith(events, decode);
const payloads = (...values: unknown[]) => ({
  payloads: values.map((value) => defaultPayloadConverter.toPayload(value)),
});
const timeOf = (atMs: number) => ({ seconds: Math.floor(atMs / 1_000), nanos: (atMs % 1_000) * 1_000_000 });

/** One history event as the server gives it, with only what a reader looks at. */
function event(eventId: number, attributes: object): HistoryEvent {
  return { eventId, eventTime: timeOf(START_MS + eventId), ...attributes } as unknown as HistoryEvent;
}
const at = (eventId: number) => START_MS + eventId;

const STARTED = event(1, {
  workflowExecutionStartedEventAttributes: {
    input: payloads(INPUT),
    memo: { fields: { fingerprint: defaultPayloadConverter.toPayload('f00d') } },
  },
});
const scheduled = (eventId: number, name: string, input: unknown = {}) =>
  event(eventId, { activityTaskScheduledEventAttributes: { activityType: { name }, input: payloads(input) } });
const completed = (eventId: number, scheduledEventId: number, result: unknown) =>
  event(eventId, { activityTaskCompletedEventAttributes: { scheduledEventId, result: payloads(result) } });

const ACCEPTED = { outcome: 'accepted', orderId: ORDER_ID, serialNumber: null, endpointId: null };
const ANSWER = { found: true, report: makeReport() };

it('reads a whole run', async () => {
  const message = { endpoint: 'default', report: makeCallback({ status: 'approved' }) };
  const run = await readRun([
    STARTED,
    event(2, { workflowTaskScheduledEventAttributes: {} }),
    event(3, { workflowTaskStartedEventAttributes: {} }),
    event(4, { workflowTaskCompletedEventAttributes: { startedEventId: 3 } }),
    scheduled(5, 'submitPayout'),
    event(6, { activityTaskStartedEventAttributes: { scheduledEventId: 5 } }),
    completed(7, 5, ACCEPTED),
    scheduled(8, 'watchOrder', { pollingSinceMs: 42 }),
    event(9, { workflowExecutionSignaledEventAttributes: { signalName: 'callback', input: payloads(message) } }),
    event(10, {
      markerRecordedEventAttributes: {
        markerName: 'core_local_activity',
        details: {
          result: payloads(ANSWER),
          data: { payloads: [{ data: Buffer.from(JSON.stringify({ complete_time: timeOf(START_MS + 5) })) }] },
        },
      },
    }),
    event(11, { workflowExecutionCompletedEventAttributes: { result: payloads(makeFinal('approved')) } }),
  ]);
  expect(run.recorded).toEqual([
    { type: 'started', input: INPUT },
    { type: 'task_started', atMs: at(3) },
    { type: 'sending', atMs: at(5) },
    { type: 'submitted', submission: ACCEPTED, atMs: at(7) },
    { type: 'signalled', message, atMs: at(9) },
    { type: 'answered', answer: ANSWER, atMs: at(5), isLocal: true },
  ]);
  expect(run.memo).toEqual({ fingerprint: 'f00d' });
  expect(run.closed).toEqual({ result: makeFinal('approved'), continuedAsNew: false, lost: null });
});

it.each([
  ['submitPayout', { type: 'submitted', submission: ACCEPTED, atMs: at(3) }, ACCEPTED],
  ['fetchOrderStatus', { type: 'answered', answer: ANSWER, atMs: at(3), isLocal: false }, ANSWER],
  [
    'watchOrder',
    { type: 'watched', result: { ended: true, answered: true }, pollingSinceMs: 42, atMs: at(3) },
    { ended: true, answered: true },
  ],
])('%s: what it came to', async (name, expected, result) => {
  const { recorded } = await readRun([STARTED, scheduled(2, name, { pollingSinceMs: 42 }), completed(3, 2, result)]);
  expect(recorded.at(-1)).toEqual(expected);
});

describe.each([
  'activityTaskFailedEventAttributes',
  'activityTaskTimedOutEventAttributes',
  'activityTaskCanceledEventAttributes',
])('a call that ended by %s told nothing', (attributes) => {
  it.each([
    ['submitPayout', { type: 'submitted', submission: null, atMs: at(3) }],
    ['fetchOrderStatus', { type: 'answered', answer: 'silent', atMs: at(3), isLocal: false }],
    ['watchOrder', { type: 'watched', result: null, pollingSinceMs: 42, atMs: at(3) }],
  ])('%s', async (name, expected) => {
    const ended = event(3, { [attributes]: { scheduledEventId: 2 } });
    const { recorded } = await readRun([STARTED, scheduled(2, name, { pollingSinceMs: 42 }), ended]);
    expect(recorded.at(-1)).toEqual(expected);
  });
});

it.each([
  ['PayloadRefused', { outcome: 'not_sent', cause: 'payload_refused' }],
  ['TypeError', null],
])('a send that failed as %s', async (type, submission) => {
  const failure = { applicationFailureInfo: { type } };
  const failed = event(3, { activityTaskFailedEventAttributes: { scheduledEventId: 2, failure } });
  const { recorded } = await readRun([STARTED, scheduled(2, 'submitPayout'), failed]);
  expect(recorded.at(-1)).toEqual({ type: 'submitted', submission, atMs: at(3) });
});

const DETAILS = { payloads: payloads('about to send').payloads };

it.each([
  [{ timeoutType: 1 }, { outcome: 'not_sent', cause: 'lost_before_record' }],
  [
    { timeoutType: 1, lastHeartbeatDetails: { payloads: [] } },
    { outcome: 'not_sent', cause: 'lost_before_record' },
  ],
  [{ timeoutType: 1, lastHeartbeatDetails: DETAILS }, null],
  [{ timeoutType: 2 }, { outcome: 'not_sent', cause: 'not_taken' }],
  [{ timeoutType: 2, lastHeartbeatDetails: DETAILS }, null],
  // An operator had it tried again: an attempt before may have sent.
  [{ timeoutType: 2 }, null, { timeoutFailureInfo: { timeoutType: 1 } }],
  [{ timeoutType: 3 }, null],
])('a send that timed out as %j: %j', async (timeoutFailureInfo, submission, cause: object | null = null) => {
  const failure = { timeoutFailureInfo, cause };
  const timedOut = event(3, { activityTaskTimedOutEventAttributes: { scheduledEventId: 2, failure } });
  const { recorded } = await readRun([STARTED, scheduled(2, 'submitPayout'), timedOut]);
  expect(recorded.map(({ type }) => type)).toEqual(['started', 'sending', 'submitted']);
  expect(recorded.at(-1)).toMatchObject({ submission, atMs: at(3) });
});

it.each([
  [
    'a failed local activity told nothing',
    { markerName: 'core_local_activity', failure: {}, details: { result: payloads(ANSWER) } },
  ],
  ['nor did one without an answer', { markerName: 'core_local_activity', details: { result: payloads(null) } }],
  ['another marker is none', { markerName: 'core_patch', details: { result: payloads(ANSWER) } }],
])('%s', async (_name, markerRecordedEventAttributes) => {
  const { recorded } = await readRun([STARTED, event(2, { markerRecordedEventAttributes })]);
  expect(recorded.slice(1)).toEqual([]);
});

it.each([
  ['failed as NotAsked', { applicationFailureInfo: { type: 'NotAsked' } }, 'not_asked'],
  ['failed as GatewayUnanswered', { applicationFailureInfo: { type: 'GatewayUnanswered' } }, 'silent'],
  ['failed as GatewayUnreadable', { applicationFailureInfo: { type: 'GatewayUnreadable' } }, 'unreadable'],
  ['failed as GatewayForbids', { applicationFailureInfo: { type: 'GatewayForbids' } }, 'forbidden'],
  ['was never started', { timeoutFailureInfo: { timeoutType: 2 } }, 'not_asked'],
  ['was never started in all its time', { timeoutFailureInfo: { timeoutType: 3 } }, 'not_asked'],
  ['failed before its time ran out', { timeoutFailureInfo: { timeoutType: 3 }, cause: {} }, 'silent'],
  ['was started and lost', { timeoutFailureInfo: { timeoutType: 1 } }, 'silent'],
])('a question that %s', async (_what, failure, answer) => {
  const name = 'applicationFailureInfo' in failure ? 'Failed' : 'TimedOut';
  const ended = event(3, { [`activityTask${name}EventAttributes`]: { scheduledEventId: 2, failure } });
  const { recorded } = await readRun([STARTED, scheduled(2, 'fetchOrderStatus'), ended]);
  expect(recorded.at(-1)).toEqual({ type: 'answered', answer, atMs: at(3), isLocal: false });
});

it.each([
  ['workflowExecutionFailedEventAttributes', 'failed'],
  ['workflowExecutionTimedOutEventAttributes', 'timed_out'],
  ['workflowExecutionCanceledEventAttributes', 'cancelled_workflow'],
  ['workflowExecutionTerminatedEventAttributes', 'terminated'],
  ['workflowExecutionContinuedAsNewEventAttributes', null],
])('%s closes the run without a result', async (attributes, how) => {
  const { closed } = await readRun([STARTED, event(2, { [attributes]: {} })]);
  const lost = how === null ? null : { how, atMs: at(2) };
  expect(closed).toEqual({ result: null, continuedAsNew: how === null, lost });
});

it('an open run is open, an empty history is nothing', async () => {
  expect((await readRun([STARTED])).closed).toBeNull();
  expect(await readRun([])).toEqual({ recorded: [], memo: {}, runId: '', closed: null });
});
