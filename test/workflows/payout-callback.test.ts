import { toClientOrderId } from '../../src/domain/ids';
import type { play } from './play';
import { statesOf, stepAtMs } from './played';
import { useSkippedTime } from './sound-plays';

const { time, playSoundly } = useSkippedTime();

async function expectQuietAfter({ gateway }: Awaited<ReturnType<typeof play>>) {
  const asked = gateway.calls.length;
  await time().env.sleep('1h');
  expect(gateway.calls).toHaveLength(asked);
}

describe('a callback', () => {
  it('settles the payout when the order status agrees, within 18 events, and nothing is asked after it', async () => {
    const played = await playSoundly('callback-confirmed');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'callback', confirmed: true, claim: null });
    expect(Object.keys(played.result?.agreedAtMs ?? {}).sort()).toEqual(['callback', 'poll']);
    expect(played.gateway.count('confirm')).toBe(1);
    expect(played.gateway.count('submit')).toBe(1);
    expect(played.history.events).toHaveLength(18);
    await expectQuietAfter(played);
  });

  it('is confirmed by an ordinary activity, six events more, when the workflow task gets no answer', async () => {
    const played = await playSoundly('callback-confirmed-patiently');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'callback', confirmed: true });
    expect(played.gateway.count('confirm')).toBe(2);
    expect(played.history.events).toHaveLength(24);
    await expectQuietAfter(played);
  });

  it('whose confirmation hangs is confirmed by the next poll', async () => {
    const played = await playSoundly('callback-polled-first');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'callback', confirmed: true, attention: null });
    expect(played.gateway.count('confirm')).toBe(2);
    await expectQuietAfter(played);
  });

  it('settles the payout before the reply to the create call has come, which is waited for: it may name another order', async () => {
    const played = await playSoundly('callback-before-reply');
    expect(played.result).toMatchObject({
      state: 'approved',
      settledBy: 'callback',
      attention: 'order_id_mismatch',
      orderId: '6768788',
      sendAttempts: 1,
    });
    expect(played.result?.evidence.at(-1)).toMatchObject({ what: 'accepted', orderId: '6768789', contradicts: true });
    expect(played.gateway.count('submit')).toBe(1);
    await expectQuietAfter(played);
  });

  it('is followed by the reply to the create call, which sends nothing again', async () => {
    const played = await playSoundly('callback-then-reply');
    expect(played.reading.steps.map(({ source, what }) => `${source} ${what}`)).toEqual([
      'caller accepted',
      'workflow sending',
      'callback approved',
      'poll processing',
      'submission accepted',
      'poll approved',
    ]);
    expect(played.result).toMatchObject({ settledBy: 'callback', confirmed: true, attention: null });
    expect(played.gateway.count('submit')).toBe(1);
  });

  it('keeps a payout that was about to be sent again from being sent', async () => {
    const played = await playSoundly('callback-between-sends');
    const unseen = { state: 'needs_review', attention: 'adopted_unseen', sendAttempts: 1 };
    expect(played.reading.payout).toMatchObject(unseen);
    expect(played.gateway.count('submit')).toBe(1);
    expect(played.gateway.created()).toBe(0);
  });

  it('may come twice', async () => {
    const played = await playSoundly('callback-twice');
    expect(played.result).toMatchObject({ state: 'declined', settledBy: 'callback', attention: null });
    expect(played.result?.reason).toEqual({ code: '116', message: 'no funds' });
    expect(played.gateway.count('confirm')).toBe(1);
    expect(played.result?.evidence.filter(({ source }) => source === 'callback').map(({ times }) => times)).toEqual([
      2,
    ]);
  });

  it('cuts a question of fast polling in flight', async () => {
    const played = await playSoundly('callback-during-watch');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'callback', confirmed: true });
    expect(played.gateway.count('watch')).toBe(3);
    expect(played.history.events).toHaveLength(18);
    await expectQuietAfter(played);
  });

  it('cuts a question of the slow polling in flight', async () => {
    const played = await playSoundly('callback-during-slow-question');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'callback', confirmed: true });
    expect(played.gateway.count('ask')).toBe(1);
    await expectQuietAfter(played);
  });
});

describe('a claim that the order status does not confirm at once', () => {
  it('becomes final unconfirmed after a minute without an answer, and is confirmed later', async () => {
    const played = await playSoundly('callback-unconfirmed');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'callback', confirmed: true, attention: null });
    const claimedAtMs = played.result?.agreedAtMs.callback ?? 0;
    // At once, once more the ordinary way, and three times patiently when the minute is over.
    expect(played.gateway.count('confirm')).toBe(5);
    expect((played.result?.settledAtMs ?? 0) - claimedAtMs).toBeGreaterThanOrEqual(60_000);
    expect(played.result?.agreedAtMs.poll).toBeGreaterThan(played.result?.settledAtMs ?? Number.POSITIVE_INFINITY);
  });

  it('does not stand alone while our own rate keeps the gateway from being asked', async () => {
    const { reading } = await playSoundly('callback-never-asked');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'conflict', settledBy: null },
    });
  });

  it('stays unconfirmed and calls a person when nothing is answered to the horizon', async () => {
    const played = await playSoundly('callback-never-confirmed');
    expect(played.result).toMatchObject({ state: 'approved', confirmed: false, attention: 'never_confirmed' });
    expect(played.gateway.count('submit')).toBe(1);
    expect(played.history.events?.length).toBeLessThan(1_000);
  });

  it('does not become final alone while the gateway answers: fast polling continues', async () => {
    const played = await playSoundly('callback-too-early');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'callback', confirmed: true });
    expect(played.gateway.count('confirm')).toBe(1);
    expect(played.gateway.count('watch')).toBe(29);
    expect(played.gateway.count('ask')).toBe(0);
    expect((played.result?.settledAtMs ?? 0) - stepAtMs(played, 'accepted')).toBeGreaterThan(90_000);
  });

  it('is a conflict when the order status says another final', async () => {
    const { reading } = await playSoundly('callback-disagrees');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'conflict', settledBy: null, settledAtMs: null },
    });
  });

  it('is a conflict when another callback says another final', async () => {
    const { reading } = await playSoundly('callbacks-disagree');
    expect(reading).toMatchObject({ isClosed: false, payout: { state: 'needs_review', attention: 'conflict' } });
  });

  it('is left to a person when the amount is another', async () => {
    const { reading } = await playSoundly('callback-amount-differs');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'amount_mismatch', actualAmount: '1050.00', amount: '10.50' },
    });
  });

  it('is left to a person when the order is another', async () => {
    const { reading } = await playSoundly('callback-other-order');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'order_id_mismatch', orderId: '6768788' },
    });
  });
});

describe('a callback that settles nothing', () => {
  it('is one that is not final', async () => {
    const played = await playSoundly('callback-not-final');
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll', attention: null });
    expect(statesOf(played)).toEqual(['accepted', 'sending', 'processing', 'approved']);
    expect(played.gateway.count('confirm')).toBe(0);
    expect(played.gateway.count('watch')).toBe(12);
  });

  it('is one of another endpoint', async () => {
    const played = await playSoundly('callback-of-other-endpoint');
    expect(played.result).toMatchObject({ state: 'declined', settledBy: 'poll', attention: null });
    const received = played.result?.evidence.filter(({ source }) => source === 'callback') ?? [];
    expect(received.map(({ what, contradicts, times }) => [what, contradicts, times])).toEqual([
      ['other_endpoint', true, 1],
    ]);
    expect(played.result?.agreedAtMs.callback).toBeUndefined();
    expect(played.gateway.count('watch')).toBe(12);
  });

  it.each([
    ['callback-of-later-event', { what: 'event approved', isConfirmed: false, attention: null }],
    ['later-event-confirmed', { what: 'reversal approved', isConfirmed: true, attention: 'post_payout_event' }],
  ])('but claims an event lives on beside the closed payout: %s', async (name, event) => {
    const played = await playSoundly(name);
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll', attention: null });
    const reading = await time().store.read(toClientOrderId(name));
    expect(reading?.lateEvents).toEqual([expect.objectContaining(event)]);
  });

  it('a return that an answer reported while the payout was open is known after it, whatever a person resolved', async () => {
    const { result } = await playSoundly('return-seen-while-open');
    expect(result).toMatchObject({ state: 'approved', settledBy: 'operator', returned: 'returned' });
    const reading = await time().store.read(toClientOrderId('return-seen-while-open'));
    expect(reading?.lateEvents).toEqual([expect.objectContaining({ isConfirmed: true, settlement: 'returned' })]);
  });
});
