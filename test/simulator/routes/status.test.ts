import {
  askStatus,
  controlSend,
  eventually,
  makeLedgerPath,
  payoutFields,
  postSigned,
  readReply,
  startSimulator,
} from '../connecting-party';

const ledger = makeLedgerPath();
let simulator: Awaited<ReturnType<typeof startSimulator>>;
let created: Record<string, string>;

beforeAll(async () => {
  simulator = await startSimulator({ ledgerPath: ledger.path });
  created = await readReply(await postSigned(`${simulator.baseUrl}/api/v4/payout/1144`, payoutFields('116')));
});
afterAll(async () => {
  await simulator.stop();
  ledger.remove();
});

const status = async (...args: [orderId?: string, more?: Record<string, string>]) =>
  readReply(await askStatus(simulator.baseUrl, 'PO-116', ...args));

test('a declined order: every field in the order of real replies, and its bytes', async () => {
  await eventually(
    () => status(),
    (reply) => reply.status === 'declined',
  );
  const response = await askStatus(simulator.baseUrl, 'PO-116', created['paynet-order-id']);
  expect(response.headers.get('content-type')).toBe('text/html;charset=utf-8');
  const text = await response.text();
  expect(text.replace(/-[0-9a-f]{12}\n/, '-SN\n').replace(/2\d{3}-\d\d-\d\d\+\d\d%3A\d\d%3A\d\d/, 'DATE')).toBe(
    [
      'type=status-response',
      'serial-number=00000000-0000-0000-0000-SN',
      'merchant-order-id=PO-116',
      `paynet-order-id=${created['paynet-order-id']}`,
      'status=declined',
      'amount=10.50',
      'initial-amount=10.50',
      'currency=EUR',
      'transaction-type=payout',
      `processor-tx-id=PNTEST-${created['paynet-order-id']}`,
      'paynet-processing-date=DATE+UTC',
      'order-stage=payout_declined',
      'end-point-id=1144',
      'error-message=Decline%2C+not+sufficient+funds',
      'error-code=116\n',
    ].join('\n&'),
  );
});

test('a wrong control, login or order id is a validation-error without a status', async () => {
  const wrong: Record<string, string>[] = [{ control: '0'.repeat(40) }, { control: '' }, { login: 'other' }];
  for (const more of wrong) {
    const reply = await status('', more);
    expect(reply).toMatchObject({ type: 'validation-error', 'error-code': '1' });
    expect(reply.status).toBeUndefined();
  }
  expect(await status('1')).toMatchObject({ type: 'validation-error' });
  const unknown = await readReply(await askStatus(simulator.baseUrl, 'PO-never'));
  expect(unknown).toMatchObject({ type: 'validation-error', 'merchant-order-id': 'PO-never' });
});

test('by-request-sn: the create call and an earlier status call, not a foreign one', async () => {
  const sn = created['serial-number'] ?? '';
  expect(await status('', { 'by-request-sn': sn })).toMatchObject({ status: 'declined', 'by-request-sn': sn });
  const before = await status();
  await controlSend(simulator.controlUrl, 'POST', `/orders/${created['paynet-order-id']}/settle`, {
    status: 'unknown',
  });
  expect(await status()).toMatchObject({ status: 'unknown' });
  const earlier = await status('', { 'by-request-sn': before['serial-number'] ?? '' });
  expect(earlier).toMatchObject({ status: 'declined', 'order-stage': 'payout_declined' });
  expect(await status('', { 'by-request-sn': '00000000-0000-0000-0000-000000000001' })).toMatchObject({
    type: 'validation-error',
  });
});

test('v4 status: signed it answers, unsigned it is 403; JSON when asked', async () => {
  const url = `${simulator.baseUrl}/api/v4/status/1144`;
  const fields = { login: 'cp-demo', client_orderid: 'PO-116' };
  expect(await readReply(await postSigned(url, fields))).toMatchObject({ type: 'status-response' });
  expect((await postSigned(url, fields, { headers: { authorization: 'OAuth x="y"' } })).status).toBe(403);
  const group = `${simulator.baseUrl}/api/v4/status/group/7`;
  const json = await postSigned(group, fields, { headers: { accept: 'application/vnd.pay+json' } });
  expect(await json.json()).toMatchObject({ type: 'status-response', 'merchant-order-id': 'PO-116' });
});
