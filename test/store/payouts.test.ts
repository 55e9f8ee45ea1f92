import type { PayoutInput } from '../../src/workflows/messages';
import { findPath } from '../workflows/paths';
import { play } from '../workflows/play';
import { found } from '../workflows/scripted-gateway';
import { type SkippedTime, startSkippedTime } from '../workflows/skipped-time';

jest.setTimeout(180_000);

const OPTIONS = { fingerprint: 'fingerprint', madeBy: 'shop', destinationHash: 'hash' };

let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(async () => await time.close());

describe('a second start under the same id', () => {
  it('is none while the payout runs, and the payout goes on', async () => {
    const again: unknown[] = [];
    const { gateway, history, result } = await play(time, {
      name: 'started-twice',
      gateway: () => ({ status: (nth) => found(nth < 3 ? 'processing' : 'approved') }),
      act: async ({ read }) => {
        const { input } = await read();
        again.push(await time.store.start(input, OPTIONS), await time.store.start(input, OPTIONS));
      },
      ends: 'closed',
    });
    expect(again).toEqual([null, null]);
    expect(result?.state).toBe('approved');
    expect(gateway.count('submit')).toBe(1);
    expect(history.events).toHaveLength(18);
  });

  it('is none after the payout has ended, and what it ended with stays', async () => {
    const { reading, gateway } = await play(time, findPath('refused'));
    const input: PayoutInput = reading.input;
    expect(await time.store.start(input, OPTIONS)).toBeNull();
    const later = await time.store.read(input.request.clientOrderId);
    expect(later).toMatchObject({ isClosed: true, payout: { state: 'rejected' } });
    expect(gateway.count('submit')).toBe(1);
  });

  it('keeps the name of the caller that made it', async () => {
    const { reading } = await play(time, findPath('refused'));
    expect(reading.madeBy).toBe('shop');
  });
});
