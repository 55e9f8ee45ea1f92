import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type StatusQuestion, type SubmitOrder } from '../../src/activities/activities';
import { TurnTooLate } from '../../src/activities/call-rate';
import type { WatchOrder } from '../../src/activities/watch-order';
import type { Watches } from '../../src/activities/watches';
import { ENDPOINT_UNKNOWN, PAYLOAD_REFUSED, SEND_BROKEN, submissionOfLost } from '../../src/domain/apply-evidence';
import type { StatusAnswer } from '../../src/domain/order-report';
import type { OrderIds, StatusOptions, SubmitOptions } from '../../src/gateway/client';
import { GatewayError, type GatewayErrorKind } from '../../src/gateway/errors';
import type { SubmitOutcome } from '../../src/gateway/outcomes';
import type { CallKind } from '../../src/workflows/messages';
import { CLIENT_ORDER_ID, makeReport, ORDER_ID, REQUEST, START_MS } from '../domain/samples';

const NOT_FOUND: StatusAnswer = { found: false, reason: { code: '1', message: null } };
const ACCEPTED = { outcome: 'accepted', orderId: ORDER_ID, serialNumber: null, endpointId: '1144' } as const;
const ORDER: SubmitOrder = {
  endpoint: 'default',
  request: REQUEST,
  callbackUrl: 'https://cp.example.org/callbacks/default',
  redirectUrl: null,
  answerTimeoutMs: 20_000,
  runId: '00000000-0000-0000-0000-000000000000',
};
const WATCH: WatchOrder = {
  endpoint: 'default',
  clientOrderId: CLIENT_ORDER_ID,
  orderId: ORDER_ID,
  timeoutMs: 20_000,
  kind: 'poll',
  known: { redirectTo: null, oddity: null },
  everyMs: 4_000,
  forMs: 300_000,
  pollingSinceMs: START_MS,
};

/** The activities beside a gateway that answers as told, and the environment of one attempt. */
function setUp(options: {
  answer?: StatusAnswer | GatewayErrorKind | Error;
  nowMs?: number;
  unit?: number;
  startedAtMs?: number | null;
  record?: () => Promise<void>;
  info?: ConstructorParameters<typeof MockActivityEnvironment>[0];
  /** How many pauses of a watch are held within its attempt. */
  pausesHeld?: number;
}) {
  const { answer = NOT_FOUND, nowMs = START_MS, unit = 0.5, startedAtMs = null } = options;
  const submitPayout = jest.fn(
    async (_request: unknown, { recordSend }: SubmitOptions): Promise<SubmitOutcome> =>
      (await recordSend()) ? ACCEPTED : { outcome: 'not_sent', cause: 'not_recorded' },
  );
  const recordSend = jest.fn(options.record ?? (async () => {}));
  const fetchOrderStatus = jest.fn(async (_ids: OrderIds, _options: StatusOptions): Promise<StatusAnswer> => {
    if (answer instanceof Error) throw answer;
    if (typeof answer === 'string') throw new GatewayError(answer);
    return answer;
  });
  const gatewayOf = jest.fn((endpoint: string, _kind: CallKind) => {
    if (endpoint !== 'default') throw new RangeError('endpoint: expected one this worker is configured for');
    return { submitPayout, fetchOrderStatus };
  });
  const findStart = jest.fn(async () => startedAtMs);
  const pauses: number[] = [];
  const ending = new AbortController();
  const quieted: string[] = [];
  const watches: Watches = {
    run: async (_context, _endpoint, attempt) =>
      await attempt(async (forMs) => pauses.push(forMs) <= (options.pausesHeld ?? 0), ending.signal),
    quiet: (workflowId) => quieted.push(workflowId),
  };
  const times = { now: () => nowMs, random: () => unit };
  const activities = createActivities({ gatewayOf, findStart, recordSend, watches, ...times });
  const warnings: string[] = [];
  const logger = new DefaultLogger('WARN', ({ message }) => warnings.push(message));
  const environment = new MockActivityEnvironment(
    {
      currentAttemptScheduledTimestampMs: START_MS,
      scheduledTimestampMs: START_MS,
      startToCloseTimeoutMs: 45_000,
      ...options.info,
    },
    { logger },
  );
  const heartbeats: unknown[] = [];
  environment.on('heartbeat', (details) => heartbeats.push(details));
  const failureOf = async (run: Promise<unknown>): Promise<ApplicationFailure> => {
    const error = await run.then(
      () => new Error('expected a failure, got a result'),
      (thrown: unknown) => thrown,
    );
    if (error instanceof ApplicationFailure) return error;
    throw error;
  };
  const submit = (order = ORDER) => environment.run(activities.submitPayout, order);
  const ask = (question: StatusQuestion) => environment.run(activities.fetchOrderStatus, question);
  const watch = (order = WATCH) => environment.run(activities.watchOrder, order);
  const calls = { submitPayout, fetchOrderStatus, findStart, recordSend, gatewayOf };
  return {
    ...{ activities, environment, ending, ...calls, heartbeats, pauses, quieted, warnings, failureOf },
    ...{ submit, ask, watch },
  };
}

describe('submitPayout', () => {
  it('asks first, by the client order id alone, and sends exactly once', async () => {
    const { submit, submitPayout, fetchOrderStatus, findStart } = setUp({});
    expect(await submit()).toEqual(ACCEPTED);
    expect(submitPayout).toHaveBeenCalledTimes(1);
    expect(fetchOrderStatus).toHaveBeenCalledTimes(1);
    expect(findStart).toHaveBeenCalledTimes(0);
    const deadlineMs = START_MS + 45_000 * 0.95;
    expect(fetchOrderStatus).toHaveBeenCalledWith(
      { clientOrderId: CLIENT_ORDER_ID, orderId: null },
      { timeoutMs: (deadlineMs - START_MS) / 3 },
    );
    const { callbackUrl, redirectUrl } = ORDER;
    const recordSend = expect.any(Function);
    expect(submitPayout).toHaveBeenCalledWith(REQUEST, { deadlineMs, callbackUrl, redirectUrl, recordSend });
    expect(fetchOrderStatus.mock.invocationCallOrder[0]).toBeLessThan(submitPayout.mock.invocationCallOrder[0]!);
  });

  it('adopts an order that exists, and sends nothing', async () => {
    const report = makeReport({ status: 'approved' });
    const { submit, submitPayout } = setUp({ answer: { found: true, report } });
    expect(await submit()).toEqual({ outcome: 'adopted', report });
    expect(submitPayout).toHaveBeenCalledTimes(0);
  });

  it.each([
    ['unreachable', 'probe_unanswered'],
    ['no_answer', 'probe_unanswered'],
    ['unreadable', 'probe_unreadable'],
    ['wrong_ids', 'probe_unreadable'],
    ['request_refused', 'probe_unreadable'],
    ['redirected', 'probe_unanswered'],
    ['forbidden', 'forbidden'],
  ] as const)('sends nothing when the question failed: %s', async (answer, cause) => {
    const { submit, submitPayout } = setUp({ answer });
    expect(await submit()).toEqual({ outcome: 'not_sent', cause });
    expect(submitPayout).toHaveBeenCalledTimes(0);
  });

  it('lets a defect through, and sends nothing', async () => {
    const defect = new TypeError('defect');
    const { submit, submitPayout } = setUp({ answer: defect });
    await expect(submit()).rejects.toMatchObject({ cause: defect });
    expect(submitPayout).toHaveBeenCalledTimes(0);
  });

  it.each([
    Object.assign(new Error('gone'), { name: 'NotFoundError' }),
    ApplicationFailure.create({ message: 'gone', type: 'NotFoundError' }),
    ApplicationFailure.nonRetryable('no such endpoint', ENDPOINT_UNKNOWN),
    Object.assign(new Error('sealed'), { name: PAYLOAD_REFUSED }),
    ApplicationFailure.nonRetryable('sealed', PAYLOAD_REFUSED),
  ])('whatever breaks after the first byte, it is a doubt: %#', async (error) => {
    const { submit, submitPayout, failureOf } = setUp({});
    submitPayout.mockImplementationOnce(async (_request, { recordSend }) => {
      await recordSend();
      throw error;
    });
    const { type, nonRetryable } = await failureOf(submit());
    expect({ type, nonRetryable }).toEqual({ type: SEND_BROKEN, nonRetryable: true });
    expect(
      submissionOfLost({ failureType: type ?? null, timeout: null, hadFailed: false, recorded: false }),
    ).toBeNull();
  });

  it('refuses an endpoint it does not know, and sends nothing', async () => {
    const { submit, submitPayout } = setUp({});
    const elsewhere = { ...ORDER, endpoint: 'other' };
    const failure = { type: 'EndpointUnknown', nonRetryable: true };
    await expect(submit(elsewhere)).rejects.toMatchObject(failure);
    expect(submitPayout).toHaveBeenCalledTimes(0);
  });

  it('of a worker that was frozen asks the gateway nothing once the server has given the attempt up', async () => {
    const { submit, submitPayout, fetchOrderStatus, findStart } = setUp({ nowMs: START_MS + 60_000 });
    const expected = { outcome: 'not_sent', cause: 'past_deadline' };
    expect(await submit()).toEqual(expected);
    expect(findStart).toHaveBeenCalledTimes(1);
    expect(fetchOrderStatus).toHaveBeenCalledTimes(0);
    expect(submitPayout).toHaveBeenCalledTimes(0);
  });

  it('that waited long in its queue still sends, by the server’s own time of its start', async () => {
    const nowMs = START_MS + 600_000;
    const { submit, submitPayout } = setUp({ nowMs, startedAtMs: nowMs - 10 });
    expect(await submit()).toEqual(ACCEPTED);
    expect(submitPayout).toHaveBeenCalledTimes(1);
    expect(submitPayout).toHaveBeenCalledWith(REQUEST, expect.objectContaining({ deadlineMs: nowMs - 10 + 42_750 }));
  });

  it('has it recorded for this very attempt, after the probe, and then sends once', async () => {
    const { submit, environment, submitPayout, fetchOrderStatus, recordSend } = setUp({});
    expect(await submit()).toEqual(ACCEPTED);
    expect(submitPayout).toHaveBeenCalledTimes(1);
    expect(recordSend).toHaveBeenCalledTimes(1);
    expect(recordSend).toHaveBeenCalledWith(environment.context.info);
    expect(fetchOrderStatus.mock.invocationCallOrder[0]).toBeLessThan(recordSend.mock.invocationCallOrder[0]!);
  });

  it.each([
    ['the server says that it no longer waits for the attempt', 'not found'],
    ['the server cannot be reached', 'unavailable'],
  ])('sends nothing when %s', async (_why, words) => {
    const { submit } = setUp({ record: async () => Promise.reject(new Error(words)) });
    const unsent = { outcome: 'not_sent', cause: 'not_recorded' };
    expect(await submit()).toEqual(unsent);
  });

  it('sends nothing when its run is not the one that scheduled it, but one that began by a reset', async () => {
    for (const answer of [NOT_FOUND, 'no_answer'] as const) {
      const { submit, submitPayout, recordSend } = setUp({ answer });
      const doubt = { outcome: 'unconfirmed', cause: 'run_was_reset', orderId: null };
      expect(await submit({ ...ORDER, runId: 'another' })).toEqual(doubt);
      expect([submitPayout, recordSend].map((call) => call.mock.calls.length)).toEqual([0, 0]);
    }
  });

  it('records nothing of an order that the probe finds', async () => {
    const { submit, recordSend } = setUp({ answer: { found: true, report: makeReport() } });
    expect(await submit()).toMatchObject({ outcome: 'adopted' });
    expect(recordSend).toHaveBeenCalledTimes(0);
  });

  it('is in doubt, and neither asks nor sends, when an attempt before has put it on record', async () => {
    const info = { attempt: 2, heartbeatDetails: 'about to send' };
    for (const answer of [NOT_FOUND, 'no_answer'] as const) {
      const { submit, submitPayout, recordSend } = setUp({ answer, info });
      const doubt = { outcome: 'unconfirmed', cause: 'recorded_before', orderId: null };
      expect(await submit()).toEqual(doubt);
      expect([submitPayout, recordSend].map((call) => call.mock.calls.length)).toEqual([0, 0]);
    }
  });
});

describe('fetchOrderStatus', () => {
  const ids = { clientOrderId: CLIENT_ORDER_ID, orderId: ORDER_ID };
  const question = { endpoint: 'default', ...ids, timeoutMs: 3_000, kind: 'confirm' } as const;

  it('asks once with both ids', async () => {
    const { ask, fetchOrderStatus } = setUp({});
    expect(await ask(question)).toEqual(NOT_FOUND);
    expect(fetchOrderStatus).toHaveBeenCalledTimes(1);
    expect(fetchOrderStatus).toHaveBeenCalledWith(ids, { timeoutMs: 3_000, signal: expect.any(AbortSignal) });
  });

  it('fails retryably without an answer, at the pace of its own policy', async () => {
    const { ask, warnings, failureOf } = setUp({ answer: 'no_answer' });
    const failure = await failureOf(ask(question));
    expect(failure).toMatchObject({ type: 'GatewayUnanswered', nonRetryable: false });
    expect(failure.nextRetryDelay).toBeUndefined();
    expect(warnings).toEqual(['Activity failed']);
  });
});

describe('confirmSoon', () => {
  const question = { ...WATCH, kind: 'confirm' } as const;

  it('is answered like any question', async () => {
    const { activities, environment, fetchOrderStatus } = setUp({});
    expect(await environment.run(activities.confirmSoon, question)).toEqual(NOT_FOUND);
    expect(fetchOrderStatus).toHaveBeenCalledTimes(1);
  });

  it.each(['no_answer', 'unreachable', 'forbidden', 'wrong_ids'] as const)(
    '%s is no answer, and no failure',
    async (kind) => {
      const { activities, environment } = setUp({ answer: kind });
      expect(await environment.run(activities.confirmSoon, question)).toBeNull();
    },
  );

  it('a defect is one', async () => {
    const { activities, environment } = setUp({ answer: new Error('broken') });
    await expect(environment.run(activities.confirmSoon, question)).rejects.toThrow('broken');
  });
});

describe('the kind of a call', () => {
  it.each([
    ['submitPayout', ORDER, ['send', 'send']],
    ['fetchOrderStatus', { ...WATCH, kind: 'confirm' }, ['confirm']],
    ['confirmSoon', { ...WATCH, kind: 'confirm' }, ['confirm']],
    ['watchOrder', WATCH, ['poll']],
  ] as const)('%s: %p', async (name, order, kinds) => {
    const { activities, environment, gatewayOf } = setUp({ info: { attempt: 2 } });
    await environment.run(activities[name] as (order: unknown) => Promise<unknown>, order).catch(() => undefined);
    expect(gatewayOf.mock.calls.map(([, kind]) => kind)).toEqual(kinds);
  });
});

describe('a confirmation', () => {
  const { workflowId } = new MockActivityEnvironment().context.info.workflowExecution ?? { workflowId: '' };
  it.each([
    ['final', 'confirm', { found: true, report: makeReport({ status: 'approved' }) }, [workflowId]],
    ['not final', 'confirm', { found: true, report: makeReport() }, []],
    ['not found', 'confirm', NOT_FOUND, []],
    ['final, but a poll', 'poll', { found: true, report: makeReport({ status: 'approved' }) }, []],
  ] as const)('quiets the watch of its payout only when it is final: %s', async (_what, kind, answer, quieted) => {
    const scene = setUp({ answer });
    await scene.environment.run(scene.activities.fetchOrderStatus, { ...WATCH, kind });
    expect(scene.quieted).toEqual(quieted);
  });
});

describe('a turn too late', () => {
  const late = { answer: new TurnTooLate(), info: { attempt: 3, heartbeatDetails: 1 } };

  it('fails a question as one that was not asked', async () => {
    const { ask, failureOf } = setUp(late);
    expect(await failureOf(ask(WATCH))).toMatchObject({ type: 'NotAsked', nonRetryable: false });
  });

  it('is no silence of the gateway to a watch', async () => {
    const { watch, heartbeats, failureOf } = setUp(late);
    expect(await failureOf(watch())).toMatchObject({ type: 'NotAsked', nextRetryDelay: 4_000 });
    expect(heartbeats).toEqual([]);
  });
});

describe('watchOrder', () => {
  const attempt = (number: number, times?: number) => ({
    info: { attempt: number, heartbeatDetails: times === undefined ? undefined : { times, last: 'silent' } },
  });

  it('asks on in one attempt while its pauses are held, and begins with one', async () => {
    const answer: StatusAnswer = { found: true, report: makeReport() };
    const { watch, fetchOrderStatus, pauses, failureOf } = setUp({
      ...{ ...attempt(1), answer, pausesHeld: 3 },
    });
    expect(await failureOf(watch())).toMatchObject({ type: 'NotFinalYet', nextRetryDelay: 4_000 });
    expect(pauses).toEqual([4_000, 4_000, 4_000, 4_000]);
    expect(fetchOrderStatus).toHaveBeenCalledTimes(3);
  });

  it('counts silences over the questions of one attempt, and records them when it ends', async () => {
    const { watch, heartbeats, pauses, failureOf } = setUp({
      ...{ ...attempt(2), answer: 'no_answer', pausesHeld: 2 },
    });
    expect(await failureOf(watch())).toMatchObject({ type: 'GatewayUnanswered', nextRetryDelay: 32_000 });
    expect(pauses).toEqual([8_000, 16_000, 32_000]);
    expect(heartbeats).toEqual([{ times: 3, last: 'silent' }]);
  });

  it('only sets the pace with its first attempt where no pause is held', async () => {
    const { watch, fetchOrderStatus, warnings, failureOf } = setUp(attempt(1));
    expect(await failureOf(watch())).toMatchObject({ type: 'NotFinalYet', nextRetryDelay: 4_000 });
    expect(warnings).toEqual([]);
    expect(fetchOrderStatus).toHaveBeenCalledTimes(0);
  });

  it.each([
    [0, 3_000],
    [0.5, 4_000],
    [1 - Number.EPSILON, 5_000],
  ])('asks again after 3 to 5 s: %d of the range is %i ms', async (unit, nextRetryDelay) => {
    const answer: StatusAnswer = { found: true, report: makeReport() };
    const { watch, fetchOrderStatus, failureOf } = setUp({ ...attempt(2), answer, unit });
    expect(await failureOf(watch())).toMatchObject({
      type: 'NotFinalYet',
      message: 'not final yet',
      category: ApplicationFailureCategory.BENIGN,
      nonRetryable: false,
      nextRetryDelay,
    });
    expect(fetchOrderStatus).toHaveBeenCalledTimes(1);
  });

  it.each([
    [undefined, 1, 8_000],
    [1, 2, 16_000],
    [2, 3, 32_000],
    [3, 4, 60_000],
    [4, 5, 60_000],
    [500, 501, 60_000],
  ])('after %s silences, another one is the %ith: pause %i ms', async (before, count, nextRetryDelay) => {
    const { watch, heartbeats, failureOf } = setUp({ ...attempt(3, before), answer: 'no_answer' });
    expect(await failureOf(watch())).toMatchObject({ type: 'GatewayUnanswered', nextRetryDelay });
    expect(heartbeats).toEqual([{ times: count, last: 'silent' }]);
  });

  it.each([
    ['unreadable', 'unreadable', 'GatewayUnreadable'],
    ['request_refused', 'unreadable', 'GatewayUnreadable'],
    ['forbidden', 'forbidden', 'GatewayForbids'],
  ] as const)('remembers why there is no answer: %s', async (answer, last, type) => {
    const { watch, heartbeats, failureOf } = setUp({ ...attempt(3, 1), answer });
    expect(await failureOf(watch())).toMatchObject({ type });
    expect(heartbeats).toEqual([{ times: 2, last }]);
  });

  it('counts silences from the beginning again after an answer', async () => {
    const answer: StatusAnswer = { found: true, report: makeReport() };
    const { watch, heartbeats, failureOf } = setUp({ ...attempt(5, 3), answer });
    expect(await failureOf(watch())).toMatchObject({ type: 'NotFinalYet', nextRetryDelay: 4_000 });
    expect(heartbeats).toEqual([{ times: 0 }]);
  });

  it('never pauses beyond the end of its polling', async () => {
    const late = { ...attempt(3), nowMs: START_MS + WATCH.forMs - 700 };
    const silent = setUp({ ...late, answer: 'no_answer' });
    const failure = await silent.failureOf(silent.environment.run(silent.activities.watchOrder, WATCH));
    expect(failure.nextRetryDelay).toBe(700);
    const answered = setUp({ ...late, answer: { found: true, report: makeReport() } });
    const notYet = await answered.failureOf(answered.environment.run(answered.activities.watchOrder, WATCH));
    expect(notYet.nextRetryDelay).toBe(700);
  });

  it.each([
    [undefined, { answered: true }],
    [2, { answered: false, noAnswer: 'silent' }],
  ])('ends with its polling without another question; %s silences before: %j', async (silences, how) => {
    const ended = { ...attempt(70, silences), nowMs: START_MS + WATCH.forMs };
    const { watch, fetchOrderStatus } = setUp(ended);
    expect(await watch()).toEqual({ ended: true, ...how });
    expect(fetchOrderStatus).toHaveBeenCalledTimes(0);
  });

  const form = 'https://gate.example.com/form/1';
  const seen = (fields: Parameters<typeof makeReport>[0]): StatusAnswer => ({
    found: true,
    report: makeReport(fields),
  });
  const nothing = { redirectTo: null, oddity: null };
  const alone = { state: 'approved' as const, isContradicted: false };
  const contradicted = { state: 'approved' as const, isContradicted: true };
  const event = 'post_payout_event';

  it.each([
    ['approved', seen({ status: 'approved' }), nothing],
    ['declined', seen({ status: 'declined' }), nothing],
    ['filtered', seen({ status: 'filtered' }), nothing],
    ['error', seen({ status: 'error' }), nothing],
    ['the form has come', seen({ redirectTo: form }), nothing],
    ['the form has changed', seen({ redirectTo: `${form}2` }), { ...nothing, redirectTo: form }],
    ['the form is gone', seen({}), { ...nothing, redirectTo: form }],
    ['a word nobody knows', seen({ status: 'unlisted' }), nothing],
    ['a link that cannot be used', seen({ isLinkUnusable: true }), nothing],
    ['a transaction that is no payout', seen({ subject: 'other_transaction' }), nothing],
    ['it is a word again that is known', seen({}), { ...nothing, oddity: 'unlisted_status' as const }],
    ['the order is gone', NOT_FOUND, nothing],
    ['the order is there again', seen({}), { ...nothing, oddity: 'order_not_found' as const }],
    ['a final is confirmed', seen({ status: 'approved' }), { ...nothing, final: alone }],
    ['a final is contradicted', seen({ status: 'declined' }), { ...nothing, final: alone }],
    ['something came after a final', seen({ status: 'approved', subject: event }), { ...nothing, final: alone }],
    ['a final is no payout', seen({ subject: 'other_transaction' }), { ...nothing, final: alone }],
    ['the order of a final is gone', NOT_FOUND, { ...nothing, final: alone }],
    ['a final is confirmed after all', seen({ status: 'approved' }), { ...nothing, final: contradicted }],
  ])('wakes the workflow: %s', async (_name, answer, known) => {
    const { watch } = setUp({ ...attempt(2), answer });
    expect(await watch({ ...WATCH, known })).toEqual({ ended: false, answer });
  });

  it.each([
    ['processing', seen({}), nothing],
    ['unknown', seen({ status: 'unknown' }), nothing],
    ['the same form', seen({ redirectTo: form }), { ...nothing, redirectTo: form }],
    ['the same unusable link', seen({ isLinkUnusable: true }), { ...nothing, oddity: 'redirect_unusable' as const }],
    ['the same odd word', seen({ status: 'unlisted' }), { ...nothing, oddity: 'unlisted_status' as const }],
    ['still no such order', NOT_FOUND, { ...nothing, oddity: 'order_not_found' as const }],
    ['a final has a form', seen({ redirectTo: form }), { ...nothing, final: alone }],
    ['a final has an odd word', seen({ status: 'unlisted' }), { ...nothing, final: alone }],
    ['a final is contradicted again', seen({ status: 'declined' }), { ...nothing, final: contradicted }],
    ['an event once more', seen({ status: 'approved', subject: event }), { ...nothing, final: contradicted }],
    ['the order is gone as well', NOT_FOUND, { ...nothing, final: contradicted }],
  ])('lets the workflow sleep: %s', async (_name, answer, known) => {
    const { watch, failureOf } = setUp({ ...attempt(2), answer });
    expect(await failureOf(watch({ ...WATCH, known }))).toMatchObject({ type: 'NotFinalYet' });
  });

  it('is not woken by the usual answer about an order that was never seen', async () => {
    const { watch, failureOf } = setUp({ ...attempt(2), answer: NOT_FOUND });
    expect(await failureOf(watch({ ...WATCH, known: nothing, orderId: null }))).toMatchObject({ type: 'NotFinalYet' });
  });

  it('ends its question with itself, and counts no silence for it', async () => {
    const scene = setUp({ ...attempt(3, 1), pausesHeld: 0 });
    scene.fetchOrderStatus.mockImplementation(async (_ids, { signal }) => {
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()));
      throw new GatewayError('no_answer');
    });
    const watching = scene.environment.run(scene.activities.watchOrder, WATCH);
    while (scene.fetchOrderStatus.mock.calls.length === 0) await new Promise(setImmediate);
    scene.ending.abort();
    expect(await scene.failureOf(watching)).toMatchObject({ type: 'NotAsked', nextRetryDelay: 4_000 });
    expect(scene.heartbeats).toEqual([]);
  });
});

describe('a question', () => {
  it('may take what waiting for its turn has left of its time', async () => {
    let nowMs = START_MS;
    let freeSlot = () => {};
    const slot = new Promise<void>((resolve) => (freeSlot = resolve));
    const timeouts: number[] = [];
    const activities = createActivities({
      gatewayOf: () => ({
        submitPayout: async () => ACCEPTED,
        fetchOrderStatus: async (_ids, { timeoutMs }) => {
          if (timeouts.push(timeoutMs) === 1) await slot;
          return NOT_FOUND;
        },
      }),
      findStart: async () => null,
      recordSend: async () => {},
      pollsAtOnce: 1,
      now: () => nowMs,
    });
    const asked = [1, 2].map(() => new MockActivityEnvironment().run(activities.fetchOrderStatus, WATCH));
    await new Promise(setImmediate);
    nowMs += 9_000;
    freeSlot();
    await Promise.all(asked);
    expect(timeouts).toEqual([20_000, 11_000]);
  });

  it('that its worker or the server ends was not asked', async () => {
    const { ask, environment, fetchOrderStatus, failureOf } = setUp({ answer: 'no_answer' });
    environment.cancel('WORKER_SHUTDOWN');
    expect(await failureOf(ask({ ...WATCH, kind: 'confirm' as const }))).toMatchObject({
      type: 'NotAsked',
    });
    expect(fetchOrderStatus).toHaveBeenCalledTimes(1);
  });
});
