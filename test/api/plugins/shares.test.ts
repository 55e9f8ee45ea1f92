import { EventEmitter } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../src/api/plugins/errors';
import { createShares } from '../../../src/api/plugins/shares';
import { BOUNDS } from '../../../src/config/bounds';
import { makePayout } from '../../domain/samples';
import { makeApp, makeCaller, makeReading, makeStore } from '../app-harness';

function makeReply() {
  const headers: Record<string, unknown> = {};
  const raw = new EventEmitter();
  const header = (name: string, value: unknown) => void Object.assign(headers, { [name]: value });
  return { headers, close: () => raw.emit('close'), reply: { raw, header } as unknown as FastifyReply };
}
const by = (name: string, tenant = name) => ({ caller: { name, tenant, scopes: [] } }) as unknown as FastifyRequest;

it.each([
  ['streams', BOUNDS.streams.most, BOUNDS.streamsPerCaller.most],
  ['waits', BOUNDS.waits.most, BOUNDS.waitsPerCaller.most],
] as const)('%s: %i of all, %i of one caller, and not one more', (_name, most, perCaller) => {
  const shares = createShares({ most, perTenant: most, perCaller });
  const replies: ReturnType<typeof makeReply>[] = [];
  const take = (caller: string) => {
    const made = makeReply();
    const isTaken = shares.take(by(caller), made.reply);
    if (isTaken) replies.push(made);
    return isTaken;
  };
  const callers = Array.from({ length: most / perCaller }, (_, nth) => `caller-${nth}`);
  for (const caller of callers) {
    for (let nth = 0; nth < perCaller; nth += 1) expect(take(caller)).toBe(true);
    expect(take(caller)).toBe(false);
  }
  expect(take('another')).toBe(false);
  replies[0]?.close();
  replies[0]?.close();
  expect([take('another'), take('another'), take('caller-0')]).toEqual([true, false, false]);
});

it('a tenant never has them all, with however many keys', () => {
  const shares = createShares({ most: 5, perTenant: 3, perCaller: 2 });
  const take = (name: string, tenant: string) => shares.take(by(name, tenant), makeReply().reply);
  expect(['a', 'a', 'a', 'b', 'b'].map((name) => take(name, 'shops'))).toEqual([true, true, false, true, false]);
  expect(['c', 'c', 'd'].map((name) => take(name, 'markets'))).toEqual([true, true, false]);
});

it('what is demanded and not there is 429, with when to come again', () => {
  const shares = createShares({ most: 1, perTenant: 1, perCaller: 1 });
  shares.demand(by('shop'), makeReply().reply);
  const { reply, headers } = makeReply();
  expect(() => shares.demand(by('shop'), reply)).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
  expect(() => shares.demand(by('shop'), reply)).toThrow(Problem);
  expect(headers).toEqual({ 'retry-after': 10 });
});

it('one caller’s long polls leave room: beyond its share a read is 429, and a start is answered at once', async () => {
  const shop = makeCaller('shop', ['payouts:read', 'payouts:write']);
  const other = makeCaller('other', ['payouts:read']);
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const readUntil = async (_id: unknown, { forMs }: { forMs: number }) => {
    if (forMs > 0) await ended;
    return makeReading(makePayout());
  };
  const store = makeStore({ readUntil: readUntil as never });
  const access = { apiKeys: [shop.apiKey, other.apiKey], callerRatePerSecond: 10_000 };
  const { app } = await makeApp({ store, access });
  const wait = async (caller = shop, seconds = 60) =>
    await app.inject({ url: `/payouts/PO-000001?wait=${seconds}`, headers: caller.headers });
  const waiting = Array.from({ length: BOUNDS.waitsPerCaller.most }, () => wait());
  const beyond = await wait();
  expect([beyond.statusCode, beyond.headers['retry-after']]).toEqual([429, '10']);
  expect((await wait(shop, 0)).statusCode).toBe(200);
  const started = await app.inject({
    ...{ method: 'POST', url: '/payouts', headers: { ...shop.headers, prefer: 'wait=60' } },
    payload: {
      ...{ clientOrderId: 'PO-000002', amount: '10.50', currency: 'EUR' },
      destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
    },
  });
  expect([started.statusCode, started.headers['preference-applied']]).toEqual([202, undefined]);
  const others = wait(other);
  end();
  expect((await others).statusCode).toBe(200);
  expect(new Set((await Promise.all(waiting)).map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect((await wait()).statusCode).toBe(200);
});
