import { toOrderId } from '../../src/domain/ids';
import { GatewayError } from '../../src/gateway/errors';
import type { Exchange } from '../../src/gateway/exchange';
import type { ReplyFormat } from '../../src/gateway/reply';
import { type StatusQuestion, toStatusAnswer } from '../../src/gateway/status-answer';
import { PAYOUT_TYPES, wireForm } from './samples';

const ORDER_ID = toOrderId('6768788');
const APPROVED = {
  type: 'status-response',
  'merchant-order-id': 'PO-000001',
  'paynet-order-id': '6768788',
  status: 'approved',
  amount: '10.50',
  currency: 'EUR',
};
const NOT_FOUND = { type: 'validation-error', 'error-message': 'Order not found', 'error-code': '1' };

function answered(body: string, statusCode = 200): Exchange {
  return {
    stage: 'answered',
    statusCode,
    body: Buffer.from(body),
    dateMs: Number.NaN,
    contentEncoding: '',
    mayBeCut: false,
  };
}

function ask(result: Exchange, orderId: StatusQuestion['orderId'] = ORDER_ID, replyFormat: ReplyFormat = 'form') {
  const rules = { replyFormat, redirectHosts: null, payoutTypes: PAYOUT_TYPES };
  return toStatusAnswer(result, { clientOrderId: 'PO-000001', orderId, ...rules });
}

const form = (fields: Record<string, string>, statusCode?: number) => answered(wireForm(fields), statusCode);

test('a status about our order', () => {
  for (const orderId of [ORDER_ID, null]) {
    expect(ask(form(APPROVED), orderId)).toMatchObject({
      found: true,
      report: { status: 'approved', orderId: '6768788', amount: '10.50' },
    });
  }
});

test('our id may be left out when the order id that we asked for is named', () => {
  const { 'merchant-order-id': _left, ...fields } = APPROVED;
  expect(ask(form(fields)).found).toBe(true);
});

test('an order id may be unknown to the gateway yet', () => {
  const { 'paynet-order-id': _left, ...fields } = APPROVED;
  expect(ask(form({ ...fields, status: '' }), null)).toMatchObject({
    found: true,
    report: { status: 'processing', statusText: '', orderId: null },
  });
});

test.each<[string, Record<string, string>]>([
  ['a validation error', NOT_FOUND],
  ['an error', { ...NOT_FOUND, type: 'error' }],
  ['an error that echoes our ids', { ...NOT_FOUND, 'merchant-order-id': 'PO-000001', 'paynet-order-id': '6768788' }],
])('%s without a status: no such order', (_name, fields) => {
  expect(ask(form(fields))).toEqual({ found: false, reason: { code: '1', message: 'Order not found' } });
});

describe.each(['error', 'validation-error'])('a reply of type %s', (type) => {
  test.each(['error', 'declined', 'approved', 'processing'])('is about the question, not a status %s', (status) => {
    const fields = { ...APPROVED, type, status, 'error-message': 'try later' };
    expect(kindOf(() => ask(form(fields)))).toBe('request_refused');
    for (const code of [200, 400])
      expect(kindOf(() => ask(answered(JSON.stringify(fields), code), ORDER_ID, 'json'))).toBe('request_refused');
  });
});

describe.each([400, 401, 403, 404, 302, 409, 429, 500, 503])('HTTP %i', (code) => {
  test.each<ReplyFormat>(['form', 'json'])('a readable status of our order is its status, %s', (format) => {
    const write = (fields: Record<string, string>) =>
      format === 'form' ? form(fields, code) : answered(JSON.stringify(fields), code);
    for (const status of ['approved', 'declined', 'processing']) {
      expect(ask(write({ ...APPROVED, status }), ORDER_ID, format)).toMatchObject({ found: true, report: { status } });
    }
    const untyped = { ...APPROVED, type: '', status: 'declined', 'error-code': '116' };
    expect(ask(write(untyped), ORDER_ID, format)).toMatchObject({ report: { status: 'declined' } });
    // Without a listed word, our ids, or the type of a status, the code says what it says.
    const others = [
      { ...APPROVED, status: '' },
      { ...APPROVED, status: '500' },
      { ...APPROVED, 'paynet-order-id': '6768789' },
      { ...APPROVED, 'merchant-order-id': 'PO-000002' },
    ];
    for (const fields of others) expect(kindOf(() => ask(write(fields), ORDER_ID, format))).not.toBe('answered');
  });
});

test('JSON mode answers "no such order" with a 4xx', () => {
  const body = JSON.stringify({ 'error-message': 'Order not found', 'error-code': 1 });
  expect(ask(answered(body, 404), null, 'json')).toEqual({
    found: false,
    reason: { code: '1', message: 'Order not found' },
  });
});

function kindOf(act: () => unknown): string {
  try {
    act();
    return 'answered';
  } catch (error) {
    return error instanceof GatewayError ? error.kind : String(error);
  }
}

test.each<[string, Exchange, string]>([
  ['unreachable', { stage: 'not_sent', cause: 'unreachable' }, 'unreachable'],
  ['out of time before sending', { stage: 'not_sent', cause: 'past_deadline' }, 'unreachable'],
  ['a timeout', { stage: 'no_answer', cause: 'timeout' }, 'no_answer'],
  ['a reset', { stage: 'no_answer', cause: 'connection_lost' }, 'no_answer'],
  ['too much', { stage: 'no_answer', cause: 'oversized' }, 'unreadable'],
  ['HTTP 401', answered('', 401), 'forbidden'],
  ['HTTP 403', form(NOT_FOUND, 403), 'forbidden'],
  ['HTTP 302', answered('', 302), 'redirected'],
  ['HTTP 429', form(NOT_FOUND, 429), 'no_answer'],
  ['HTTP 500', form(NOT_FOUND, 500), 'no_answer'],
  ['HTTP 404 with a page', answered('<html>', 404), 'no_answer'],
  ['HTTP 404 with a status that is not listed', form({ ...APPROVED, status: 'on_hold' }, 404), 'no_answer'],
  ['a page', answered('<html>'), 'unreadable'],
  ['nothing', answered(''), 'unreadable'],
  ['another client order id', form({ ...APPROVED, 'merchant-order-id': 'PO-000002' }), 'wrong_ids'],
  ['another order id', form({ ...APPROVED, 'paynet-order-id': '6768789' }), 'wrong_ids'],
  ['no order id although we asked for one', form({ ...APPROVED, 'paynet-order-id': '' }), 'wrong_ids'],
  ['an error about another order', form({ ...NOT_FOUND, 'merchant-order-id': 'PO-000002' }), 'wrong_ids'],
  ['an error about another order id', form({ ...NOT_FOUND, 'paynet-order-id': '6768789' }), 'wrong_ids'],
])('%s is %s', (_name, result, kind) => {
  expect(kindOf(() => ask(result))).toBe(kind);
});

test.each<[string, Exchange, string]>([
  ['a reply that does not name our order', form({ ...APPROVED, 'merchant-order-id': '' }), 'wrong_ids'],
  ['an order id that is none', form({ ...APPROVED, 'paynet-order-id': '0' }), 'wrong_ids'],
  ['an error with an order id: something exists', form({ ...NOT_FOUND, 'paynet-order-id': '6768788' }), 'wrong_ids'],
  [
    'a body cut inside the order id',
    answered('type=status-response\n&merchant-order-id=PO-000001\n&status=approved\n&paynet-order-id=676'),
    'unreadable',
  ],
])('asked by client order id alone, %s is %s', (_name, result, kind) => {
  expect(kindOf(() => ask(result, null))).toBe(kind);
});

test('a refusal that is cut, or may be cut and names no error, is no answer', () => {
  expect(() => ask(answered('type=validation-error\n&error-message=Order not'))).toThrow(
    new GatewayError('unreadable'),
  );
  const unnamed = answered('type=validation-error\n');
  if (unnamed.stage !== 'answered') throw new Error('expected an answer');
  expect(ask(unnamed)).toMatchObject({ found: false });
  expect(() => ask({ ...unnamed, mayBeCut: true })).toThrow(new GatewayError('unreadable'));
});
