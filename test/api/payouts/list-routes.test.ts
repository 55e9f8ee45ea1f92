import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PayoutUnreadable, TemporalUnavailable } from '../../../src/store/errors';
import { makeFinal, makePayout, START_MS } from '../../domain/samples';
import { createFakeVisibility, makeOpenRun, makeRun } from '../../store/fake-visibility';
import { makeApp, makeCaller, makeReading, makeStore } from '../app-harness';

const spread = (count: number) =>
  Array.from({ length: count }, (_, at) => makeRun(`P${at}`, { startedAtMs: START_MS - at }));
const showing = (runs: ReturnType<typeof makeRun>[], onCall?: () => void) =>
  createFakeVisibility([[/./, runs]], onCall);

async function ask(url: string, visibility = showing(spread(7))) {
  const { app, log } = await makeApp({ visibility, now: () => START_MS });
  const response = await app.inject({ method: 'GET', url });
  return { app, response, log, queries: visibility.queries };
}

describe('GET /payouts', () => {
  it('goes on by the cursor, to the end', async () => {
    const { app, response } = await ask('/payouts?limit=3&currency=EUR');
    const ids: string[] = [];
    let page = response.json();
    for (;;) {
      ids.push(...page.payouts.map(({ clientOrderId }: { clientOrderId: string }) => clientOrderId));
      if (page.nextCursor === null) break;
      page = (await app.inject(`/payouts?limit=3&currency=EUR&cursor=${page.nextCursor}`)).json();
    }
    expect(ids).toEqual(['P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6']);
  });

  it('tells a payout in a light form, and nothing else of it', async () => {
    const { response } = await ask('/payouts', showing([makeRun('PO-000001')]));
    expect(response.json()).toEqual({
      payouts: [
        {
          clientOrderId: 'PO-000001',
          state: 'approved',
          outcome: 'approved',
          settlement: 'paid',
          attention: null,
          problem: null,
          endpoint: 'default',
          amount: '10.50',
          currency: 'EUR',
          orderId: '6768788',
          createdAt: new Date(START_MS).toISOString(),
          closedAt: new Date(START_MS + 8_000).toISOString(),
          deadline: null,
          tenant: 'default',
        },
      ],
      nextCursor: null,
    });
  });

  it('takes 50 at a time, 200 at most', async () => {
    const visibility = showing(spread(230));
    expect((await ask('/payouts', visibility)).response.json().payouts).toHaveLength(50);
    expect((await ask('/payouts?limit=200', visibility)).response.json().payouts).toHaveLength(200);
  });

  it.each([
    ['state', "approved' OR 'a'='a"],
    ['state', 'processing'],
    ['state', 'approved,'],
    ['outcome', 'processing'],
    ['attention', 'x'],
    ['endpoint', "default' OR PayoutState = 'open"],
    ['endpoint', 'A'],
    ['currency', 'eur'],
    ['orderId', '0'],
    ['tag', 'Refund'],
    ['tag', "a' OR '1"],
    ['amount', '10.50'],
    ['amount', '1e3'],
    ['amount', '10.505&currency=EUR'],
    ['orderId', "1' OR '1"],
    ['clientOrderId', '*'],
    ['clientOrderId', "P' OR 'x'='x"],
    ['clientOrderId', 'P%'],
    ['clientOrderId', 'P**'],
    ['createdFrom', 'yesterday'],
    ['createdFrom', '2026-13-01T00:00:00Z'],
    ['createdTo', "2026-01-01T00:00:00Z' OR 'a'='a"],
    ['createdTo', '+012026-01-01T00:00:00Z'],
    ['limit', '0'],
    ['limit', '201'],
    ['limit', '1.5'],
    ['cursor', 'x.y'],
    ['unknown', '1'],
  ])('%s=%s is 400, and Temporal is not asked', async (field, value) => {
    const { response, queries, log } = await ask(`/payouts?${field}=${encodeURIComponent(value)}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'invalid_request' });
    expect(queries).toEqual([]);
    if (value.includes("'")) expect(response.body + log()).not.toContain("' OR");
  });

  it('a repeated parameter is 400', async () => {
    expect((await ask('/payouts?endpoint=a&endpoint=b')).response.statusCode).toBe(400);
  });

  it('a cursor is for the filters it was given with', async () => {
    const { app, response } = await ask('/payouts?limit=3');
    const { nextCursor } = response.json();
    const other = await app.inject(`/payouts?limit=3&currency=USD&cursor=${nextCursor}`);
    expect([other.statusCode, other.json().errors]).toEqual([
      400,
      [{ field: 'cursor', expected: 'the nextCursor of a page with the same filters' }],
    ]);
    expect((await app.inject(`/payouts?limit=2&cursor=${nextCursor}`)).statusCode).toBe(200);
  });

  it('is for callers who may read', async () => {
    const [reader, writer] = [makeCaller('a', ['payouts:read']), makeCaller('b', ['payouts:write'])];
    const { app } = await makeApp({ access: { apiKeys: [reader.apiKey, writer.apiKey] } });
    const statuses = async (headers: Record<string, string>) =>
      await Promise.all(
        ['/payouts', '/payouts.csv', '/payout-counts', '/payouts/PO-1/events'].map(
          async (url) => (await app.inject({ url, headers })).statusCode,
        ),
      );
    expect(await statuses({})).toEqual([401, 401, 401, 401]);
    expect(await statuses(writer.headers)).toEqual([403, 403, 403, 403]);
    expect(await statuses(reader.headers)).toEqual([200, 200, 200, 404]);
  });

  it('is 503 while Temporal is away', async () => {
    const away = showing([], () => {
      throw new TemporalUnavailable();
    });
    for (const url of ['/payouts', '/payouts.csv', '/payout-counts']) {
      const { response } = await ask(url, away);
      expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5']);
    }
  });
});

it('a payout may be named like a list', async () => {
  const store = makeStore({ readUntil: async () => makeReading(makePayout()) });
  const { app } = await makeApp({ store });
  for (const id of ['counts', 'csv', 'export', 'payouts.csv', 'payout-counts']) {
    expect((await app.inject(`/payouts/${id}`)).json()).toMatchObject({ clientOrderId: 'PO-000001' });
  }
  expect(store.readUntil).toHaveBeenCalledTimes(5);
});

describe('GET /payout-counts', () => {
  it('counts by state and attention', async () => {
    const attentive = [
      makeRun('B', { attributes: { PayoutState: 'declined', PayoutAttention: 'conflict' } }),
      makeOpenRun('D', { attributes: { PayoutState: 'unconfirmed', PayoutAttention: 'gateway_unreachable' } }),
      makeOpenRun('E', { attributes: { PayoutState: 'needs_review', PayoutAttention: 'conflict' } }),
    ];
    const visibility = createFakeVisibility([
      [/'unmatchedCallback'/, [makeRun('x', { workflowId: 'unmatched:x', type: 'unmatchedCallback' })]],
      [/'notification'/, []],
      [/PayoutAttention IS NOT NULL/, attentive],
      [/^WorkflowId IN/, attentive],
      [/'approved'|'declined'|'unconfirmed'|'needs_review'/, spread(1)],
      [/PayoutState/, []],
      [/'Running'/, spread(4)],
    ]);
    const { response } = await ask('/payout-counts', visibility);
    expect(response.json()).toEqual({
      open: 4,
      waiting: {
        ...{ awaiting_details: 0, awaiting_approval: 0, scheduled: 0, unconfirmed: 1 },
        ...{ awaiting_receiver: 0, needs_review: 1 },
      },
      final: { approved: 1, declined: 1, filtered: 0, error: 0, rejected: 0, cancelled: 0, expired: 0 },
      settlement: { returned: 0, partially_returned: 0 },
      attention: { gateway_unreachable: 1, conflict: 2, unmatched_callback: 1 },
      hasMoreAttention: false,
    });
  });
});

describe('GET /payouts.csv', () => {
  it('with details it reads each payout, four at a time, and adds what only that says', async () => {
    let reading = 0;
    let most = 0;
    const store = makeStore({
      read: async (id) => {
        reading += 1;
        most = Math.max(most, reading);
        await new Promise(setImmediate);
        reading -= 1;
        if (id === 'P1') throw new PayoutUnreadable('x');
        const final = makeFinal('declined', {
          actualAmount: '10.00',
          actualCurrency: 'EUR',
          reason: { code: '7', message: null },
        });
        return id === 'P2' ? null : makeReading(final);
      },
    });
    const { app } = await makeApp({ store, visibility: showing(spread(12)) });
    const { body } = await app.inject('/payouts.csv?detail=true');
    const [head, ...lines] = body.trim().split('\r\n');
    expect(head).toMatch(
      /,deadline,tags,tenant,actualAmount,actualCurrency,settledBy,confirmed,reasonCode,destination,settledAt,reference,metadata$/,
    );
    expect(lines.map((line) => line.split(',')[0])).toEqual(spread(12).map(({ workflowId }) => workflowId.slice(7)));
    expect(lines[0]).toContain(',10.00,EUR,poll,true,7,');
    expect(lines[1]).toMatch(/^P1,approved,approved,paid,,unreadable,.*,default,,,,,,,,,$/);
    expect(lines[2]).toMatch(/,,,,,,,$/);
    expect([most, store.read.mock.calls.length]).toEqual([4, 12]);
  });

  it('has a head line and a line for each payout, newest first', async () => {
    const { response } = await ask(
      '/payouts.csv',
      showing([makeRun('P0', { attributes: { PayoutTags: ['-x', 'week-48'] } }), ...spread(2).slice(1)]),
    );
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.body.split('\r\n')).toEqual([
      'clientOrderId,state,outcome,settlement,attention,problem,endpoint,amount,currency,orderId,createdAt,closedAt,deadline,tags,tenant',
      "P0,approved,approved,paid,,,default,10.50,EUR,6768788,2024-11-22T12:00:00.000Z,2024-11-22T12:00:08.000Z,,'-x week-48,default",
      'P1,approved,approved,paid,,,default,10.50,EUR,6768788,2024-11-22T11:59:59.999Z,2024-11-22T12:00:08.000Z,,,default',
      '',
    ]);
  });

  it('of nothing is its head line', async () => {
    const { response } = await ask('/payouts.csv', showing([]));
    expect([response.statusCode, response.body.split(',').length]).toEqual([200, 15]);
  });

  it('is filtered like the list, and has no pages', async () => {
    const { response } = await ask('/payouts.csv?state=approved&endpoint=default', showing(spread(450)));
    expect(response.body.split('\r\n')).toHaveLength(452);
    expect((await ask('/payouts.csv?limit=5')).response.statusCode).toBe(400);
  });

  /** A download of many rows over a real connection, one piece at a time. */
  async function download(rows: number, onPiece: (piece: Buffer, stop: () => void) => void) {
    const visibility = showing(spread(rows));
    const { app } = await makeApp({ visibility, now: () => START_MS });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const listed: number[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const request = get({ port, path: '/payouts.csv', agent: false }, (response) => {
          response.on('data', (piece: Buffer) => {
            listed.push(visibility.queries.length);
            onPiece(piece, () => request.destroy());
          });
          response.on('close', resolve);
        });
        request.on('error', (error: NodeJS.ErrnoException) =>
          error.code === 'ECONNRESET' ? resolve() : reject(error),
        );
      });
    } finally {
      await app.close();
    }
    return { listed, visibility };
  }

  it('sends its first rows before the last are read', async () => {
    let lines = 0;
    const { listed, visibility } = await download(5_000, (piece) => {
      lines += piece.toString().split('\r\n').length - 1;
    });
    expect(lines).toBe(5_001);
    expect(visibility.queries.length).toBeGreaterThan(20);
    expect(listed[0]).toBeLessThan(10);
  });

  it('stops reading when the client has gone', async () => {
    const { visibility } = await download(50_000, (_piece, stop) => stop());
    let asked = -1;
    while (asked !== visibility.queries.length) {
      asked = visibility.queries.length;
      for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    }
    // All of it is 100 pages, two questions each.
    expect(asked).toBeLessThan(200);
  });

  it('breaks off when Temporal goes away: it is never quietly short', async () => {
    let calls = 0;
    const visibility = showing(spread(5_000), () => {
      calls += 1;
      if (calls > 8) throw new TemporalUnavailable();
    });
    const { app } = await makeApp({ visibility, now: () => START_MS });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/payouts.csv`);
      expect(answer.status).toBe(200);
      await expect(answer.text()).rejects.toThrow();
    } finally {
      await app.close();
    }
  });
});
