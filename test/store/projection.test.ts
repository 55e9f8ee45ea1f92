import { projectHistory, type Recorded } from '../../src/store/projection';
import { INPUT } from '../api/app-harness';
import { makeCallback, makeFollowed, makeReport, ORDER_ID, START_MS } from '../domain/samples';

const at = (afterMs: number) => START_MS + afterMs;
const STARTED: Recorded = { type: 'started', input: INPUT };
const task = (afterMs: number): Recorded => ({ type: 'task_started', atMs: at(afterMs) });
const ACCEPTED = { outcome: 'accepted', orderId: ORDER_ID, serialNumber: null, endpointId: null } as const;
const SENT: readonly Recorded[] = [
  STARTED,
  task(10),
  { type: 'sending', atMs: at(20) },
  { type: 'submitted', submission: ACCEPTED, atMs: at(500) },
  task(510),
];
const signal = (afterMs: number, fields: Parameters<typeof makeCallback>[0], endpoint = 'default'): Recorded => ({
  type: 'signalled',
  message: { endpoint, report: makeCallback(fields) },
  atMs: at(afterMs),
});
const answered = (afterMs: number, fields: Parameters<typeof makeReport>[0], isLocal: boolean): Recorded => ({
  type: 'answered',
  answer: { found: true, report: makeReport(fields) },
  atMs: at(afterMs),
  isLocal,
});

const BY_NO_PERSON = { actor: null, reason: null, enteredFrom: null, rule: null };

function project(...recorded: Recorded[]) {
  const projected = projectHistory(recorded);
  if (projected === null) throw new Error('expected a payout');
  return projected;
}

it.each([[[]], [[task(1)]]])('%j is no payout', (recorded) => {
  expect(projectHistory(recorded)).toBeNull();
});

it('a payout just started is accepted', () => {
  const { payout, steps } = project(STARTED);
  expect(payout).toMatchObject({ state: 'accepted', createdAtMs: START_MS, sendAttempts: 0 });
  const what = { source: 'caller', what: 'accepted', state: 'accepted', orderId: null };
  expect(steps).toEqual([{ atMs: START_MS, ...what, ...BY_NO_PERSON }]);
});

it('a send happens at the time of the task that began it, and its result at the time of the task that applied it', () => {
  const { payout, steps } = project(...SENT);
  expect(payout).toMatchObject({ state: 'processing', orderId: ORDER_ID, sendAttempts: 1, pollingSinceMs: at(510) });
  const [sending, accepted] = [
    { source: 'workflow', what: 'sending', state: 'sending', orderId: null },
    { source: 'submission', what: 'accepted', state: 'processing', orderId: ORDER_ID },
  ];
  expect(steps.slice(1)).toEqual([
    { atMs: at(10), ...sending, ...BY_NO_PERSON },
    { atMs: at(510), ...accepted, ...BY_NO_PERSON },
  ]);
});

it('what no task has applied yet counts from when it was recorded', () => {
  const { payout } = project(...SENT.slice(0, 4));
  expect(payout).toMatchObject({ state: 'processing', pollingSinceMs: at(500) });
});

it('a lost create call is a doubt', () => {
  const lost = project(...SENT.slice(0, 3), { type: 'submitted', submission: null, atMs: at(45_000) });
  expect(lost.payout).toMatchObject({ state: 'unconfirmed', unconfirmedSinceMs: at(45_000) });
});

it('a callback and its confirmation settle at the end of the local activity', () => {
  const { payout, steps } = project(
    ...SENT,
    signal(900, { status: 'approved' }),
    task(910),
    answered(980, { status: 'approved' }, true),
  );
  expect(payout).toMatchObject({
    state: 'approved',
    settledBy: 'callback',
    confirmed: true,
    settledAtMs: at(980),
    agreedAtMs: { callback: at(910), poll: at(980) },
  });
  expect(steps.slice(3).map(({ atMs, source, what, state }) => [atMs - START_MS, source, what, state])).toEqual([
    [910, 'callback', 'approved', 'processing'],
    [980, 'poll', 'approved', 'approved'],
  ]);
});

it('a local activity recorded by an earlier clock than its task’s is applied with the task', () => {
  const { payout } = project(
    ...SENT,
    signal(900, { status: 'approved' }),
    task(910),
    answered(900, { status: 'approved' }, true),
  );
  expect(payout.settledAtMs).toBe(at(910));
});

it('a task applies its signals before its results, in whatever order they were recorded', () => {
  const { payout } = project(
    ...SENT,
    answered(899, { status: 'declined' }, false),
    signal(900, { status: 'declined' }),
    task(910),
  );
  expect(payout).toMatchObject({ state: 'declined', settledBy: 'callback', settledAtMs: at(910) });
});

it('a final answer ends a payout only when a task has applied it: a callback that comes before that is applied first', () => {
  const declined = answered(600, { status: 'declined' }, false);
  const undecided = project(...SENT, declined);
  expect(undecided.payout).toMatchObject({ state: 'processing', settledBy: null });
  expect(undecided.steps.at(-1)).toMatchObject({ source: 'poll', what: 'declined', state: 'processing' });
  expect(project(...SENT, declined, task(700)).payout).toMatchObject({ state: 'declined', settledBy: 'poll' });
  const contradicted = project(...SENT, declined, signal(650, { status: 'approved' }), task(700));
  expect(contradicted.payout).toMatchObject({ state: 'needs_review', attention: 'conflict' });
});

it.each([
  ['that is no report', { type: 'signalled', message: {}, atMs: at(900) } as Recorded],
  ['that is a text', { type: 'signalled', message: 'x', atMs: at(900) } as unknown as Recorded],
])('a signal %s changes nothing', (_name, strange) => {
  expect(project(...SENT, strange, task(910)).payout).toEqual(project(...SENT, task(910)).payout);
});

it('a signal of another endpoint is recorded and settles nothing', () => {
  const { payout } = project(...SENT, signal(900, { status: 'approved' }, 'second'), task(910));
  expect(payout).toMatchObject({ state: 'processing', claim: null, settledBy: null });
  expect(payout.evidence.at(-1)).toMatchObject({ source: 'callback', what: 'other_endpoint', contradicts: true });
});

it('the end of a watch is the end of its own polling only', () => {
  const watched = (pollingSinceMs: number): Recorded => ({
    type: 'watched',
    result: null,
    pollingSinceMs,
    atMs: at(300_000),
  });
  expect(project(...SENT, watched(at(510)), task(300_010)).payout.polling).toBe('slow');
  expect(project(...SENT, watched(at(1)), task(300_010)).payout.polling).toBe('fast');
});

it('a task gives up what the clock has run out for', () => {
  const watched: Recorded = {
    type: 'watched',
    result: { ended: true, answered: true },
    pollingSinceMs: at(510),
    atMs: at(300_510),
  };
  const { payout, steps } = project(
    ...SENT,
    watched,
    task(300_520),
    answered(1_200_000_000, {}, false),
    task(1_300_000_000),
  );
  expect(payout).toMatchObject({ state: 'needs_review', attention: 'deadline_passed' });
  expect(steps.at(-1)).toMatchObject({ source: 'clock', what: 'horizon_ended', state: 'needs_review' });
});

it('a continued run goes on from what it carried', () => {
  const carried = makeFollowed({ attention: 'gateway_unreachable' });
  const { payout } = project(
    { type: 'started', input: { ...INPUT, carried } },
    task(10),
    answered(20, { status: 'approved' }, false),
    task(30),
  );
  expect(payout).toMatchObject({ state: 'approved', attention: null, sendAttempts: 1 });
});
