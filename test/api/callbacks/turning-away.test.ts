import Fastify from 'fastify';
import { registerTurningAway } from '../../../src/api/callbacks/refused-callbacks';

async function ask(turnsAway: boolean | null) {
  const app = Fastify();
  const steps: string[] = [];
  registerTurningAway(app);
  for (const hook of ['onRequest', 'preParsing', 'preHandler', 'onSend'] as const) {
    app.addHook(hook, async () => void steps.push(hook));
  }
  const turnAway = jest.fn((_request: unknown, reply: { hijack(): void; raw: { end(text: string): void } }) => {
    if (turnsAway !== true) return false;
    reply.hijack();
    reply.raw.end('turned away');
    return true;
  });
  app.get('/', { config: turnsAway === null ? {} : { turnAway } }, async () => {
    steps.push('handler');
    return 'let in';
  });
  const { body } = await app.inject('/');
  return { app, body, steps, turnAway };
}

test('of what is turned away nothing more is done: no other hook, no handler', async () => {
  const { body, steps, turnAway } = await ask(true);
  expect([body, steps]).toEqual(['turned away', []]);
  expect(turnAway).toHaveBeenCalledTimes(1);
});

test.each([false, null])('with %s the request goes on, through every hook', async (turnsAway) => {
  const { body, steps } = await ask(turnsAway);
  expect([body, steps]).toEqual(['let in', ['onRequest', 'preParsing', 'preHandler', 'handler', 'onSend']]);
});

test('a path without a route goes on to its 404', async () => {
  const { app } = await ask(true);
  expect((await app.inject('/nothing')).statusCode).toBe(404);
});
