import { toClientOrderId } from '../../src/domain/ids';
import { createLimitReader } from '../../src/store/limits';
import { createRunReader } from '../../src/store/runs';
import { findPath } from './paths';
import { HOOK_ANSWERS, TRIES_IN_TIME } from './paths-hook';
import { claimOf } from './paths-limits';
import { play } from './play';
import { expectSound, statesOf } from './played';
import { NAMESPACE, type SkippedTime, startSkippedTime } from './skipped-time';

jest.setTimeout(180_000);

let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(async () => await time.close());

async function playSoundly(name: string) {
  const played = await play(time, findPath(name));
  await expectSound(played);
  return { ...played, sends: played.gateway.count('submit'), asked: played.hook.letters.length };
}

it('what the hook allows is sent, after it was asked once', async () => {
  const { asked, sends, reading, history, hook } = await playSoundly('hook-allowed');
  expect([asked, sends, reading.payout.state]).toEqual([1, 1, 'approved']);
  expect(reading.steps.map(({ what }) => what)).toEqual(expect.arrayContaining(['hook_allowed', 'sending']));
  const names = (history.events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
  );
  expect(names.slice(0, 2)).toEqual(['askHook', 'submitPayout']);
  expect(JSON.parse(hook.letters[0]?.body ?? '')).toMatchObject({
    type: 'payout.before_send',
    data: {
      ...{ clientOrderId: toClientOrderId('hook-allowed'), amount: '10.50', currency: 'EUR', requestedBy: 'shop' },
      destination: { accountNumber: 'DE89370400440532013000' },
    },
  });
  expect(JSON.parse(hook.letters[0]?.body ?? '').data).not.toHaveProperty('receiver');
});

it('what it holds waits for another person, whose reason is the decision', async () => {
  const played = await playSoundly('hook-held-released');
  expect(statesOf(played)).toEqual(['accepted', 'awaiting_approval', 'accepted', 'sending', 'processing', 'approved']);
  expect(HOOK_ANSWERS['hook-held-released']).toEqual(['own_request', 'accepted']);
  expect([played.asked, played.sends]).toEqual([1, 1]);
  const held = played.reading.steps.find(({ what }) => what === 'hook_held');
  expect(held).toMatchObject({ source: 'policy', rule: 'sanctions', reason: 'like a name on a list' });
  expect(played.reading.steps.find(({ what }) => what === 'approve')).toMatchObject({
    ...{ actor: 'anna', rule: 'sanctions', reason: 'compared by hand' },
  });
  expect(played.reading.payout.attention).toBeNull();
});

it('what it denies ends cancelled, nothing is sent, and its limit is free again', async () => {
  const { reading, gateway } = await playSoundly('hook-denied');
  expect(reading.payout).toMatchObject({
    ...{ state: 'cancelled', settledBy: 'policy', reason: { code: 'hook_denied', message: 'on a list' } },
  });
  expect(gateway.calls).toEqual([]);
  await time.env.sleep('5s');
  const call = async <T>(run: (client: SkippedTime['env']['client']) => Promise<T>) => await run(time.env.client);
  const reader = createLimitReader({
    ...{ runs: createRunReader({ call, namespace: NAMESPACE }), namespace: NAMESPACE },
    dataConverter: time.dataConverter,
  });
  const published = await reader.readUsage(claimOf('hook-denied'));
  expect(published?.usage.map(({ committedMinor, heldMinor }) => [committedMinor, heldMinor])).toEqual([[0, 0]]);
});

it('what it is silent about is held, and sent when it allows it after all', async () => {
  const played = await playSoundly('hook-silent-asked-again');
  expect(statesOf(played)).toEqual(['accepted', 'awaiting_approval', 'accepted', 'sending', 'processing', 'approved']);
  expect(HOOK_ANSWERS['hook-silent-asked-again']).toEqual(['accepted']);
  expect([played.asked, played.sends]).toEqual([TRIES_IN_TIME + 1, 1]);
  expect(played.reading.steps.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['hook_silent', 'check', 'hook_allowed']),
  );
});

it('without a word of anyone it expires, and nothing is sent', async () => {
  const { reading, gateway, asked } = await playSoundly('hook-silent-expires');
  expect(reading.payout).toMatchObject({ state: 'expired', attention: null, settledBy: 'clock' });
  expect(gateway.calls).toEqual([]);
  expect(asked).toBe(TRIES_IN_TIME);
});

it('is asked again when its word has grown old before the send left', async () => {
  const { reading, asked, gateway } = await playSoundly('hook-asked-again-before-another-send');
  expect([asked, reading.payout.state, reading.payout.reason?.code]).toEqual([2, 'cancelled', 'hook_denied']);
  expect([gateway.count('submit') > 1, gateway.created()]).toEqual([true, 0]);
});
