import { toOrderId } from '../../../../src/domain/ids';
import { makeReport } from '../../../domain/samples';
import { SEED } from '../../../support/seed';
import { HOSTILE_ANSWERS } from '../hostile-answers';
import { ORDER_ID, REAL_REPLIES, type RealReply, toAnswer } from '../replies';
import { openLane } from '../reply-lane';
import { judge, type Outcome } from '../reply-oracle';
import { runReplies } from '../reply-run';

test(`mutated replies from seed ${SEED} and hostile answers: nothing is believed that they do not say`, async () => {
  const { counts, violations } = await runReplies({ mutations: 1_500, seed: SEED });
  expect(violations).toEqual([]);
  for (const kind of [
    'submit: accepted',
    'submit: refused',
    'submit: unconfirmed',
    'status: approved',
    'status: GatewayError',
  ])
    expect(counts.get(kind)).toBeGreaterThanOrEqual(10);
}, 300_000);

const named = (name: string): RealReply => REAL_REPLIES.find((reply) => reply.name === name)!;

test('no more of a reply is read than the limit and what the sockets hold', async () => {
  const lane = await openLane(5_000);
  const play = HOSTILE_ANSWERS['endless without a length']!;
  const { outcome, bytesTaken } = await lane.play(named('accepted form'), play);
  await lane.close();
  expect(outcome).toEqual({ submitted: { outcome: 'unconfirmed', cause: 'oversized', orderId: null } });
  expect(bytesTaken).toBeLessThan(16 * 1_048_576);
}, 60_000);

const accepted = (orderId: string): Outcome => ({
  submitted: { outcome: 'accepted', orderId: toOrderId(orderId), serialNumber: null, endpointId: null },
});
const refused: Outcome = {
  submitted: { outcome: 'refused', reason: { code: null, message: null }, serialNumber: null },
};
const notSent: Outcome = { submitted: { outcome: 'not_sent', cause: 'forbidden' } };
const found = (fields: Parameters<typeof makeReport>[0]): Outcome => ({
  answer: { found: true, report: makeReport(fields) },
});

describe.each(['form', 'json'])('the oracle, %s', (format) => {
  const bytesOf = (name: string, change = (body: string) => body): [Buffer, RealReply] => {
    const reply = named(`${name} ${format}`);
    return [toAnswer(change(reply.body)), reply];
  };
  const orderId = toOrderId(ORDER_ID);

  test('lets true outcomes pass', () => {
    expect(judge(accepted(ORDER_ID), ...bytesOf('accepted'))).toBeNull();
    expect(judge(refused, ...bytesOf('refused'))).toBeNull();
    expect(judge(found({ status: 'approved', orderId }), ...bytesOf('approved'))).toBeNull();
    expect(judge(found({ status: 'processing', orderId }), ...bytesOf('declined'))).toBeNull();
    expect(judge({ failed: 'GatewayError' }, ...bytesOf('approved'))).toBeNull();
  });

  test.each<[string, Outcome, [Buffer, RealReply]]>([
    ['another order', accepted('6768789'), bytesOf('accepted')],
    ['a part of its order id', accepted('67687'), bytesOf('accepted')],
    ['another payout', accepted(ORDER_ID), bytesOf('accepted', (body) => body.replace('PO-000001', 'PO-000002'))],
    [
      'an acceptance of two orders',
      accepted(ORDER_ID),
      bytesOf('accepted', (body) => `${body}&paynet-order-id=1\n,"paynet-order-id":"1"`),
    ],
    ['a status for an acceptance', accepted(ORDER_ID), bytesOf('approved')],
    ['an acceptance for a refusal', refused, bytesOf('accepted')],
    ['an acceptance as not sent', notSent, bytesOf('accepted')],
    ['a final that is not said', found({ status: 'approved', orderId }), bytesOf('processing')],
    ['another final', found({ status: 'approved', orderId }), bytesOf('declined')],
    [
      'a longer word',
      found({ status: 'approved', orderId }),
      bytesOf('approved', (body) => body.replace('approved', 'approvedly')),
    ],
    ['an order not asked for', found({ status: 'processing', orderId: toOrderId('1') }), bytesOf('processing')],
    ['no such order', { answer: { found: false, reason: { code: null, message: null } } }, bytesOf('processing')],
    ['another error', { failed: 'TypeError' }, bytesOf('processing')],
  ])('sees %s', (_name, outcome, [bytes, reply]) => expect(judge(outcome, bytes, reply)).not.toBeNull());
});
