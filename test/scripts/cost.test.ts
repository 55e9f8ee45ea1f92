import { countActions, countHeartbeats, estimateCost } from '../../scripts/cost';
import { readHistories } from '../workflows/histories';

/** Events that Temporal Cloud bills: https://docs.temporal.io/cloud/actions */
const BILLED = [
  'workflowExecutionStarted',
  'workflowExecutionSignaled',
  'activityTaskScheduled',
  'timerStarted',
  'markerRecorded',
  'upsertWorkflowSearchAttributes',
].map((name) => `${name}EventAttributes`);
/** The record of a send is a heartbeat, which is billed and no event. */
const RECORD = 1;

describe('what Temporal Cloud bills', () => {
  it('for a payout that a callback settles is what its recorded history holds, and the record of its send', () => {
    const found = readHistories('clear').find(({ name }) => name === 'callback-during-watch');
    const billed = (found?.history.events ?? []).filter((event) =>
      Object.keys(event).some((key) => BILLED.includes(key)),
    );
    expect(billed.length + RECORD).toBe(countActions({ polls: 1 }));
  });

  // Polls of a second each, as they were measured: docs/performance.md.
  it.each([
    [1, 7],
    [10, 8],
    [75, 12],
  ])('for polls during %i s is what was counted by the server', (seconds, counted) => {
    expect(countActions({ polls: 1 }) + countHeartbeats(seconds)).toBe(counted);
  });

  it('counts a heartbeat in 16 s, and each slow poll', () => {
    expect([1, 2, 75, 76, 80].map((polls) => countActions({ polls }))).toEqual([7, 8, 26, 27, 31]);
    expect(countActions({ polls: 1, notified: true })).toBe(10);
  });

  it('in a month', () => {
    expect(estimateCost({ payoutsPerDay: 10_000, polls: 1 })).toEqual({
      perPayout: 7,
      perDay: 70_000,
      perSecond: 70_000 / 86_400,
      dollarsPerMonth: 105,
    });
  });
});
