import { randomInt } from 'node:crypto';
import { describeHits, describeOutcome } from '../../canaries/report';
import { type Outcome, runCanaries } from '../../canaries/run';

const seed = randomInt(1, 1_000_000);
let outcome: Outcome;

beforeAll(async () => {
  process.stdout.write(`canaries: seed ${seed}\n`);
  outcome = await runCanaries({ seed, rounds: 1, kills: 2, shown: 4 });
  process.stdout.write(`${describeOutcome(outcome).join('\n')}\n`);
}, 300_000);

test('no marker stands in clear anywhere', () => {
  expect(describeHits(outcome.hits)).toEqual([]);
});

test('a thousand markers were planted, and every kind of place was searched', () => {
  expect(outcome.markers.length).toBeGreaterThanOrEqual(1_000);
  expect(new Set(outcome.markers.map(({ value }) => value)).size).toBeGreaterThanOrEqual(1_000);
  expect(outcome.figures.scrapes).toBeGreaterThan(3);
  const found = [...outcome.idsByPlace].map(([place, times]) => [place, times > 0]);
  expect(Object.fromEntries(found)).toEqual({
    answers: true,
    'command line': true,
    database: true,
    describe: true,
    history: true,
    list: true,
    log: true,
    // Metrics name no payout; that they were there is told by their count.
    metrics: false,
    refusals: true,
  });
});

test('payouts came to rest in every way, and what was killed left no dump', () => {
  const ends = new Set(outcome.states.values());
  // What a kill meets decides the others.
  for (const state of ['approved', 'declined', 'needs_review']) expect([state, ends.has(state)]).toEqual([state, true]);
  expect(outcome.states.size).toBe(Number(outcome.figures.payouts) - 1);
  expect(outcome.figures).toMatchObject({ kills: 4, defects: 7 });
  expect(outcome.dumps).toEqual([]);
});
