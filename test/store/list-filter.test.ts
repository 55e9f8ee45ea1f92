import fc from 'fast-check';
import { EVERYTHING, formatQuery, oneOf } from '../../src/store/list-filter';

it('is written in the language of list filters', () => {
  const filter = {
    ...EVERYTHING,
    ...{ states: ['open', 'unconfirmed'] as const, endpoint: 'euros', clientOrderId: { text: 'PO-1', isPrefix: true } },
    fromMs: Date.parse('2026-11-23T06:44:59.459Z'),
  };
  expect(formatQuery(filter)).toBe(
    "WorkflowType IN ('payout') AND ExecutionStatus != 'ContinuedAsNew' " +
      "AND PayoutState IN ('open', 'accepted', 'sending', 'processing', 'unconfirmed') AND PayoutEndpoint IN ('euros') " +
      "AND WorkflowId STARTS_WITH 'payout:PO-1' AND StartTime >= '2026-11-23T06:44:59.459Z'",
  );
});

it.each(["x' OR '1'='1", 'x\\', 'x"', 'a b', '', 'x%', 'é', 'x'.repeat(201), 'x\n'])(
  'a value such as %j is refused before anything is asked',
  (value) => {
    expect(() => formatQuery({ ...EVERYTHING, endpoint: value })).toThrow(RangeError);
    expect(() => formatQuery({ ...EVERYTHING, currency: value })).toThrow(RangeError);
    expect(() => formatQuery({ ...EVERYTHING, orderId: value })).toThrow(RangeError);
    for (const isPrefix of [true, false]) {
      const clientOrderId = { text: `${value}'`, isPrefix };
      expect(() => formatQuery({ ...EVERYTHING, clientOrderId })).toThrow(RangeError);
    }
  },
);

it('whatever text is asked for stays one value, or is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
      let query: string;
      try {
        query = oneOf('PayoutEndpoint', [value]);
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
