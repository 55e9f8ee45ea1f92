import type { CurrencyCode } from '../../src/domain/currencies';
import { type ClientOrderId, type OrderId, toClientOrderId, toOrderId } from '../../src/domain/ids';
import type { FinalStatus, OrderReport } from '../../src/domain/order-report';
import { openPayout, type Payout } from '../../src/domain/payout';
import type { CollectingRequest, PayoutRequest } from '../../src/domain/payout-request';

/** Hand-made values every test of the core begins with. */
export const START_MS = 1_732_276_800_000;
export const CLIENT_ORDER_ID: ClientOrderId = toClientOrderId('PO-000001');
export const ORDER_ID: OrderId = toOrderId('6768788');
export const OTHER_ORDER_ID: OrderId = toOrderId('6768789');
export const EUR = 'EUR' as CurrencyCode;

export const REQUEST: PayoutRequest = {
  clientOrderId: CLIENT_ORDER_ID,
  amount: '10.50',
  currency: EUR,
  description: 'Invoice 42',
  receiver: { firstName: 'José', lastName: "O'Neil" },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000', bankName: 'Cool Bank' },
  extraFields: {},
};

/** The same, with the Receiver to be asked where the money goes. */
export const COLLECTING: CollectingRequest = {
  ...{ clientOrderId: CLIENT_ORDER_ID, amount: '10.50', currency: EUR, description: 'Invoice 42' },
  receiver: { firstName: 'José', lastName: "O'Neil" },
  collect: 'receiver',
  expiresIn: '7d',
  extraFields: {},
};

export const LABELS = { reference: 'GL-4711', tags: ['refund', 'week-48'], metadata: { invoice: '42' } } as const;

export function makeReport(fields: Partial<OrderReport> = {}): OrderReport {
  const status = fields.status ?? 'processing';
  return {
    source: 'poll',
    status,
    statusText: status === 'unlisted' ? 'pending' : status,
    subject: 'payout',
    transactionType: 'payout',
    orderId: ORDER_ID,
    amount: '10.50',
    currency: 'EUR',
    stage: null,
    serialNumber: null,
    redirectTo: null,
    reason: null,
    processorTxId: null,
    ...fields,
  };
}

/** As the gateway sends it: no amount that could be believed. */
export function makeCallback(fields: Partial<OrderReport> = {}): OrderReport {
  return makeReport({ source: 'callback', amount: null, currency: null, ...fields });
}

export function makePayout(fields: Partial<Payout> = {}): Payout {
  return { ...openPayout(REQUEST, { endpoint: 'default', atMs: START_MS }), ...fields };
}

/** A payout whose order the gateway accepted a moment ago. */
export function makeFollowed(fields: Partial<Payout> = {}): Payout {
  const since = { followedSinceMs: START_MS, pollingSinceMs: START_MS };
  return makePayout({ state: 'processing', orderId: ORDER_ID, sendAttempts: 1, ...since, ...fields });
}

/** A payout an order status has settled. */
export function makeFinal(status: FinalStatus, fields: Partial<Payout> = {}): Payout {
  const settled = {
    settledBy: 'poll',
    confirmed: true,
    settledAtMs: START_MS,
    agreedAtMs: { poll: START_MS },
  } as const;
  return makeFollowed({ state: status, ...settled, ...fields });
}
