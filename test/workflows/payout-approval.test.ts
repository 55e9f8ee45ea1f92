import { findPath } from './paths';
import { APPROVAL_ANSWERS } from './paths-approval';
import { play } from './play';
import { alarmsOf, statesOf, stepAtMs } from './played';
import { useSkippedTime } from './sound-plays';

const { time, playSoundly } = useSkippedTime();

const DAY = 86_400_000;
const stepsOf = ({ reading }: Awaited<ReturnType<typeof play>>) =>
  reading.steps.map(({ source, what, actor, rule }) => [source, what, actor, rule].filter(Boolean).join(' '));

describe('a payout that needs two approvals', () => {
  it('is sent after two other persons approved it, each once; the timeline has them with the rule', async () => {
    const played = await playSoundly('approved-by-two');
    expect(APPROVAL_ANSWERS['approved-by-two']).toEqual([
      'own_request',
      'awaiting_approval',
      'already_approved',
      'accepted',
    ]);
    expect(statesOf(played)).toEqual(['awaiting_approval', 'accepted', 'sending', 'processing', 'approved']);
    expect(stepsOf(played).slice(0, 5)).toEqual([
      'caller accepted',
      'policy approval_needed large',
      'operator approve anna large',
      'operator approve bert large',
      'workflow sending',
    ]);
    expect(played.gateway.calls[0]?.atMs).toBeGreaterThanOrEqual(played.beganAtMs + DAY);
    expect(played.gateway.count('submit')).toBe(1);
  });

  it('expires without them, to the millisecond, and nothing is sent', async () => {
    const played = await playSoundly('never-approved');
    expect(statesOf(played)).toEqual(['awaiting_approval', 'expired']);
    expect(alarmsOf(played, played.beganAtMs)).toEqual([3 * DAY]);
    expect(played.gateway.calls).toEqual([]);
  });

  it('calls for attention while too few can approve it, as the keys change', async () => {
    const played = await playSoundly('approvers-change');
    expect(stepsOf(played).slice(1, 4)).toEqual([
      'policy approval_needed large',
      'policy approval_blocked large',
      'policy approval_possible large',
    ]);
    const attributes = (played.history.events ?? []).flatMap(
      ({ upsertWorkflowSearchAttributesEventAttributes: upsert }) =>
        upsert?.searchAttributes?.indexedFields?.PayoutAttention?.data ?? [],
    );
    expect(attributes.map((data) => JSON.parse(Buffer.from(data).toString()) as unknown)).toEqual([
      'approval_blocked',
      null,
      null,
    ]);
    expect(played.result).toMatchObject({ state: 'expired', attention: null });
  });

  it('is cancelled by a rejection; that too few could approve it is no attention any more', async () => {
    const played = await playSoundly('approval-rejected');
    expect(APPROVAL_ANSWERS['approval-rejected']).toEqual(['awaiting_approval', 'cancelled']);
    expect(played.result).toMatchObject({ state: 'cancelled', settledBy: 'operator', attention: null });
    expect(stepsOf(played).at(-1)).toBe('operator reject bert large');
    expect(played.gateway.calls).toEqual([]);
  });

  it('waits again when one is taken back before its time, and for the rest of its time after another one', async () => {
    const played = await playSoundly('approval-withdrawn');
    expect(statesOf(played).slice(0, 4)).toEqual(['awaiting_approval', 'scheduled', 'awaiting_approval', 'scheduled']);
    expect(stepAtMs(played, 'due')).toBeGreaterThanOrEqual(played.beganAtMs + 5 * DAY);
    expect(played.result).toMatchObject({ state: 'approved', gate: { approvedBy: ['bert', 'carl'] } });
  });
});

it('a resend that needs an approval is done when another person approved it, and once', async () => {
  // Its first send is in doubt: the gateway counts both.
  const played = await play(time(), findPath('resend-approved'));
  expect(APPROVAL_ANSWERS['resend-approved']).toEqual(['needs_review', 'own_request', 'accepted']);
  expect(stepsOf(played)).toEqual(
    expect.arrayContaining(['operator resend_asked olaf acts', 'operator approve anna acts', 'operator resend olaf']),
  );
  expect(played.gateway.count('submit')).toBe(2);
  expect(played.result).toMatchObject({ state: 'approved' });
});

it.each([
  ['approved', 'payout.approved', ['anna', 'bert']],
  ['rejected', 'payout.cancelled', []],
  ['expired', 'payout.expired', []],
])('a subscriber is notified that approvals are needed, and how that ended: %s', async (name, last, approvedBy) => {
  const { subscriber } = await play(time(), findPath(`notified-${name}`));
  const events = subscriber.received.map(({ body }) => body);
  expect(events.map(({ type }) => type)).toEqual(['payout.awaiting_approval', last]);
  const [asked, ended] = events.map(({ data }) => data);
  const approval = { of: 'send', rule: 'large', needed: 2, requestedBy: 'shop' };
  expect(asked).toMatchObject({ state: 'awaiting_approval', outcome: null, approval: { ...approval, approvedBy: [] } });
  expect(ended).toMatchObject({ approval: { ...approval, approvedBy } });
});
