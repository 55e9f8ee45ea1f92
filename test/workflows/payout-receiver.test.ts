import { lastDeadline } from '../../src/domain/next-step';
import { FIRST_ACCOUNT } from './paths-receiver';
import type { play } from './play';
import { alarmsOf, statesOf } from './played';
import { useSkippedTime } from './sound-plays';

const { playSoundly } = useSkippedTime();

describe('a Receiver who comes back from the form', () => {
  it('has the order status asked at once, hours after fast polling ended', async () => {
    const played = await playSoundly('receiver-returns');
    expect(statesOf(played)).toEqual(['accepted', 'sending', 'processing', 'awaiting_receiver', 'approved']);
    expect(played.gateway.count('confirm')).toBe(1);
    expect(played.result).toMatchObject({ state: 'approved', settledBy: 'poll', confirmed: true });
    expect(played.reading.steps.filter(({ source }) => source === 'receiver').map(({ what }) => what)).toEqual([
      'returned',
    ]);
  });

  it('causes twenty questions at most, however often they come back', async () => {
    const played = await playSoundly('receiver-returns-often');
    expect(played.gateway.count('confirm')).toBe(20);
    expect(played.result).toMatchObject({ state: 'approved' });
  });
});

describe('a Receiver who is asked where the money goes', () => {
  const FIRST = [{ type: 'bank_account', accountNumber: FIRST_ACCOUNT }];
  const attributesOf = ({ history }: Awaited<ReturnType<typeof play>>) =>
    JSON.stringify((history.events ?? []).map((event) => event.upsertWorkflowSearchAttributesEventAttributes ?? null));
  const hashOf = (digit: string) => Buffer.from(JSON.stringify(digit.repeat(32))).toString('base64');

  it('is paid where they said, once, and the record holds the tail alone', async () => {
    const played = await playSoundly('details-entered');
    expect(statesOf(played)).toEqual(['awaiting_details', 'accepted', 'sending', 'processing', 'approved']);
    expect(played.gateway.destinations).toEqual(FIRST);
    expect(played.result).toMatchObject({ state: 'approved', destination: '••••3000' });
    expect(JSON.stringify(played.result)).not.toContain(FIRST_ACCOUNT.slice(0, 12));
    expect(played.reading.steps.map(({ source, what }) => `${source} ${what}`).slice(0, 3)).toEqual([
      'caller accepted',
      'receiver details',
      'workflow sending',
    ]);
  });

  it('moves the next deadline: first theirs, then the last one counted from when details came', async () => {
    const { history, reading } = await playSoundly('details-entered');
    const deadlinesOf = (part: unknown) =>
      [...JSON.stringify(part).matchAll(/"NextDeadline":\{.*?"data":"([^"]*)"/g)].map(([, data = '']) =>
        Date.parse(JSON.parse(Buffer.from(data, 'base64').toString()) as string),
      );
    const { createdAtMs, collecting } = reading.payout;
    const [started, ...later] = history.events ?? [];
    expect(deadlinesOf(started)).toEqual([collecting?.untilMs]);
    expect(collecting?.gotAtMs).toBeGreaterThan(createdAtMs);
    expect(deadlinesOf(later).slice(0, 1)).toEqual([lastDeadline(collecting?.gotAtMs ?? 0, reading.input.policy)]);
  });

  it('is paid where the first of several said, once', async () => {
    const played = await playSoundly('details-entered-twice');
    expect(played.gateway.destinations).toEqual([...FIRST, ...FIRST]);
    expect(played.result).toMatchObject({ state: 'approved', destination: '••••3000', sendAttempts: 2 });
    expect(attributesOf(played)).toContain(hashOf('a'));
    expect(attributesOf(played)).not.toContain(hashOf('b'));
  });

  it('nothing is paid once the gateway reports a transaction that is not a payout', async () => {
    const { reading, gateway } = await playSoundly('other-transaction-while-collecting');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'other_transaction', destination: null, settledBy: null },
    });
    expect(gateway.count('submit')).toBe(0);
  });

  it('who never comes is paid nothing: expired at the end of the time, to the millisecond', async () => {
    const played = await playSoundly('details-never-entered');
    expect(statesOf(played)).toEqual(['awaiting_details', 'expired']);
    expect(alarmsOf(played, played.beganAtMs)).toEqual([7 * 86_400_000]);
    expect(played.result).toMatchObject({ state: 'expired', settledBy: 'clock', destination: null });
    expect(played.gateway.calls).toEqual([]);
  });

  it('is not held up by a signal that holds no details', async () => {
    const played = await playSoundly('details-by-hand');
    expect(played.gateway.destinations).toEqual(FIRST);
    expect(played.result).toMatchObject({ state: 'approved' });
  });

  it('is not paid when the payout was cancelled before', async () => {
    const played = await playSoundly('details-cancelled-before');
    expect(played.result).toMatchObject({ state: 'cancelled', destination: null });
    expect(played.gateway.calls).toEqual([]);
  });

  it('is not paid again if an order of this payout is reported first', async () => {
    const played = await playSoundly('details-order-heard-of');
    const unseen = { state: 'needs_review', attention: 'adopted_unseen', destination: null };
    expect(played.reading.payout).toMatchObject(unseen);
    expect(played.gateway.count('submit')).toBe(0);
  });

  it('who comes weeks later is still sent again when the send provably did not leave', async () => {
    const played = await playSoundly('details-sent-again');
    expect(played.gateway.destinations).toEqual([...FIRST, ...FIRST, ...FIRST]);
    expect(played.result).toMatchObject({ state: 'approved', sendAttempts: 3 });
  });
});
