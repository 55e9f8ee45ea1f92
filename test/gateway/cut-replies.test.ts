import { toClientOrderId, toOrderId } from '../../src/domain/ids';
import type { StatusAnswer } from '../../src/domain/order-report';
import { GatewayError } from '../../src/gateway/errors';
import type { Answered } from '../../src/gateway/exchange';
import { toSubmitOutcome } from '../../src/gateway/outcomes';
import { toStatusAnswer } from '../../src/gateway/status-answer';
import { PAYOUT_TYPES, wireForm } from './samples';

const CLIENT_ORDER_ID = toClientOrderId('PO-000001');
const ORDER_ID = toOrderId('6768788');
const LINK = 'https://gate.example.com/form/6768788?session=abc&token=x';
const IDS = {
  'serial-number': '00000000-0000-0000-0000-000002d9b22a',
  'merchant-order-id': CLIENT_ORDER_ID,
  'paynet-order-id': ORDER_ID,
};
const STATUS = { type: 'status-response', ...IDS };
const MONEY = { amount: '1050.00', currency: 'EUR', 'transaction-type': 'payout' };
const APPROVED = { ...STATUS, status: 'approved', ...MONEY, 'order-stage': 'payout_approved' };
const SALE = { ...APPROVED, 'transaction-type': 'sale' };
const DECLINED = {
  ...STATUS,
  status: 'declined',
  ...MONEY,
  'error-message': 'Not sufficient funds',
  'error-code': '116',
};
const FORM = { ...STATUS, status: 'processing', ...MONEY, 'redirect-to': LINK };
const NOT_FOUND = { type: 'validation-error', ...IDS, 'error-message': 'Order not found', 'error-code': '11' };

/** `mayBeCut`: the body ended with the connection, and not by a length or a last chunk. */
const answered = (body: string, mayBeCut: boolean): Answered => ({
  ...{ stage: 'answered', statusCode: 200, body: Buffer.from(body), mayBeCut },
  ...{ dateMs: Number.NaN, contentEncoding: '' },
});

function ask(body: string, { orderId = ORDER_ID as typeof ORDER_ID | null, mayBeCut = true } = {}) {
  const question = { clientOrderId: CLIENT_ORDER_ID, orderId, replyFormat: 'form', redirectHosts: null } as const;
  try {
    return toStatusAnswer(answered(body, mayBeCut), { ...question, payoutTypes: PAYOUT_TYPES });
  } catch (error) {
    return error instanceof GatewayError ? error.kind : String(error);
  }
}

const submit = (body: string, mayBeCut: boolean) =>
  toSubmitOutcome(answered(body, mayBeCut), {
    clientOrderId: CLIENT_ORDER_ID,
    replyFormat: 'form',
    payoutTypes: PAYOUT_TYPES,
  });

const cuts = (body: string) => Array.from({ length: body.length - 1 }, (_, at) => body.slice(0, at + 1));

/** What two answers say differently; a value that one of them leaves out says nothing. */
function contradictions(part: StatusAnswer, whole: StatusAnswer): string[] {
  if (!part.found || !whole.found) return part.found === whole.found ? [] : ['found'];
  const { reason, ...report } = part.report;
  const wrongReason = Object.entries(reason ?? {}).filter(
    ([name, value]) => value !== null && value !== Reflect.get(whole.report.reason ?? {}, name),
  );
  const wrong = Object.entries(report).filter(
    ([name, value]) => value !== null && value !== Reflect.get(whole.report, name),
  );
  return [...wrong, ...wrongReason].map(([name]) => name);
}

describe.each([
  ['approved', APPROVED],
  ['a sale', SALE],
  ['declined', DECLINED],
  ['a form to fill in', FORM],
  ['not found', NOT_FOUND],
])('a status reply cut at every byte: %s', (_name, fields) => {
  const whole = ask(wireForm(fields)) as StatusAnswer;

  test.each([true, false])('says nothing that the whole one does not say (connection ended it: %s)', (mayBeCut) => {
    expect(typeof whole).toBe('object');
    // Under a length of its own, a body that ends where a field ends is a whole one.
    const parts = cuts(wireForm(fields)).filter((body) => mayBeCut || !body.endsWith('\n'));
    const wrong = parts.flatMap((body) => {
      const part = ask(body, { mayBeCut });
      return typeof part === 'string' ? [] : contradictions(part, whole).map((what) => `${what} at ${body.length}`);
    });
    expect(wrong).toEqual([]);
  });

  test('is final only with its amount, currency and transaction type', () => {
    const finals = cuts(wireForm(fields))
      .map((body) => ask(body))
      .filter((part) => typeof part === 'object');
    for (const part of finals) {
      if (!part.found || part.report.status === 'processing') continue;
      expect(part.report).toMatchObject({
        amount: '1050.00',
        currency: 'EUR',
        transactionType: fields['transaction-type' as never],
      });
    }
  });
});

test('asked by our id alone, a cut reply never teaches another order id', () => {
  for (const body of cuts(wireForm(APPROVED))) {
    const part = ask(body, { orderId: null });
    if (typeof part === 'object' && part.found) expect([null, ORDER_ID]).toContain(part.report.orderId);
  }
});

test.each([
  ['an amount', 'amount=10'],
  ['a status', 'status=approved'],
  ['a currency', 'currency=EUR'],
  ['an order id', 'paynet-order-id=6768788'],
  ['a transaction type', 'transaction-type=payout'],
  ['a link', `redirect-to=${encodeURIComponent(LINK)}`],
  ['an error code', 'error-code=1'],
  ['an error message', 'error-message=Not+suff'],
])('%s without the line end of the others was cut', (_name, last) => {
  const name = last.slice(0, last.indexOf('='));
  const { [name as 'amount']: _left, ...rest } = { ...DECLINED, type: 'status-response' };
  expect(ask(`${wireForm(rest)}&${last}`, { mayBeCut: false })).toBe('unreadable');
});

test('a reply without any line end is read, unless only the connection ended it', () => {
  const plain = wireForm(DECLINED).replaceAll('\n', '');
  expect(ask(plain, { mayBeCut: false })).toMatchObject({ report: { status: 'declined', reason: { code: '116' } } });
  expect(ask(plain)).toBe('unreadable');
  expect(ask(`${plain}\n`, { mayBeCut: false })).toMatchObject({ report: { status: 'declined' } });
});

describe('a reply to the create call cut at every byte', () => {
  const ACCEPTED = { type: 'async-response', ...IDS, 'end-point-id': '1144' };
  const REFUSED = { type: 'validation-error', ...IDS, 'error-message': 'Amount is invalid', 'error-code': '12' };
  const { 'paynet-order-id': _left, ...WITHOUT_ORDER } = REFUSED;

  test.each([true, false])('an acceptance binds the whole id or none (connection ended it: %s)', (mayBeCut) => {
    const outcomes = cuts(wireForm(ACCEPTED)).map((body) => submit(body, mayBeCut));
    expect([...new Set(outcomes.map(({ outcome }) => outcome))].sort()).toEqual(['accepted', 'unconfirmed']);
    const ids = outcomes.map((outcome) => ('orderId' in outcome ? outcome.orderId : null));
    expect(new Set(ids)).toEqual(new Set([null, ORDER_ID]));
  });

  test.each([true, false])(
    'a refusal that names an order is doubt at every byte (connection ended it: %s)',
    (mayBeCut) => {
      const outcomes = [...cuts(wireForm(REFUSED)), wireForm(REFUSED)].map((body) => submit(body, mayBeCut));
      expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['unconfirmed']));
    },
  );

  test.each([true, false])('a refusal is one only with its whole error (connection ended it: %s)', (mayBeCut) => {
    expect(submit(wireForm(WITHOUT_ORDER), mayBeCut)).toMatchObject({ outcome: 'refused', reason: { code: '12' } });
    for (const body of cuts(wireForm(WITHOUT_ORDER))) {
      const outcome = submit(body, mayBeCut);
      if (outcome.outcome !== 'refused') continue;
      expect([outcome.reason.message, [null, '12'].includes(outcome.reason.code)]).toEqual(['Amount is invalid', true]);
    }
  });
});
