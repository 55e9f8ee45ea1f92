import { TurnTooLate } from '../../src/activities/call-rate';
import { createQuickConfirmations } from '../../src/activities/quick-confirmations';
import { GatewayError } from '../../src/gateway/errors';

function setUp() {
  const clock = { nowMs: 0 };
  const quick = createQuickConfirmations({ each: 2, inAll: 3 }, () => clock.nowMs);
  const asked: string[] = [];
  const ask = (endpoint: string, error: Error | null = null) =>
    quick.tryRun(endpoint, async () => {
      asked.push(endpoint);
      if (error !== null) throw error;
      return 'answer';
    });
  return { quick, ask, asked, clock };
}

const UNANSWERED = new GatewayError('no_answer');

it('is asked no more where nothing is answered, but for one trial after each pause; another endpoint is', async () => {
  const { ask, asked, clock } = setUp();
  for (let n = 0; n < 9; n += 1) expect(await ask('slow', UNANSWERED)).toBeNull();
  expect(asked).toHaveLength(5);
  expect(await ask('fast')).toBe('answer');
  clock.nowMs = 5_000;
  expect([await ask('slow', UNANSWERED), await ask('slow')]).toEqual([null, null]);
  expect(asked.filter((endpoint) => endpoint === 'slow')).toHaveLength(6);
  clock.nowMs = 15_000;
  expect([await ask('slow'), await ask('slow')]).toEqual(['answer', 'answer']);
});

it('a turn too late is no silence of the endpoint', async () => {
  const { ask, asked } = setUp();
  for (let n = 0; n < 9; n += 1) expect(await ask('slow', new TurnTooLate())).toBeNull();
  expect(asked).toHaveLength(9);
});

it('what finds no slot free asks nothing, and is no trial', async () => {
  const { quick, ask, asked } = setUp();
  const hold: { release: () => void } = { release: () => undefined };
  const current = new Promise<string>((resolve) => {
    hold.release = () => resolve('late answer');
  });
  const hanging = [quick.tryRun('slow', () => current), quick.tryRun('slow', () => current)];
  expect(await ask('slow')).toBeNull();
  expect(await ask('fast')).toBe('answer');
  hold.release();
  expect(await Promise.all(hanging)).toEqual(['late answer', 'late answer']);
  expect(await ask('slow')).toBe('answer');
  expect(asked).toEqual(['fast', 'slow']);
});

it('a defect is thrown, and takes no slot with it', async () => {
  const { ask } = setUp();
  for (let n = 0; n < 9; n += 1) await expect(ask('slow', new Error('broken'))).rejects.toThrow('broken');
  expect(await ask('slow')).toBe('answer');
});
