import { Worker } from '@temporalio/worker';
import type { Payout } from '../../src/domain/payout';
import { gatewayTaskQueue } from '../../src/workflows/messages';
import { play } from './play';
import { alarmsOf, statesOf, stepAtMs } from './played';
import type { Path } from './scene';
import { NAMESPACE } from './skipped-time';
import { useSkippedTime } from './sound-plays';

const { time, playSoundly } = useSkippedTime();

describe('the one call that creates the order', () => {
  it('ends rejected, completed normally, when it is refused', async () => {
    const { result, gateway, history } = await playSoundly('refused');
    expect(result).toMatchObject({
      state: 'rejected',
      settledBy: 'submission',
      confirmed: true,
      orderId: null,
      reason: { code: '1', message: 'Amount is invalid' },
    });
    expect(gateway.count('submit')).toBe(1);
    expect(gateway.count('watch', 'ask', 'confirm')).toBe(0);
    expect(history.events).toHaveLength(12);
  });

  it('is taken back when no worker takes it, calls a person, and ends with the time to send', async () => {
    const played = await playSoundly('not-served');
    const { evidence, createdAtMs, state, attention } = played.reading.payout;
    // Each is taken back after five minutes, with ten seconds between them: three begin within the fifteen minutes.
    expect(evidence.map(({ what, times }) => [what, times])).toEqual([
      ['not_sent_not_taken', 3],
      ['sending_ended', 1],
    ]);
    expect({ state, attention }).toEqual({ state: 'needs_review', attention: 'deadline_passed' });
    expect((evidence[0]?.atMs ?? 0) - createdAtMs).toBeGreaterThanOrEqual(5 * 60_000);
    expect(played.gateway.calls).toEqual([]);
  });

  it('was not made by a worker that lacks the activity, calls a person, and can be cancelled', async () => {
    const { env, dataConverter } = time();
    const worker = await Worker.create({
      ...{ connection: env.nativeConnection, namespace: NAMESPACE, dataConverter },
      taskQueue: gatewayTaskQueue('unfit', 'send'),
      activities: { ofAnotherVersion: async () => {} },
    });
    let open: Payout | null = null;
    const path: Path = {
      name: 'worker-unfit',
      endpoint: 'unfit',
      gateway: () => ({}),
      act: async ({ sleep, read, operate }) => {
        await sleep('10s');
        open = (await read()).payout;
        await operate({ id: 'op-1', actor: 'jo', reason: 'no worker', action: 'cancel' });
      },
      ends: 'closed',
    };
    const { result, gateway } = await worker.runUntil(play(time(), path));
    expect(open).toMatchObject({ state: 'sending', attention: 'endpoint_not_served', unconfirmedSinceMs: null });
    expect(result?.evidence.map(({ what }) => what)).toEqual(['not_sent_worker_unfit', 'cancel']);
    expect(gateway.calls).toEqual([]);
  });

  it('is not made for an order that the probe finds', async () => {
    const { reading, gateway } = await playSoundly('adopted');
    const unseen = { state: 'needs_review', attention: 'adopted_unseen', orderId: '6768788', settledBy: null };
    expect(reading.payout).toMatchObject(unseen);
    expect(gateway.count('submit')).toBe(0);
  });

  it('is not made for an order that the probe finds to be final', async () => {
    const { reading, gateway } = await playSoundly('adopted-final');
    expect(reading.payout).toMatchObject({ state: 'needs_review', attention: 'adopted_unseen', settledBy: null });
    expect(gateway.count('submit')).toBe(0);
    expect(gateway.count('watch', 'ask', 'confirm')).toBe(0);
  });

  it('adopts no transaction that is no payout, and sends nothing beside it', async () => {
    const { reading, gateway } = await playSoundly('adopted-other-transaction');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'other_transaction', settledBy: null, orderId: null },
    });
    expect(gateway.count('submit')).toBe(0);
  });

  it('is never made again when its worker was lost after the record of it: the backoff finds the order', async () => {
    const played = await playSoundly('lost-on-record');
    expect(played.result).toMatchObject({ state: 'approved', orderId: '6768788', sendAttempts: 1 });
    expect(played.gateway.count('submit')).toBe(1);
    expect(statesOf(played)).toEqual(['accepted', 'sending', 'unconfirmed', 'approved']);
    expect(alarmsOf(played, stepAtMs(played, 'unconfirmed_call_lost'))).toEqual([5_000, 20_000, 50_000]);
    expect(played.gateway.count('ask')).toBe(3);
  });

  it('is made when the one before was lost and had put nothing on record, and the late one of both sends nothing', async () => {
    const played = await playSoundly('lost-before-record');
    expect(played.result).toMatchObject({ state: 'approved', sendAttempts: 2, attention: null });
    expect(statesOf(played)).toEqual(['accepted', 'sending', 'processing', 'approved']);
    expect(played.gateway.count('probe')).toBe(2);
    expect(played.gateway.count('submit')).toBe(1);
    const lostAtMs = stepAtMs(played, 'not_sent_lost_before_record');
    expect(alarmsOf(played, lostAtMs)).toEqual([1_000]);
    expect(played.reading.payout.unconfirmedSinceMs).toBeNull();
  });

  it('is never made again after a doubt that names the order', async () => {
    const played = await playSoundly('submit-doubtful');
    expect(played.result).toMatchObject({ state: 'declined', reason: { code: '116', message: 'no funds' } });
    expect(played.gateway.count('submit')).toBe(1);
    expect(played.gateway.calls.filter(({ what }) => what === 'ask').map(({ orderId }) => orderId)).toEqual([
      '6768788',
    ]);
  });

  it('leaves a doubt to a person at the end of the backoff, and a later callback still settles it', async () => {
    const played = await playSoundly('backoff-ended');
    expect(statesOf(played)).toEqual(['accepted', 'sending', 'unconfirmed', 'needs_review', 'processing', 'approved']);
    expect(played.result).toMatchObject({ settledBy: 'callback', confirmed: true, attention: null });
    expect(played.gateway.count('submit')).toBe(1);
    const rungs = alarmsOf(played, stepAtMs(played, 'unconfirmed_reset')).map((ms) => ms / 1_000);
    expect(played.gateway.count('ask')).toBe(rungs.length);
    expect(rungs.slice(0, 8)).toEqual([5, 20, 50, 110, 230, 530, 1_130, 2_030]);
    expect(rungs.slice(8)).toEqual(Array.from({ length: 23 }, (_, hour) => 2_030 + 3_600 * (hour + 1)));
  });

  it('leaves a doubt that is never answered to a person', async () => {
    const { reading, gateway } = await playSoundly('backoff-unanswered');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'outcome_unknown', orderId: null, settledBy: null },
    });
    expect(gateway.count('submit')).toBe(1);
    expect(gateway.count('ask')).toBe(3 * 31);
  });
});

describe('a send of which no byte left', () => {
  it('is tried again with growing pauses, and creates one order', async () => {
    const played = await playSoundly('not-sent');
    expect(played.result).toMatchObject({ state: 'approved', sendAttempts: 5, attention: null });
    expect(played.gateway.created()).toBe(1);
    const notSentAtMs = played.reading.steps
      .filter(({ what }) => what === 'not_sent_unreachable')
      .map(({ atMs }) => atMs);
    const alarms = alarmsOf(played, 0);
    expect(alarms.map((atMs, at) => atMs - (notSentAtMs[at] ?? 0))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(played.reading.steps.filter(({ what }) => what === 'sending')).toHaveLength(5);
  });

  it('is not even begun while the probe is unanswered', async () => {
    const played = await playSoundly('probe-unanswered');
    expect(played.result).toMatchObject({ state: 'approved', sendAttempts: 4 });
    expect(played.gateway.count('probe')).toBe(4);
    expect(played.gateway.count('submit')).toBe(1);
  });

  it('says that the gateway forbids us, until it does not', async () => {
    const played = await playSoundly('forbidden');
    expect(played.result).toMatchObject({ state: 'approved', sendAttempts: 2, attention: null });
    expect(played.gateway.created()).toBe(1);
    expect(stepAtMs(played, 'not_sent_forbidden')).toBeLessThan(stepAtMs(played, 'accepted') + 60_000);
    expect(played.reading.payout.evidence.map(({ what }) => what)).toContain('not_sent_forbidden');
  });

  it('is tried every half minute while its endpoint is paused, without counting, and goes on by itself', async () => {
    const played = await playSoundly('endpoint-paused');
    expect(played.result).toMatchObject({ state: 'approved', sendAttempts: 1, attention: null });
    expect(played.gateway.created()).toBe(1);
    const pausedAtMs = stepAtMs(played, 'not_sent_endpoint_paused');
    const alarms = alarmsOf(played, 0);
    expect(alarms[0]).toBe(pausedAtMs + 30_000);
    expect(alarms).toHaveLength(20);
    expect(played.result?.evidence[0]).toMatchObject({ what: 'not_sent_endpoint_paused', times: 20 });
  });

  it('is handed to a person when its time is over, and nothing was sent', async () => {
    const { reading, gateway } = await playSoundly('never-sent');
    expect(reading).toMatchObject({
      isClosed: false,
      payout: { state: 'needs_review', attention: 'deadline_passed', sendAttempts: 20 },
    });
    expect(gateway.count('submit')).toBe(0);
    expect(gateway.count('probe')).toBe(20);
  });
});
