import { createFindings, renderFindings } from '../findings';
import { authorize } from '../harness';
import { readOptions } from '../main';

test('the command runs at least 100,000 cases in process and 10,000 on the wire', () => {
  const options = readOptions(['--seed', '7']);
  expect(options).toEqual({
    ...{ seed: 7, forged: 100_000, hostile: 20_000, api: 20_000, replies: 20_000, wire: 10_000, apiKey: null },
  });
});

test('an option that is no whole number is refused', () => {
  expect(() => readOptions(['--wire', 'many'])).toThrow('--wire: expected a whole number');
});

test('a key goes along with every request of a caller', () => {
  expect(authorize({ apiKey: 'k' }, { a: 'b' })).toEqual({ a: 'b', authorization: 'Bearer k' });
  expect(authorize({ apiKey: null }, { a: 'b' })).toEqual({ a: 'b' });
});

test('figures name their violations', () => {
  const findings = createFindings();
  findings.count('cases', 2);
  findings.violate('it broke');
  expect(renderFindings('title', findings)).toEqual([
    'title: 2 cases, 1 violations',
    `  ${'cases'.padEnd(44)} 2`,
    '  VIOLATION it broke',
  ]);
});
