import fc from 'fast-check';
import { readPoliciesFile } from '../../../src/config/policies-file';
import { createFindings, type Findings } from './findings';
import { MARKER } from './marker';

const SCALARS = [
  ...['large', 'EUR', '"1000.00"', '1', '2', '0', '-1', '11', '1e3', '""', 'null', 'true', '[]', '{}', '~', '.inf'],
  ...['day', 'month', 'transaction', 'refuse', 'wait', 'Europe/Berlin', 'Mars/Base', '5m', '7d', '[send, resolve]'],
  ...[
    `"${MARKER}"`,
    `[${MARKER}]`,
    `{ currency: ${MARKER} }`,
    '*a',
    '&a x',
    '!!binary aGk=',
    '!!js/function x',
    '<<',
    '"',
  ],
  ...['"\\u0000"', `"${'a'.repeat(300)}"`, '9007199254740993', '[EUR, USD]', '[bank_account]', '{ __proto__: 1 }'],
];
const FIELDS = [
  ...['name', 'match', 'approvals', 'expiresIn', 'approvalsFor', 'hold', 'deny', 'limit', 'hook', '__proto__'],
];
const INNER = [
  'currency',
  'amountFrom',
  'tenant',
  'endpoint',
  'destinationKind',
  'amount',
  'per',
  'zone',
  'over',
  'url',
];
const scalar = fc.constantFrom(...SCALARS);
const inner = fc
  .array(fc.tuple(fc.constantFrom(...INNER), scalar), { maxLength: 5 })
  .map((fields) => `{ ${fields.map(([name, value]) => `${name}: ${value}`).join(', ')} }`);
const rule = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), fc.oneof(scalar, inner)), { minLength: 1, maxLength: 6 })
  .map((fields) => fields.map(([name, value], at) => `${at === 0 ? '  - ' : '    '}${name}: ${value}`).join('\n'));
/** Right as they stand, and with one more field that mostly is not. */
const RIGHT = [
  '  - name: large\n    match: { currency: EUR, amountFrom: "1000.00" }\n    approvals: 2\n    expiresIn: 7d',
  '  - name: daily\n    match: { currency: EUR }\n    limit: { amount: "1000.00", per: day, zone: Europe/Berlin }',
  '  - name: closed\n    match: { destinationKind: [card] }\n    deny: No cards.',
];
const nearlyRight = fc
  .tuple(fc.constantFrom(...RIGHT), fc.option(fc.tuple(fc.constantFrom(...FIELDS), scalar)))
  .map(([right, more]) => `rules:\n${right}\n${more === null ? '' : `    ${more[0]}: ${more[1]}\n`}`);
const file = fc.oneof(
  { weight: 4, arbitrary: nearlyRight },
  { weight: 8, arbitrary: fc.array(rule, { maxLength: 4 }).map((rules) => `rules:\n${rules.join('\n')}\n`) },
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => `rules: ${JSON.stringify(MARKER + text)}`),
);

/** Reads files of policies that are mostly wrong: each is taken whole or refused by line, and nothing of it is repeated. */
export function runPolicies(options: { files: number; seed: number }): Findings {
  const findings = createFindings();
  for (const text of fc.sample(file, { numRuns: options.files, seed: options.seed })) {
    try {
      const { rules, problems } = readPoliciesFile('policies.yaml', {
        readFile: () => text,
        endpoints: ['default'],
        secretFiles: [],
      });
      findings.count(problems.length === 0 ? 'taken' : 'refused');
      if (rules.length > 0 === problems.length > 0) findings.violate('rules and problems at once, or neither');
      if (problems.some((problem) => problem.includes(MARKER)))
        findings.violate('a problem repeats what is in the file');
      if (problems.some((problem) => !problem.includes('expected'))) findings.violate('a problem that says nothing');
    } catch {
      findings.violate('a file that breaks the reader');
    }
  }
  return findings;
}
