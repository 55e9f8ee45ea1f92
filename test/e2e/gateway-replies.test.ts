import type { Socket } from 'node:net';
import { describePayout } from '../../scripts/payout-api';
import { type ArrivedRequest, httpReply, type LoopbackGateway, startLoopback } from '../gateway/loopback-gateway';
import { wireForm } from '../gateway/samples';
import { follow, type PayoutJson } from '../support/payouts';
import { QUICK, withProduct } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

/** What the gateway answers the nth question about an order; the order id is that of the create call. */
type Answer = (ids: Record<string, string>, nth: number) => Buffer | string;

/** What cannot be read calls for attention when the first polling ends; no deadline passes, however slow the machine is. */
const POLL_PLAN = JSON.stringify([
  { every: '1s', until: '6s' },
  { every: '1s', until: '20m' },
]);
const LINK = 'https://gate.example.com/form?session=abc&token=SECRET&lang=en';
const MONEY = { amount: '10.50', currency: 'EUR', 'transaction-type': 'payout' };
const status = (ids: Record<string, string>, fields: Record<string, string>) =>
  wireForm({ type: 'status-response', ...ids, ...MONEY, ...fields });
const closing = (body: string) => `HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${body}`;
const approved = (ids: Record<string, string>, more: Record<string, string> = {}) =>
  status(ids, { status: 'approved', ...more });

interface Case {
  readonly endpoint?: 'json';
  /** What the probe finds; nothing by default. */
  readonly probe?: Answer;
  readonly answer: Answer;
  readonly ends: Partial<PayoutJson>;
  readonly creates: number;
}

const CASES: Readonly<Record<string, Case>> = {
  'Cut-amount': {
    answer: (ids, nth) => {
      const body = approved(ids, { amount: '1050.00' });
      return closing(nth < 3 ? body.slice(0, body.indexOf('amount=10') + 'amount=10'.length) : body);
    },
    ends: { state: 'needs_review', attention: 'amount_mismatch', actualAmount: '1050.00' },
    creates: 1,
  },
  'Bare-ampersand': {
    answer: (ids) => httpReply(`${status(ids, { status: 'processing' })}&redirect-to=${LINK}\n`),
    ends: { state: 'awaiting_receiver', redirectTo: LINK, attention: null },
    creates: 1,
  },
  'Unusable-link': {
    answer: (ids) => httpReply(status(ids, { status: 'processing', 'redirect-to': 'http://gate.example.com/form' })),
    ends: { state: 'processing', redirectTo: null, attention: 'redirect_unusable' },
    creates: 1,
  },
  'Sale-found': {
    probe: (ids) => httpReply(approved({ ...ids, 'paynet-order-id': '77' }, { 'transaction-type': 'sale' })),
    answer: (ids) => httpReply(approved(ids, { 'transaction-type': 'sale' })),
    ends: { state: 'needs_review', attention: 'other_transaction', orderId: null },
    creates: 0,
  },
  'Try-later': {
    answer: (ids, nth) =>
      httpReply(
        nth < 3
          ? wireForm({ type: 'error', ...ids, status: 'error', 'error-message': 'try later', 'error-code': '7' })
          : approved(ids),
      ),
    ends: { state: 'approved', attention: null, confirmed: true },
    creates: 1,
  },
  'Json-declined': {
    endpoint: 'json',
    answer: (ids) => httpReply(JSON.stringify({ ...ids, ...MONEY, status: 'declined', 'error-code': 116 }), 400),
    ends: { state: 'declined', attention: null, confirmed: true },
    creates: 1,
  },
  'Hostile-rest': {
    answer: (ids) => httpReply(`${approved(ids)}&name=J%F6rg\n&note=100%\n&name=twice\n&first name=x\n&raw=J\xf6\n`),
    ends: { state: 'approved', attention: null, confirmed: true },
    creates: 1,
  },
  'Blanks-and-case': {
    answer: (ids) => httpReply(status(ids, { status: 'approved ', amount: ' 10.50 ', currency: 'eur' })),
    ends: { state: 'approved', attention: null, actualAmount: '10.50' },
    creates: 1,
  },
  'Comma-amount': {
    answer: (ids) => httpReply(approved(ids, { amount: '10,50' })),
    ends: { state: 'needs_review', attention: 'amount_mismatch', actualAmount: '10,50' },
    creates: 1,
  },
  Unreadable: {
    answer: (ids) => httpReply(`${approved(ids)}&status=declined\n`),
    ends: { state: 'processing', attention: 'gateway_unreadable' },
    creates: 1,
  },
  'Genuine-error': {
    answer: (ids) => httpReply(status(ids, { status: 'error', 'error-code': '999' })),
    ends: { state: 'error', attention: 'ended_in_error', confirmed: true },
    creates: 1,
  },
};

const created = new Map<string, number>();
const asked = new Map<string, number>();
const count = (of: Map<string, number>, id: string) => {
  of.set(id, (of.get(id) ?? 0) + 1);
  return of.get(id) ?? 0;
};

function behave(socket: Socket, { path, fields, headers }: ArrivedRequest): void {
  const id = fields.get('client_orderid') ?? '';
  const script = CASES[id];
  const isJson = headers.accept?.includes('json') === true;
  const ids = { 'merchant-order-id': id, 'paynet-order-id': '6768788' };
  const write = (type: string, more: Record<string, string>) =>
    isJson
      ? httpReply(JSON.stringify({ type, ...more }), type === 'async-response' ? 200 : 400)
      : httpReply(wireForm({ type, ...more }));
  const reply = (): Buffer | string => {
    if (path.includes('/payout/')) {
      count(created, id);
      return write('async-response', { ...ids, 'serial-number': '1' });
    }
    if (fields.has('orderid') && script !== undefined) return script.answer(ids, count(asked, id));
    if (script?.probe !== undefined) return script.probe(ids, 0);
    return write('validation-error', { 'error-message': 'Order not found', 'error-code': '1' });
  };
  const bytes = reply();
  if (typeof bytes === 'string') socket.end(bytes);
  else socket.write(bytes);
}

let gateway: LoopbackGateway;
let stack: Stack;
beforeAll(async () => {
  gateway = await startLoopback(behave);
  stack = await startStack({
    ...withProduct(QUICK, { POLL_PLAN }),
    temporal: 'shared',
    endpoints: ({ keys: { login, controlKeyFile, privateKeyFile } }) =>
      (['form', 'json'] as const).map((replyFormat, nth) => ({
        ...{ login, controlKeyFile, privateKeyFile, replyFormat, baseUrl: gateway.baseUrl },
        ...{ name: replyFormat, endpointId: 1144 + nth },
      })),
  });
  // All are on their way before the first is looked at: none waits for another.
  for (const [id, { endpoint = 'form' }] of Object.entries(CASES)) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ ...describePayout(id), endpoint });
    expect((await stack.request('/payouts', { method: 'POST', headers, body })).status).toBe(202);
  }
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await gateway?.close();
}, 60_000);

test.each(Object.entries(CASES))(
  '%s',
  async (id, { ends, creates }) => {
    const payout = await follow(stack, id).until(`to be ${ends.state}, ${ends.attention}`, (read) =>
      Object.entries(ends).every(([name, value]) => Reflect.get(read, name) === value),
    );
    expect(payout).toMatchObject(ends);
    expect(created.get(id) ?? 0).toBe(creates);
  },
  90_000,
);
