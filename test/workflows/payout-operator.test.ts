import { findPath } from './paths';
import { ANSWERS } from './paths-operator';
import { play } from './play';
import { statesOf } from './played';
import { useSkippedTime } from './sound-plays';

const { time, playSoundly } = useSkippedTime();

const actsOf = (played: Awaited<ReturnType<typeof play>>) =>
  played.reading.steps
    .filter(({ source }) => source === 'operator')
    .map(({ what, actor, reason }) => ({ what, actor, reason }));

describe('an operator', () => {
  it('cancels a payout that provably was not sent, and nothing is sent after that', async () => {
    const played = await playSoundly('operator-cancels');
    expect(played.result).toMatchObject({ state: 'cancelled', settledBy: 'operator', orderId: null });
    expect(ANSWERS['operator-cancels']).toEqual(['cancelled']);
    expect(played.gateway.created()).toBe(0);
    expect(actsOf(played)).toEqual([{ what: 'cancel', actor: 'local', reason: 'the account manager confirmed it' }]);
  });

  it('is refused what the state does not allow, and the refusals leave no event', async () => {
    const played = await playSoundly('operator-refused');
    expect(ANSWERS['operator-refused']).toEqual(['already_sent', 'not_in_review', 'not_in_review']);
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll' });
    expect(actsOf(played)).toEqual([]);
    expect(
      (played.history.events ?? []).filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes),
    ).toEqual([]);
  });

  it('settles a payout in review, once', async () => {
    const played = await playSoundly('operator-resolves');
    expect(ANSWERS['operator-resolves']).toEqual(['declined', 'closed']);
    expect(played.result).toMatchObject({ state: 'declined', settledBy: 'operator', confirmed: true, attention: null });
    expect(actsOf(played)).toHaveLength(1);
  });

  it('hands a payout back to be followed; the same act twice is one, and another under its id is none', async () => {
    const played = await playSoundly('operator-hands-back');
    expect(ANSWERS['operator-hands-back']).toEqual(['processing', 'processing', ...Array(3).fill('id_used')]);
    expect(statesOf(played)).toEqual(['accepted', 'sending', 'processing', 'needs_review', 'processing', 'approved']);
    expect(actsOf(played)).toHaveLength(1);
  });

  it('has a payout sent again from review only, after a probe', async () => {
    const played = await play(time(), findPath('operator-resends'));
    expect(ANSWERS['operator-resends']).toEqual(['not_in_review', 'accepted']);
    expect(played.gateway.count('submit')).toBe(2);
    expect(
      played.gateway.calls.filter(({ what }) => what === 'submit' || what === 'probe').map(({ what }) => what),
    ).toEqual(['probe', 'submit', 'probe', 'submit']);
    expect(played.result).toMatchObject({ state: 'approved', sendAttempts: 2 });
  });

  it('has an order adopted, not sent again, when the probe before a resend finds it', async () => {
    const played = await playSoundly('operator-resend-adopts');
    expect(played.gateway.count('submit')).toBe(1);
    expect(played.result).toMatchObject({ state: 'approved' });
  });

  it('has the order status asked at once', async () => {
    const played = await playSoundly('operator-checks');
    expect(ANSWERS['operator-checks']).toEqual(['approved']);
    expect(played.gateway.count('confirm')).toBe(1);
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll' });
  });

  it('has a note written down once for its id, and nothing changed by it', async () => {
    const played = await playSoundly('operator-notes');
    expect(ANSWERS['operator-notes']).toEqual(['processing', 'processing']);
    expect(played.gateway.count('confirm')).toBe(0);
    expect(played.reading.steps.filter(({ what }) => what === 'note')).toEqual([
      expect.objectContaining({
        source: 'operator',
        actor: 'local',
        reason: expect.stringContaining('confirmed'),
        state: 'processing',
      }),
    ]);
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll' });
  });

  it('who has it asked is answered before a slow gateway answers', async () => {
    const played = await playSoundly('operator-checks-slow-gateway');
    expect(ANSWERS['operator-checks-slow-gateway']).toEqual(['processing']);
    expect(played.gateway.count('confirm')).toBe(2);
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll' });
  });
});
