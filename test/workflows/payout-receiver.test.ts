import { findPath } from './paths';
import { play } from './play';
import { expectSound, statesOf } from './played';
import { type SkippedTime, startSkippedTime } from './skipped-time';

jest.setTimeout(60_000);

let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(async () => await time.close());

async function playSoundly(name: string) {
  const played = await play(time, findPath(name));
  await expectSound(played);
  return played;
}

describe('a Receiver who comes back from the form', () => {
  it('has the order status asked at once, hours after the fast gear ended', async () => {
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
