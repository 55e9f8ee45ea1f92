import { SEED } from '../../../support/seed';
import { judgeAnswer, runApi } from '../api-run';
import { MARKER } from '../marker';
import { runPolicies } from '../policies-run';

test(`requests made from the contract, seed ${SEED}: every answer is as published, and no refused one did anything`, async () => {
  const { counts, violations } = await runApi({ requests: 2_300, seed: SEED });
  expect(violations).toEqual([]);
  for (const kind of ['startPayout 202', 'startPayout 400', 'startPayout 413', 'startPayout 415', 'resolvePayout 404'])
    expect(counts.get(kind)).toBeGreaterThanOrEqual(1);
  for (const kind of ['startBatch 202', 'startBatch 400']) expect(counts.get(kind)).toBeGreaterThanOrEqual(1);
  for (const kind of ['Latin-1 400', 'Latin-1 415']) expect(counts.get(kind)).toBeGreaterThanOrEqual(1);
}, 300_000);

test('files of policies are taken whole or refused by line, and nothing of them is repeated', () => {
  const { counts, violations } = runPolicies({ files: 150, seed: SEED });
  expect(violations).toEqual([]);
  for (const kind of ['taken', 'refused']) expect(counts.get(kind)).toBeGreaterThanOrEqual(1);
});

const problem = (fields: object) => JSON.stringify({ status: 400, code: 'invalid_request', ...fields });
const TYPE = 'application/problem+json; charset=utf-8';

test.each([
  ['a defect', { status: 500, type: TYPE, body: problem({}) }],
  ['a value repeated', { status: 400, type: TYPE, body: problem({ title: MARKER }) }],
  ['plain JSON', { status: 400, type: 'application/json', body: problem({}) }],
  ['an unknown code', { status: 400, type: TYPE, body: problem({ code: 'other' }) }],
  ['a code of another status', { status: 404, type: TYPE, body: problem({}) }],
])('%s is seen', (_name, answer) => expect(judgeAnswer(answer)).not.toBeNull());

test('a problem as it should be is none', () => {
  expect(judgeAnswer({ status: 400, type: TYPE, body: problem({}) })).toBeNull();
  expect(judgeAnswer({ status: 200, type: 'application/json', body: MARKER })).toBeNull();
});
