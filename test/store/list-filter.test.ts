import fc from 'fast-check';
import type { Tenants } from '../../src/domain/tenants';
import { formatQuery, type ListFilter, oneOf } from '../../src/store/list-filter';

const PAYOUTS = "WorkflowType IN ('payout') AND ExecutionStatus != 'ContinuedAsNew'";
const BROKEN = "ExecutionStatus IN ('Failed', 'Canceled', 'Terminated', 'TimedOut')";
const IS_NOT_FOLLOWED = `(${BROKEN} AND PayoutOutcome IS NULL)`;
const IS_FOLLOWED =
  "(ExecutionStatus != 'Failed' AND ExecutionStatus != 'Canceled' AND ExecutionStatus != 'Terminated' " +
  "AND ExecutionStatus != 'TimedOut' OR PayoutOutcome IS NOT NULL)";

it.each<[Omit<ListFilter, 'tenants'>, string]>([
  [{}, PAYOUTS],
  [
    { state: ['open', 'unconfirmed'] },
    `${PAYOUTS} AND PayoutState IN ('open', 'accepted', 'sending', 'processing', 'unconfirmed')`,
  ],
  [
    { outcome: 'approved', endpoint: 'euros', currency: 'EUR', orderId: '42' },
    `${PAYOUTS} AND PayoutOutcome IN ('approved') AND PayoutEndpoint IN ('euros') AND PayoutCurrency IN ('EUR') AND GatewayOrderId IN ('42')`,
  ],
  [{ settlement: 'paid' }, `${PAYOUTS} AND PayoutOutcome IN ('approved')`],
  [{ settlement: 'returned' }, "WorkflowType IN ('lateEvents') AND PayoutOutcome IN ('returned', 'rest_returned')"],
  [{ amount: '10.50', currency: 'EUR' }, `${PAYOUTS} AND PayoutCurrency IN ('EUR') AND AmountMinor = 1050`],
  [{ tag: 'week-48' }, `${PAYOUTS} AND PayoutTags IN ('week-48')`],
  [{ clientOrderId: 'PO-1' }, `${PAYOUTS} AND WorkflowId IN ('payout:PO-1')`],
  [{ clientOrderId: 'PO-1*' }, `${PAYOUTS} AND WorkflowId STARTS_WITH 'payout:PO-1'`],
  [
    { createdFrom: new Date('2026-11-23T06:44:59.459Z'), createdTo: new Date('2026-11-24T00:00Z') },
    `${PAYOUTS} AND StartTime >= '2026-11-23T06:44:59.459Z' AND StartTime < '2026-11-24T00:00:00.000Z'`,
  ],
  [
    { attention: 'any', currency: 'EUR' },
    `(${PAYOUTS} AND PayoutCurrency IN ('EUR') AND (PayoutAttention IS NOT NULL OR ${IS_NOT_FOLLOWED})) ` +
      "OR (WorkflowType IN ('lateEvents') AND PayoutAttention IS NOT NULL)",
  ],
  [
    { attention: 'not_followed' },
    `(${PAYOUTS} AND (PayoutAttention IN ('not_followed') OR ${IS_NOT_FOLLOWED})) ` +
      "OR (WorkflowType IN ('lateEvents') AND PayoutAttention IN ('not_followed'))",
  ],
  [
    { attention: 'conflict' },
    `(${PAYOUTS} AND (PayoutAttention IN ('conflict') AND ${IS_FOLLOWED})) ` +
      "OR (WorkflowType IN ('lateEvents') AND PayoutAttention IN ('conflict'))",
  ],
])('%j is written in the language of list filters', (filter, query) => {
  expect(formatQuery({ tenants: '*', ...filter })).toBe(query);
});

it.each<[Tenants, string]>([
  ['*', ''],
  [['default'], ' AND (PayoutTenant IS NULL)'],
  [['shops', 'markets'], " AND (PayoutTenant IN ('shops', 'markets'))"],
  [['default', 'shops'], " AND (PayoutTenant IS NULL OR PayoutTenant IN ('shops'))"],
])('payouts and late events of the tenants %j alone', (tenants, condition) => {
  expect(formatQuery({ tenants })).toBe(PAYOUTS + condition);
  expect(formatQuery({ tenants, attention: 'conflict' })).toBe(
    `(${PAYOUTS}${condition} AND (PayoutAttention IN ('conflict') AND ${IS_FOLLOWED})) ` +
      `OR (WorkflowType IN ('lateEvents') AND PayoutAttention IN ('conflict')${condition})`,
  );
});

it('no tenant at all is not every tenant', () => {
  expect(() => formatQuery({ tenants: [] })).toThrow(RangeError);
});

it.each(["x' OR '1'='1", 'x\\', 'x"', 'a b', '', 'x%', 'é', 'x'.repeat(201), 'x\n'])(
  'a value such as %j is refused before anything is asked',
  (value) => {
    for (const field of ['endpoint', 'currency', 'orderId', 'tag'] as const) {
      expect(() => formatQuery({ tenants: '*', [field]: value })).toThrow(RangeError);
    }
    expect(() => formatQuery({ tenants: '*', clientOrderId: `${value}'` })).toThrow(RangeError);
    expect(() => formatQuery({ tenants: '*', clientOrderId: `${value}'*` })).toThrow(RangeError);
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
