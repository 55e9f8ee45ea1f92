import { CallbackRejected, parsePairs, verifyCallback } from '../../../../src/gateway/callback';
import { CONTROL_KEY } from '../../../api/app-harness';
import { createRandom } from '../../../support/random';
import { SEED } from '../../../support/seed';
import { runCallbacks } from '../callback-run';
import { drawSigned, FORGERIES, toPairs } from '../forgery';

test(`of near misses and hostile bytes from seed ${SEED} the callback route takes none`, async () => {
  const { counts, violations } = await runCallbacks({ forged: 4_000, hostile: 560, tolerated: 400, seed: SEED });
  expect(violations).toEqual([]);
  expect(counts.get('genuine callbacks')).toBe(4);
  expect(counts.get('genuine callbacks with hostile fields')).toBe(400);
  // 40 addresses in the forged part: each refused in the whole way 60 times, and held up after that.
  expect(counts.get('callback 403')).toBeGreaterThanOrEqual(2_000);
  expect(counts.get('callback 429')).toBeGreaterThanOrEqual(1_000);
  expect([...counts.keys()].sort()).toEqual(
    [
      'callback 400',
      'callback 403',
      'callback 404',
      'callback 405',
      'callback 413',
      'callback 429',
      'genuine callbacks',
      'genuine callbacks with hostile fields',
    ].sort(),
  );
}, 300_000);

test('the callback that a forgery is made of is genuine', () => {
  const random = createRandom(SEED);
  for (let nth = 0; nth < 200; nth += 1) {
    const signed = drawSigned(random, CONTROL_KEY);
    expect(verifyCallback(parsePairs(toPairs(signed)), [CONTROL_KEY])).toMatchObject({ orderId: signed.orderId });
  }
});

test.each(Object.entries(FORGERIES))('%s is never the real one, and never taken', (_name, forge) => {
  const random = createRandom(SEED);
  for (let nth = 0; nth < 100; nth += 1) {
    const signed = drawSigned(random, CONTROL_KEY);
    const forged = forge(signed, random, CONTROL_KEY);
    expect(forged).not.toEqual(signed);
    expect(() => verifyCallback(parsePairs(toPairs(forged)), [CONTROL_KEY])).toThrow(CallbackRejected);
  }
});
