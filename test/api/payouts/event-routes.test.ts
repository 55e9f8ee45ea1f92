import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { waitUntil } from '../../../scripts/wait-until';
import { eventRoutes } from '../../../src/api/payouts/event-routes';
import { LOCAL } from '../../../src/api/plugins/callers';
import { registerErrors } from '../../../src/api/plugins/errors';
import type { SharesOptions } from '../../../src/api/plugins/shares';
import type { Reading } from '../../../src/store/payouts';
import { makeFinal, makeFollowed } from '../../domain/samples';
import { makeApp, makeReading, makeStore } from '../app-harness';

const FINAL = makeReading(makeFinal('approved'), { isClosed: true });
const OPEN = makeReading(makeFollowed());
const URL_OF_IT = '/payouts/PO-000001/events';

describe('a payout that is final', () => {
  const store = () => makeStore({ read: async () => FINAL });

  it('is one event and the end', async () => {
    const { app } = await makeApp({ store: store() });
    const response = await app.inject(URL_OF_IT);
    expect(response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(response.body.match(/^event: payout$/gm)).toHaveLength(1);
    expect(response.body).toContain('"state":"approved"');
  });

  it('is 204 to one who knows it: nothing will come', async () => {
    const { app } = await makeApp({ store: store() });
    const id = /^id: (.+)$/m.exec((await app.inject(URL_OF_IT)).body)?.[1] ?? '';
    const again = await app.inject({ url: URL_OF_IT, headers: { 'last-event-id': id } });
    expect([again.statusCode, again.body]).toEqual([204, '']);
    const other = await app.inject({ url: URL_OF_IT, headers: { 'last-event-id': 'made up' } });
    expect(other.statusCode).toBe(200);
  });
});

it('what is no payout is 404', async () => {
  const { app, store } = await makeApp({});
  expect((await app.inject('/payouts/PO-1/events')).statusCode).toBe(404);
  expect((await app.inject('/payouts/1/events')).statusCode).toBe(404);
  expect(store.read).toHaveBeenCalledTimes(1);
});

it('HEAD follows nothing', async () => {
  const { app, store } = await makeApp({});
  expect((await app.inject({ method: 'HEAD', url: URL_OF_IT })).statusCode).toBe(405);
  expect(store.read).not.toHaveBeenCalled();
});

/** An app that listens, whose desk never has news, and streams opened on it. */
async function listen(shares: SharesOptions) {
  const never = new Promise<Reading | null>(() => {});
  const store = makeStore({ read: async () => OPEN, readUntil: () => never });
  const app = Fastify({ forceCloseConnections: 'idle' });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerErrors(app, { publicBaseUrl: 'https://cp.example.org' });
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    request.caller = { ...LOCAL, name: String(request.headers['x-caller']) };
  });
  app.decorate('recheck', ({ caller }) => caller);
  await app.register(
    eventRoutes({ payoutsOf: () => store, links: { pageFor: () => 'https://cp.example.org/r/x' } as never, shares }),
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const open = async (caller = 'shop') => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ port, path: URL_OF_IT, agent: false, headers: { 'x-caller': caller } }, resolve).on('error', reject);
    });
    if (response.statusCode === 200) await new Promise((resolve) => response.once('data', resolve));
    const ended = new Promise<string>((resolve) => {
      response.on('end', () => resolve('ended')).on('error', () => resolve('reset'));
      response.resume();
    });
    return { response, ended };
  };
  return { app, open };
}

describe('streams of a process', () => {
  it('are so many and no more, and each that ends makes room', async () => {
    const { app, open } = await listen({ most: 2, perTenant: 2, perCaller: 2 });
    const first = await open();
    await open();
    const { response } = await open();
    expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '10']);
    first.response.destroy();
    // Its end is noticed a moment later.
    const isAdmitted = async () => (await open()).response.statusCode === 200;
    await waitUntil({ what: 'room for another', timeoutMs: 5_000, intervalMs: 5, ask: isAdmitted });
    await app.close();
  });

  it('are so many for one caller, and what is left is for others', async () => {
    const { app, open } = await listen({ most: 3, perTenant: 3, perCaller: 2 });
    const statusesOf = async (callers: readonly string[]) => {
      const statuses: (number | undefined)[] = [];
      for (const caller of callers) statuses.push((await open(caller)).response.statusCode);
      return statuses;
    };
    expect(await statusesOf(['shop', 'shop', 'shop', 'other', 'other'])).toEqual([200, 200, 429, 200, 429]);
    await app.close();
  });

  it('end well when the process stops', async () => {
    const { app, open } = await listen({ most: 10, perTenant: 10, perCaller: 10 });
    const streams = [await open(), await open()];
    await app.close();
    expect(await Promise.all(streams.map(({ ended }) => ended))).toEqual(['ended', 'ended']);
  });
});
