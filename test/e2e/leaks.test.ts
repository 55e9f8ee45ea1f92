import { type Kind, PLANTED } from '../proofs/leaks/planted';
import { countKinds, describeHits, describeOutcome } from '../proofs/leaks/report';
import { type Outcome, runLeaks } from '../proofs/leaks/run';
import { SEED } from '../support/seed';

let outcome: Outcome;

beforeAll(async () => {
  process.stdout.write(`leaks: seed ${SEED}\n`);
  outcome = await runLeaks({ seed: SEED, rounds: 1, kills: 2, shown: 6 });
  process.stdout.write(`${describeOutcome(outcome).join('\n')}\n`);
}, 300_000);

test('no marker is in clear anywhere', () => {
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
    // Metrics name no payout; their count says that they were there.
    metrics: false,
    notifications: true,
    refusals: true,
    traces: true,
  });
});

test('every place was planted, and every way into it was tried', () => {
  const payouts = Number(outcome.figures.payouts);
  expect(Object.fromEntries(countKinds(outcome.markers))).toMatchObject({
    'number entered in a form': 10,
    'text entered in a form': 122,
    'card entered in a form': 10,
    'form refused': 242,
    'form behind a wrong link': 145,
    'secret of a subscriber': 10,
    'address of a subscriber': 10,
    'answer of a subscriber': 20,
    // Beside the planned ones seven that ask their Receivers, and one that is started with a wrong header.
    "Receiver's link": payouts + 7 + 1,
    'name of a key': 7,
    'key in a wrong place': 55,
    'session for reading payloads': 1,
    "reader's own payload": 2,
    'payload that cannot be opened': 3,
  });
  expect(outcome.figures).toMatchObject({
    links: payouts + 7 + 1,
    misplaced: 55,
    formsLedOn: 7,
    formsShownAgain: 10,
    formsRefused: 12,
    aboveScope: 36,
    listed: 10,
  });
  expect(outcome.figures.decoded).toBeGreaterThan(0);
  expect(outcome.figures.resent).toBeGreaterThan(0);
  expect(Object.keys(PLANTED).filter((kind) => !countKinds(outcome.markers).has(kind as Kind))).toEqual([]);
});

test('payouts came to rest in every way, and what was killed left no dump', () => {
  const ends = new Set(outcome.states.values());
  // What a kill meets decides the others.
  for (const state of ['approved', 'declined', 'needs_review']) expect([state, ends.has(state)]).toEqual([state, true]);
  // Not the one that was made unreadable; six of those whose Receivers were asked.
  // And the two rows of a batch.
  expect(outcome.states.size).toBe(Number(outcome.figures.payouts) - 1 + 6 + 2);
  expect(outcome.figures.batchRows).toBe(2);
  expect(outcome.figures).toMatchObject({ kills: 4, defects: 7 });
  expect(outcome.dumps).toEqual([]);
});
