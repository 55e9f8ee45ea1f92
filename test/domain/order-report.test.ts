import { callbackKey, isCallbackMessage, isOrderReport } from '../../src/domain/order-report';
import { makeCallback, makeReport, OTHER_ORDER_ID } from './samples';

const message = { endpoint: 'default', report: makeCallback({ status: 'approved' }) };

it.each([
  null,
  'x',
  undefined,
  {},
  ...['source', 'status', 'statusText', 'subject'].map((name) => ({ ...makeReport(), [name]: 7 })),
  ...['orderId', 'amount', 'redirectTo'].map((name) => ({ ...makeReport(), [name]: 7 })),
  { ...makeReport(), orderId: undefined },
])('a signal by hand that holds %j is no report, and no callback', (value) => {
  expect([isOrderReport(value), isCallbackMessage({ ...message, report: value })]).toEqual([false, false]);
});

it.each([null, 'x', {}, { ...message, endpoint: 7 }, { ...message, report: makeReport() }])(
  'a signal by hand that holds %j is no callback',
  (value) => {
    expect(isCallbackMessage(value)).toBe(false);
    expect([
      isCallbackMessage(message),
      isOrderReport(makeReport()),
      isOrderReport(makeReport({ amount: null })),
    ]).toEqual([...[true, true, true]]);
  },
);

it('a callback and its repeat have one key; another endpoint, order, status, word or subject has its own', () => {
  const others = [
    { orderId: OTHER_ORDER_ID },
    { status: 'declined' } as const,
    { statusText: 'other' },
    { subject: 'post_payout_event' } as const,
  ].map((fields) => ({ ...message, report: { ...message.report, ...fields } }));
  const all = [message, { ...message, endpoint: 'other' }, ...others];
  expect(new Set(all.map(callbackKey)).size).toBe(6);
  expect(callbackKey({ ...message, report: { ...message.report, amount: '7', stage: 'x' } })).toBe(
    callbackKey(message),
  );
});
