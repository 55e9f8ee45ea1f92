import type { Payout } from '../../src/domain/payout';
import { createMeasures } from '../../src/workflows/measures';

const measured: [name: string, value: number, labels: unknown][] = [];
jest.mock('@temporalio/workflow', () => ({
  metricMeter: {
    createHistogram: (name: string) => ({
      record: (value: number, labels: unknown) => measured.push([name, value, labels]),
    }),
  },
}));
beforeEach(() => measured.splice(0));

const BEGUN = {
  ...{ endpoint: 'sepa', orderId: null, state: 'accepted', collecting: null, agreedAtMs: {} },
  ...{ createdAtMs: 10_000, settledAtMs: null, settledBy: null, updatedAtMs: 10_000 },
} as unknown as Payout;
const payout = (more: object): Payout => ({ ...BEGUN, ...more });
const ORDERED = payout({ orderId: '7', state: 'processing', updatedAtMs: 12_500 });
const APPROVED = payout({
  ...{ orderId: '7', state: 'approved', settledBy: 'callback', settledAtMs: 40_000, updatedAtMs: 41_000 },
  agreedAtMs: { callback: 39_000, poll: 42_000 },
});

it('an order and an end are measured once each, from acceptance', () => {
  const measures = createMeasures(BEGUN);
  for (const record of [BEGUN, ORDERED, ORDERED, APPROVED, APPROVED]) measures.notice(record);
  expect(measured).toEqual([
    ['payout_order_seconds', 2.5, { endpoint: 'sepa', tenant: 'default' }],
    ['payout_final_seconds', 30, { endpoint: 'sepa', tenant: 'default', outcome: 'approved', settled_by: 'callback' }],
  ]);
});

it('when the Receiver was asked, from the details', () => {
  const collecting = { gotAtMs: 30_000 };
  createMeasures(BEGUN).notice({ ...APPROVED, collecting } as unknown as Payout);
  expect(measured.map(([, value]) => value)).toEqual([11, 10]);
});

it('what the run before measured is not measured again', () => {
  createMeasures(APPROVED).notice(APPROVED);
  expect(measured).toEqual([]);
});

it('an end without a source or a time of its own, and a clock that was set back', () => {
  createMeasures(ORDERED).notice(payout({ orderId: '7', state: 'cancelled', updatedAtMs: 9_000 }));
  expect(measured).toEqual([
    ['payout_final_seconds', 0, { endpoint: 'sepa', tenant: 'default', outcome: 'cancelled', settled_by: 'none' }],
  ]);
});

it('each other source is measured against the one that settled', () => {
  createMeasures(APPROVED).end(APPROVED);
  const labels = { endpoint: 'sepa', tenant: 'default', settled_by: 'callback', source: 'poll' };
  expect(measured).toEqual([['payout_agreement_seconds', 3, labels]]);
});

it('against the clock, from the moment it settled; an open payout has none', () => {
  createMeasures(ORDERED).end(ORDERED);
  createMeasures(APPROVED).end(payout({ settledBy: 'clock', settledAtMs: 40_000, agreedAtMs: { poll: 41_000 } }));
  expect(measured).toEqual([
    ['payout_agreement_seconds', 1, { endpoint: 'sepa', tenant: 'default', settled_by: 'clock', source: 'poll' }],
  ]);
});
