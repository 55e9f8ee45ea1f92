import { createLimitReader, type LimitReader } from '../../src/store/limits';
import { createRunReader } from '../../src/store/runs';
import { findPath } from './paths';
import { claimOf } from './paths-limits';
import { play } from './play';
import { expectSound, statesOf } from './played';
import { NAMESPACE, type SkippedTime, startSkippedTime } from './skipped-time';

jest.setTimeout(180_000);

let time: SkippedTime;
let reader: LimitReader;
beforeAll(async () => {
  time = await startSkippedTime();
  const call = async <T>(run: (client: SkippedTime['env']['client']) => Promise<T>) => await run(time.env.client);
  const runs = createRunReader({ call, namespace: NAMESPACE });
  reader = createLimitReader({ runs, namespace: NAMESPACE, dataConverter: time.dataConverter });
});
afterAll(async () => await time.close());

async function playSoundly(name: string) {
  const played = await play(time, findPath(name));
  await expectSound(played);
  await time.env.sleep('5s');
  const published = await reader.readUsage(claimOf(name));
  const used = published?.usage.map(({ committedMinor, heldMinor }) => [committedMinor, heldMinor]);
  const activities = (played.history.events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
  );
  return { ...played, used, activities };
}

it('what a payout paid is used of its limit: held once before the send, settled once at the end', async () => {
  const { used, activities, gateway, reading } = await playSoundly('limit-paid');
  expect(used).toEqual([[1_050, 0]]);
  const ofLimits = activities.filter((name) => name.endsWith('Limit'));
  expect(ofLimits).toEqual(['holdLimit', 'settleLimit']);
  expect(activities.indexOf('holdLimit')).toBeLessThan(activities.indexOf('submitPayout'));
  expect([gateway.count('submit'), reading.payout.state]).toEqual([1, 'approved']);
});

it('it is of the limit of its tenant', async () => {
  const { used, reading } = await playSoundly('limit-of-a-tenant');
  expect([used, reading.payout.tenant]).toEqual([[[1_050, 0]], 'limit-of-a-tenant']);
});

it('what it provably did not pay is free again', async () => {
  const { used, reading } = await playSoundly('limit-unpaid');
  expect([used, reading.payout.state]).toEqual([[[0, 0]], 'declined']);
});

it('in doubt and in review it stays held', async () => {
  const { reading, activities } = await playSoundly('limit-in-doubt');
  expect(reading.payout).toMatchObject({ state: 'needs_review', attention: 'outcome_unknown' });
  expect(activities.filter((name) => name.endsWith('Limit'))).toEqual(['holdLimit']);
});

it('over a limit that refuses it is cancelled by the policy, and nothing is sent', async () => {
  const played = await playSoundly('limit-refused');
  expect(statesOf(played)).toEqual(['accepted', 'cancelled']);
  expect(played.reading.payout).toMatchObject({
    settledBy: 'policy',
    reason: { code: 'limit_reached', message: 'daily' },
  });
  expect(played.gateway.calls).toEqual([]);
});

it('over a limit that lets it wait it is sent when the next day begins', async () => {
  const played = await playSoundly('limit-waits');
  const [sent] = played.gateway.calls;
  const midnight = Math.ceil(played.beganAtMs / 86_400_000) * 86_400_000;
  expect(sent?.atMs).toBeGreaterThanOrEqual(midnight);
  expect(sent?.atMs).toBeLessThan(midnight + 60_000);
  expect([played.reading.payout.state, played.gateway.count('submit')]).toEqual(['approved', 1]);
  expect(played.used).toEqual([[1_050, 0]]);
});

it('while it waits it can be cancelled, and takes nothing', async () => {
  const played = await playSoundly('limit-cancelled');
  expect(statesOf(played)).toEqual(['accepted', 'cancelled']);
  expect(played.reading.payout).toMatchObject({ settledBy: 'operator', attention: null });
  expect([played.gateway.calls, played.used]).toEqual([[], []]);
});

it('what is still asked for when it ends is asked no more: it would be held for nobody', async () => {
  const { reading, used, activities } = await playSoundly('limit-cancelled-while-asked');
  expect([reading.payout.state, used ?? []]).toEqual(['cancelled', []]);
  expect(activities.filter((name) => name.endsWith('Limit'))).toEqual(['holdLimit', 'settleLimit']);
});
