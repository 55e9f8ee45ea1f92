import fc from 'fast-check';
import { allOf, anyOf, formatClause, noneOf, oneOf, started } from '../../../src/api/lists/clause';

it('is written in the language of list filters', () => {
  const clause = allOf(
    oneOf('WorkflowType', ['payout']),
    started(1_795_416_299_459_295, 1_795_416_300_000_000),
    anyOf({ is: 'set', attribute: 'PayoutAttention' }, noneOf('ExecutionStatus', ['Running', 'Completed'])),
    { is: 'id_begins', prefix: 'payout:PO-1' },
  );
  expect(formatClause(clause)).toBe(
    "(WorkflowType IN ('payout') AND StartTime >= '2026-11-23T06:44:59.459295Z' AND StartTime < '2026-11-23T06:45:00.000000Z' " +
      "AND (PayoutAttention IS NOT NULL OR ExecutionStatus NOT IN ('Running', 'Completed')) AND WorkflowId STARTS_WITH 'payout:PO-1')",
  );
});

it.each([
  [started(null, null), 'StartTime IS NOT NULL'],
  [started(1, null), "StartTime >= '1970-01-01T00:00:00.000001Z'"],
  [started(null, 1_000_000), "StartTime < '1970-01-01T00:00:01.000000Z'"],
])('%j is %s', (clause, text) => expect(formatClause(clause)).toBe(text));

it.each(["x' OR '1'='1", 'x\\', 'x"', 'a b', '', 'x%', 'é', `${'x'.repeat(201)}`, 'x\n'])(
  'a value such as %j is refused before anything is asked',
  (value) => {
    expect(() => formatClause(oneOf('PayoutEndpoint', ['default', value]))).toThrow(RangeError);
    expect(() => formatClause(noneOf('PayoutEndpoint', [value]))).toThrow(RangeError);
    expect(() => formatClause({ is: 'id_begins', prefix: value })).toThrow(RangeError);
  },
);

it('whatever text is asked for stays one value, or is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
      let query: string;
      try {
        query = formatClause(oneOf('PayoutEndpoint', [value]));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return;
      }
      expect(query).toBe(`PayoutEndpoint IN ('${value}')`);
      expect(value).toMatch(/^[A-Za-z0-9._:-]+$/);
    }),
    { numRuns: 2_000 },
  );
});
