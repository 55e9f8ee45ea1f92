import fc from 'fast-check';
import { isFinalState } from '../../src/domain/payout';
import { DEFAULT_POLICY as policy } from '../../src/domain/poll-plan';
import { START_MS } from './samples';
import { anyGatewayStory, runVirtually } from './virtual-workflow';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('over virtual time', () => {
  it('whatever the gateway says and when, a payout ends final or in a person’s hands, and never turns in place', () => {
    const ends = new Set<string>();
    fc.assert(
      fc.property(anyGatewayStory, (story) => {
        const run = runVirtually(story, policy);
        ends.add(run.payout.state);
        expect(run.mostStepsAtOneInstant).toBeLessThanOrEqual(20);
        // Each claim that ends a silence may start the horizon anew.
        const horizons = 2 + story.callbacks.length + story.answers.length;
        expect(run.endedAtMs - START_MS).toBeLessThanOrEqual(2 * DAY_MS + horizons * 14 * DAY_MS + HOUR_MS);
        if (isFinalState(run.payout.state)) expect(run.next.step).toBe('finish');
        else {
          expect(run.payout.state).toBe('needs_review');
          expect(run.payout.attention).not.toBeNull();
        }
      }),
      { numRuns: 400 },
    );
    expect([...ends].sort()).toEqual(['approved', 'declined', 'error', 'filtered', 'needs_review', 'rejected']);
  });

  it('one order at most is created, whatever happens', () => {
    fc.assert(
      fc.property(anyGatewayStory, (story) => {
        expect(runVirtually(story, policy).sendsAfterOrder).toBe(0);
      }),
      { numRuns: 400 },
    );
  });
});
