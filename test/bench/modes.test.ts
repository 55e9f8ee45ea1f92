import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { slope } from '../../bench/modes/growth';
import { readGiven } from '../../bench/modes/mode';
import { readHotSpots } from '../../bench/modes/profile';
import { describeAnswers } from '../../bench/modes/rates';
import { followedAfter } from '../../bench/modes/recovery';
import { sizeFor } from '../../bench/modes/sizing';
import { cutSources } from '../../bench/modes/variant-build';
import { VARIANTS } from '../../bench/modes/variants';
import { readSources } from '../proofs/mutants/planted-tree';

const SOURCES = readSources();

test.each(VARIANTS.filter(({ cuts }) => cuts.length > 0))('$name can be cut out of the present source', (variant) => {
  const cut = cutSources(SOURCES, variant);
  const changed = cut.filter(({ text }, nth) => text !== SOURCES[nth]?.text);
  expect(changed.length).toBeGreaterThanOrEqual(1);
});

test('an option that is no whole number is refused by its name', () => {
  const given = readGiven({ payouts: '10,200', seconds: '-1' });
  expect(given.numbers('payouts')).toEqual([10, 200]);
  expect(() => given.number('seconds')).toThrow('--seconds: expected a whole number');
  expect(() => readGiven({ rate: '0' }).number('rate')).toThrow(RangeError);
});

test('sizes are the rate times what was measured, and processes have room for bursts', () => {
  const measured = { workerMs: 30, apiMs: 6, actions: 8, kbPerWaiting: 64 };
  expect(sizeFor(100, 60, measured)).toEqual({
    ...{ perSecond: 100, workers: 5, apis: 1, inFlight: 6_000, memoryMb: 375, actionsPerSecond: 800 },
  });
  expect(sizeFor(1, 60, measured)).toMatchObject({ workers: 1, apis: 1 });
});

test('a payout is followed from the first question after the kill', () => {
  const line = (second: number, clientOrderId: string | null, route = 'v2/status') => ({
    ...{ time: `2026-01-01T00:00:0${second}.000Z`, route, clientOrderId },
  });
  const lines = [line(1, 'A'), line(4, 'A'), line(3, 'B', 'v4/payout'), line(5, 'A'), line(6, null), line(7, 'C')];
  expect([...followedAfter(lines, ['A', 'B'], Date.parse('2026-01-01T00:00:02.000Z'))]).toEqual([['A', 2_000]]);
});

test('growth is how much dearer the last stage is than the first', () => {
  const stage = (inFlight: number, kb: number) => ({ inFlight, polls: 1, serverMs: 1, workerMs: 1, kb });
  expect(slope([stage(100, 50), stage(1_000, 10), stage(10_000, 60)], ({ kb }) => kb)).toBeCloseTo(0.2);
});

test('answers are counted by status, and those without one are no 503', () => {
  const answers = [200, 503, 0, 200].map((status, nth) => ({ status, ms: nth }));
  expect(describeAnswers('reads', answers)).toMatchObject({
    ...{ requests: 4, statuses: { 0: 1, 200: 2, 503: 1 }, unavailable: 1, p50: 2, p99: 3 },
  });
});

test('a profile is read over the threads of one process, without idle time', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const node = (id: number, functionName: string) => ({ id, callFrame: { functionName, url: '', lineNumber: 0 } });
  const profile = {
    nodes: [node(1, '(idle)'), node(2, 'seal'), node(3, 'send')],
    samples: [1, 2, 3],
    timeDeltas: [900, 30, 10],
  };
  writeFileSync(path.join(folder, 'CPU.1.2.77.0.001.cpuprofile'), JSON.stringify(profile));
  writeFileSync(path.join(folder, 'CPU.1.2.77.1.002.cpuprofile'), JSON.stringify(profile));
  writeFileSync(path.join(folder, 'CPU.1.2.78.0.001.cpuprofile'), '{}');
  expect(readHotSpots(folder, 77)).toEqual([
    { what: 'seal', share: 0.75 },
    { what: 'send', share: 0.25 },
  ]);
});
