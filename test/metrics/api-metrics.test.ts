import { request } from 'node:http';
import { findFreePort } from '../../scripts/ports';
import type { ApiKey } from '../../src/config/api-keys';
import { CALLBACK_VERDICTS, METRICS } from '../../src/domain/metrics';
import { loadApiMetrics } from '../../src/metrics/api-metrics';
import { serveMetrics } from '../../src/metrics/listener';
import { createCountsReader, type LatestCounts } from '../../src/store/counts-reader';
import { TemporalUnavailable } from '../../src/store/errors';
import { makeCaller } from '../api/app-harness';
import { START_MS } from '../domain/samples';
import { createFakeVisibility, makeOpenRun } from '../store/fake-visibility';

/** More turns than a reading that begins needs for its first question. */
const passTurns = async () => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

const AGED: LatestCounts = { reading: null, ageMs: 7_000 };
const RING = { keys: () => [], isStale: () => false };

it('counts callbacks, agreements and refused calls, each with its labels', async () => {
  const metrics = await loadApiMetrics(['sepa']);
  metrics.onCallback('sepa', 'taken');
  metrics.onCallback(null, 'unknown_endpoint');
  metrics.onAgreement({ endpoint: 'sepa', settledBy: 'poll', lateMs: 1_500 });
  metrics.onRefused('exhausted');
  const lines = (await metrics.render(AGED, RING)).split('\n');
  expect(lines).toContain('callbacks_total{endpoint="sepa",verdict="taken"} 1');
  expect(lines).toContain('callbacks_total{endpoint="",verdict="unknown_endpoint"} 1');
  expect(lines).toContain('callback_late_seconds_sum{endpoint="sepa",settled_by="poll"} 1.5');
  expect(lines).toContain('temporal_calls_refused_total{trouble="exhausted"} 1');
  expect(lines).toContain('counts_age_seconds 7');
  // Every verdict of a configured endpoint is there from the start: a rise from nothing is seen.
  expect(lines.filter((line) => line.startsWith('callbacks_total{endpoint="sepa"'))).toHaveLength(
    CALLBACK_VERDICTS.length,
  );
  const exposed = lines.flatMap((line) => /^# TYPE (\w+) (\w+)/.exec(line)?.slice(1).join(' ') ?? []);
  const ours = Object.entries(METRICS).flatMap(([name, { of, kind }]) => (of === 'api' ? [`${name} ${kind}`] : []));
  expect(exposed.sort()).toEqual(ours.sort());
});

it('says which keys expire soon, and that their file cannot be used', async () => {
  const metrics = await loadApiMetrics(['sepa'], () => START_MS);
  const { apiKey } = makeCaller('shop', ['payouts:read'], START_MS + 86_400_000);
  const linesOf = async (ring: { keys: () => readonly ApiKey[]; isStale: () => boolean }) =>
    (await metrics.render(AGED, ring)).split('\n').filter((line) => line.startsWith('api_key'));
  expect(await linesOf({ keys: () => [apiKey], isStale: () => true })).toEqual([
    'api_keys_stale 1',
    'api_key_expiry_seconds{caller="shop"} 86400',
  ]);
  expect(await linesOf(RING)).toEqual(['api_keys_stale 0']);
});

it('says how much of each limit is used and held, and nothing of one that is no more', async () => {
  const metrics = await loadApiMetrics(['sepa']);
  const share = { tenant: 'ads', rule: 'daily', used: 0.25, held: 0.5 };
  const linesOf = async (shares: readonly (typeof share)[]) =>
    (await metrics.render(AGED, RING, shares)).split('\n').filter((line) => line.startsWith('limit_ratio{'));
  expect(await linesOf([share])).toEqual([
    'limit_ratio{tenant="ads",rule="daily",part="used"} 0.25',
    'limit_ratio{tenant="ads",rule="daily",part="held"} 0.5',
  ]);
  expect(await linesOf([])).toEqual([]);
});

describe('counts', () => {
  function makeReader(onCall: () => void = () => {}) {
    let nowMs = START_MS + 60_000;
    const found = [
      makeOpenRun('A', {
        startedAtMs: START_MS,
        attributes: { PayoutState: 'needs_review', PayoutAttention: 'conflict' },
      }),
    ];
    const visibility = createFakeVisibility(
      [
        [/'unmatchedCallback'|'notification'/, []],
        [/./, found],
      ],
      onCall,
    );
    const read = createCountsReader({ visibility, now: () => nowMs, pauseMs: 0 });
    const readUntil = async (isEnough: (counts: LatestCounts) => boolean) => {
      for (;;) {
        const counts = read();
        if (isEnough(counts)) return counts;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    return { read, readUntil, queries: visibility.queries, pass: (ms: number) => (nowMs += ms), now: () => nowMs };
  }

  it('are read in the background, once for everyone who asks within twenty seconds, and not while nobody asks', async () => {
    const { read, readUntil, queries, pass } = makeReader();
    expect(queries).toHaveLength(0);
    expect(read()).toEqual({ reading: null, ageMs: 0 });
    const { reading } = await readUntil((counts) => counts.reading !== null);
    const asked = queries.length;
    pass(19_999);
    expect(read()).toEqual({ reading, ageMs: 19_999 });
    await passTurns();
    expect(queries).toHaveLength(asked);
    pass(1);
    // What is old is still the answer; the next reading begins with it.
    expect(read().reading).toBe(reading);
    await readUntil((counts) => counts.reading !== reading);
    expect(queries).toHaveLength(2 * asked);
  });

  it('hold every state and reason, and since when the oldest is there', async () => {
    const { readUntil, now } = makeReader();
    const { reading } = await readUntil((counts) => counts.reading !== null);
    const of = (name: string) => reading?.attention.filter(({ reason }) => reason === name);
    expect(of('conflict')).toEqual([{ reason: 'conflict', tenant: 'default', count: 1, sinceMs: START_MS }]);
    expect(of('notification_dead')).toMatchObject([{ count: 0, sinceMs: null }]);
    const metrics = await loadApiMetrics(['sepa'], now);
    const lines = (await metrics.render({ reading, ageMs: 0 }, RING)).split('\n');
    expect(lines).toContain('attention_items{attention="conflict",tenant="default"} 1');
    expect(lines).toContain('attention_oldest_seconds{attention="conflict",tenant="default"} 60');
    expect(lines).toContain('attention_oldest_seconds{attention="outcome_unknown",tenant="default"} 0');
    expect(lines.filter((line) => line.startsWith('attention_items{'))).toHaveLength(26);
    expect(lines.filter((line) => line.startsWith('payouts{'))).toHaveLength(14);
  });

  it('that cannot be read stay as they were, grow older, and are not asked for more often', async () => {
    let isAway = false;
    const { read, readUntil, queries, pass } = makeReader(() => {
      if (isAway) throw new TemporalUnavailable();
    });
    const { reading } = await readUntil((counts) => counts.reading !== null);
    isAway = true;
    pass(20_000);
    read();
    await passTurns();
    const asked = queries.length;
    expect(read()).toEqual({ reading, ageMs: 20_000 });
    await passTurns();
    expect(queries).toHaveLength(asked);
  });
});

it('are served on a port of their own: one path, by GET, and nothing else', async () => {
  const port = await findFreePort([], new Set());
  const { contentType, render } = await loadApiMetrics(['sepa']);
  let isBroken = false;
  const server = await serveMetrics(`127.0.0.1:${port}`, {
    contentType,
    render: async () => (isBroken ? Promise.reject(new Error('MARKER')) : await render(AGED, RING)),
  });
  const ask = (path: string, method = 'GET') =>
    new Promise<[number, string, string]>((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', path, method }, (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        reply.on('end', () => resolve([reply.statusCode ?? 0, String(reply.headers['content-type']), text]));
      });
      sent.on('error', reject).end();
    });
  try {
    const [status, type, text] = await ask('/metrics?x=1');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(text).toContain('counts_age_seconds 7');
    expect((await ask('/payouts'))[0]).toBe(404);
    expect((await ask('/metrics', 'POST'))[0]).toBe(404);
    isBroken = true;
    expect(await ask('/metrics')).toEqual([500, 'undefined', '']);
    await expect(serveMetrics(`127.0.0.1:${port}`, { contentType, render: async () => '' })).rejects.toThrow(
      /EADDRINUSE/,
    );
  } finally {
    server.close();
  }
});
