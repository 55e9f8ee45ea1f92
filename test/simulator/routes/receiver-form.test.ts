import { callbackControl } from '../../../simulator/wire/control';
import { encodeQuery } from '../../../simulator/wire/form';
import {
  askStatus,
  CONTROL_KEY,
  controlSend,
  eventually,
  makeLedgerPath,
  payoutFields,
  postSigned,
  readReply,
  startCallbackReceiver,
  startSimulator,
} from '../connecting-party';

const ledger = makeLedgerPath();
let simulator: Awaited<ReturnType<typeof startSimulator>>;
let receiver: Awaited<ReturnType<typeof startCallbackReceiver>>;
const RETURN_URL = 'https://cp.example.org/r/abc?token=a&b="';

beforeAll(async () => {
  simulator = await startSimulator({ ledgerPath: ledger.path, settings: { formLimitMs: 60_000 } });
  receiver = await startCallbackReceiver();
});
afterAll(async () => {
  await simulator.stop();
  await receiver.stop();
  ledger.remove();
});

async function openForm(clientOrderId: string, more: Record<string, string> = {}) {
  const fields = payoutFields('321', { client_orderid: clientOrderId, notify_url: receiver.url, ...more });
  await postSigned(`${simulator.baseUrl}/api/v4/payout/1144`, fields);
  const status = async () => readReply(await askStatus(simulator.baseUrl, clientOrderId));
  const first = await status();
  return { url: first['redirect-to'] ?? '', first, status };
}

const submit = (url: string, fields: Record<string, string>) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: encodeQuery(fields),
  });

/** The hidden fields and the target of the page that posts the Receiver back. */
function readFinalRedirect(html: string) {
  const decode = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
  const fields = [...html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
  return {
    action: decode(/<form id="back" method="post" action="([^"]+)">/.exec(html)?.[1] ?? ''),
    fields: Object.fromEntries(fields.map(([, name, value]) => [name, decode(value ?? '')])),
  };
}

test('the address has the seen form and the page needs no script', async () => {
  const { url, first } = await openForm('PO-form-page');
  expect(first).toMatchObject({ status: 'processing', 'order-stage': 'payout_form_validating' });
  expect(url).toMatch(/\/paynet\/form\/redirect\/\d+\/[A-Za-z0-9_-]{22}$/);
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html;charset=utf-8');
  const html = await page.text();
  expect(html).toContain('<label for="bank_code_word">');
  expect(html).toContain('<label for="confirmation">');
  expect(html).not.toContain('<script');
});

test('another token is 404', async () => {
  const { url } = await openForm('PO-form-token');
  expect((await fetch(`${url.slice(0, -22)}${'A'.repeat(22)}`)).status).toBe(404);
  expect((await submit(`${url.slice(0, -22)}${'A'.repeat(22)}`, { choice: 'refuse' })).status).toBe(404);
});

test('submitting posts back with a right control, goes on processing and ends approved', async () => {
  const { url, status } = await openForm('PO-form-submit', { redirect_url: RETURN_URL });
  const response = await submit(url, { bank_code_word: 'blue', confirmation: 'yes' });
  expect(response.status).toBe(200);
  const { action, fields } = readFinalRedirect(await response.text());
  expect(action).toBe(RETURN_URL);
  const { orderid = '', status: said = '' } = fields;
  expect(fields).toMatchObject({
    merchant_order: 'PO-form-submit',
    client_orderid: 'PO-form-submit',
    status: 'processing',
    amount: '10.50',
    type: 'payout',
    error_message: 'null',
    error_code: 'null',
    control: callbackControl({
      status: said,
      orderId: orderid,
      clientOrderId: 'PO-form-submit',
      controlKey: CONTROL_KEY,
    }),
  });
  const after = await eventually(status, (reply) => reply.status === 'approved');
  expect(after['redirect-to']).toBeUndefined();
  // Later visits go back again and decide nothing.
  const again = readFinalRedirect(await (await submit(url, { choice: 'refuse' })).text());
  expect(again.fields.status).toBe('approved');
  expect((await status()).status).toBe('approved');
});

test('a missing field is pointed out and decides nothing', async () => {
  const { url, status } = await openForm('PO-form-missing');
  const response = await submit(url, { bank_code_word: ' ', confirmation: 'yes' });
  expect(response.status).toBe(422);
  const html = await response.text();
  expect(html).toContain('href="#bank_code_word"');
  expect(html).not.toContain('href="#confirmation"');
  expect((await status())['redirect-to']).toBe(url);
});

test('refusing declines and goes to the address for a failure', async () => {
  const { url, status } = await openForm('PO-form-refuse', {
    redirect_success_url: 'https://cp.example.org/good',
    redirect_fail_url: 'https://cp.example.org/bad',
  });
  const { action } = readFinalRedirect(await (await submit(url, { choice: 'refuse' })).text());
  expect(action).toBe('https://cp.example.org/bad');
  const reply = await eventually(status, (answer) => answer.status === 'declined');
  expect(reply['error-code']).toBe('100');
});

test('without an address the page says that nothing more is needed', async () => {
  const { url } = await openForm('PO-form-nowhere');
  const html = await (await submit(url, { bank_code_word: 'x', confirmation: 'yes' })).text();
  expect(html).toContain('Nothing more is needed');
  expect(html).not.toContain('<form');
});

test('two submissions of one moment decide once', async () => {
  const { url } = await openForm('PO-form-twice');
  await Promise.all([submit(url, { bank_code_word: 'x', confirmation: 'yes' }), submit(url, { choice: 'refuse' })]);
  const lines = simulator.lines.map((line) => JSON.parse(line) as Record<string, string>);
  const verdicts = lines.filter(
    (l) => l.clientOrderId === 'PO-form-twice' && l.method === 'POST' && l.route === 'form',
  );
  expect(verdicts.filter(({ verdict }) => verdict === 'form_repeated')).toHaveLength(1);
  expect(verdicts).toHaveLength(2);
});

test('a form left alone too long is declined', async () => {
  const { url, status } = await openForm('PO-form-late', { redirect_url: RETURN_URL });
  await controlSend(simulator.controlUrl, 'PATCH', '/settings', { formLimitMs: 1 });
  await eventually(status, (reply) => reply.status === 'declined');
  await controlSend(simulator.controlUrl, 'PATCH', '/settings', { formLimitMs: 60_000 });
  const { fields } = readFinalRedirect(await (await fetch(url)).text());
  expect(fields).toMatchObject({ status: 'declined', error_code: '100' });
});
