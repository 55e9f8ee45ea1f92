import { findPath } from './paths';
import { type Played, play } from './play';
import { alarmsOf, expectSound, pausesOf, statesOf, stepAtMs } from './played';
import { useSkippedTime } from './sound-plays';

const { time, playSoundly } = useSkippedTime();

/** State and attention as they were written to the search attributes, one after another. */
const published = ({ history }: Played) =>
  (history.events ?? []).flatMap(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) => {
    const fields = upsert?.searchAttributes?.indexedFields;
    return fields
      ? [[fields.PayoutState, fields.PayoutAttention].map((field) => [readField(field)].flat()[0] ?? null)]
      : [];
  });
const readField = (field: { data?: Uint8Array | null } | undefined): unknown =>
  field?.data?.length ? JSON.parse(Buffer.from(field.data).toString()) : null;

const questions = ({ gateway }: Played) => gateway.count('watch', 'ask', 'confirm');

describe('fast polling', () => {
  it.each([1, 10, 100])('costs the same 18 events at %i questions', async (times) => {
    const played = await playSoundly(`polled-${times}`);
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll', confirmed: true, polling: 'fast' });
    expect(played.gateway.count('submit')).toBe(1);
    expect(played.gateway.count('watch')).toBe(times);
    // 17, and one more for the search attributes of the final state.
    expect(played.history.events).toHaveLength(18);
  });

  it('asks every four seconds and never again after the final', async () => {
    const path = { ...findPath('polled-10'), name: 'polled-10-then-quiet' };
    const played = await play(time(), path);
    await expectSound(played);
    expect(pausesOf(played)).toEqual(Array(10).fill(4));
    const asked = played.gateway.calls.length;
    await time().env.sleep('1h');
    expect(played.gateway.calls).toHaveLength(asked);
  });

  it.each(['declined', 'filtered', 'error'] as const)('settles %s with its reason', async (status) => {
    const { result, gateway, history } = await playSoundly(`polled-${status}`);
    expect(result).toMatchObject({ state: status, settledBy: 'poll', reason: { code: '116', message: 'no' } });
    expect(gateway.count('submit')).toBe(1);
    expect(history.events).toHaveLength(18);
  });

  it('leads to the Receiver and back', async () => {
    const played = await playSoundly('receiver-form');
    expect(statesOf(played)).toEqual([
      'accepted',
      'sending',
      'processing',
      'awaiting_receiver',
      'processing',
      'approved',
    ]);
    expect(played.result?.redirectTo).toBeNull();
    expect(questions(played)).toBe(9);
  });

  it('calls a person to an unlisted status and goes on', async () => {
    const played = await playSoundly('unlisted-status');
    expect(played.result).toMatchObject({ state: 'approved', attention: null });
    expect(played.reading.payout.evidence.map(({ what }) => what)).toEqual(['accepted', 'pending', 'approved']);
    expect(questions(played)).toBe(4);
  });

  it('calls a person to an order that is not found any more and goes on', async () => {
    const played = await playSoundly('not-found-after-found');
    expect(played.result).toMatchObject({ state: 'approved', attention: null });
    expect(played.reading.payout.evidence.filter(({ contradicts }) => contradicts).map(({ what }) => what)).toEqual([
      'not_found',
    ]);
    expect(played.gateway.count('submit')).toBe(1);
    // A list shows what was written last: what has passed is written too.
    expect(published(played)).toEqual([
      ['processing', 'order_not_found'],
      ['processing', null],
      ['approved', null],
    ]);
  });

  it('leaves a silent gateway growing pauses, and hurries again after an answer', async () => {
    const played = await playSoundly('gateway-silent');
    expect(played.result).toMatchObject({ state: 'approved', attention: null });
    expect(pausesOf(played)).toEqual([4, 4, 8, 16, 32, 60, 60, 4, 4]);
    expect(played.history.events).toHaveLength(18);
  });

  it('tells answers that cannot be used from silence', async () => {
    const { result, gateway } = await playSoundly('gateway-unreadable');
    expect(result).toMatchObject({ state: 'approved', attention: null });
    expect(result?.evidence.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['fast_polling_ended', 'unreadable', 'processing']),
    );
    expect(gateway.count('submit')).toBe(1);
  });

  it('leaves a transaction that is no payout to a person', async () => {
    const { reading, gateway } = await playSoundly('polled-other-transaction');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'other_transaction', settledBy: null },
    });
    expect(gateway.count('watch')).toBe(1);
  });

  it('leaves another amount to a person', async () => {
    const { reading, gateway } = await playSoundly('polled-amount-differs');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'amount_mismatch', actualAmount: '10.51', settledBy: null },
    });
    expect(gateway.count('watch')).toBe(1);
  });

  it('leaves an answer about another order to a person', async () => {
    const { reading } = await playSoundly('polled-other-order');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'order_id_mismatch', orderId: '6768788' },
    });
  });
});

describe('the slow polling', () => {
  it('asks as the plan says, at the ends of its stages too', async () => {
    const played = await playSoundly('slow-polling');
    const minutes = alarmsOf(played, stepAtMs(played, 'fast_polling_ended')).map((ms) => Math.floor(ms / 60_000));
    expect(minutes).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 115, 175, 235, 295, 355]);
    expect(played.result).toMatchObject({ state: 'approved', polling: 'slow' });
  });

  it('hands the payout to a person at the horizon, after fewer than a thousand events', async () => {
    const played = await playSoundly('horizon');
    expect(played.reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'deadline_passed', settledBy: null },
    });
    // Every 5 min to the first hour, hourly to 24 h, every 6 h to 14 days; the last would fall on the horizon itself.
    expect(played.gateway.count('ask')).toBe(11 + 23 + 51);
    expect(played.gateway.count('submit')).toBe(1);
    expect(played.history.events?.length).toBeLessThan(1_000);
    expect(Math.floor((stepAtMs(played, 'horizon_ended') - stepAtMs(played, 'accepted')) / 86_400_000)).toBe(14);
  });

  it('goes on in another run when a history grows long, and asks no question twice', async () => {
    const played = await playSoundly('continued-as-new');
    expect(played.result).toMatchObject({ state: 'approved', sendAttempts: 1 });
    expect(played.gateway.count('submit')).toBe(1);
    expect(played.gateway.count('probe')).toBe(1);
    expect(questions(played)).toBe(370);
    const [first] = played.history.events ?? [];
    expect(first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId).toBeTruthy();
    expect(played.reading.input).toMatchObject({
      isAccountForgotten: true,
      request: { receiver: {}, destination: { type: 'bank_account', accountNumber: '••••3000' } },
    });
    expect(played.reading.fingerprint).toBe('fingerprint');
  });
});

describe('what must change nothing', () => {
  it('is a request to cancel the workflow', async () => {
    const played = await playSoundly('cancellation-requested');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll' });
    expect(questions(played)).toBe(5);
    const requests = played.history.events?.filter((event) => event.workflowExecutionCancelRequestedEventAttributes);
    expect(requests).toHaveLength(1);
  });

  it('is a signal that is no callback', async () => {
    const played = await playSoundly('poisoned-signals');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll', attention: null });
    expect(played.result?.evidence.map(({ source }) => source)).toEqual(['submission', 'poll']);
    expect(played.history.events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(7);
    expect(questions(played)).toBe(5);
  });
});
