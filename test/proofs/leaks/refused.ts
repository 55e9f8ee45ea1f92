import { type Caller, json } from './caller';
import type { MarkerBook } from './marker';
import { writePayoutBody } from './payout-body';

/** Requests the API refuses, with markers wherever a person or a program may have put a value. */
export async function sendRefused(
  book: MarkerBook,
  caller: Caller,
  { knownId, prefix }: { knownId: string; prefix: string },
): Promise<void> {
  const card = (field: string) => book.digits(field, { length: 16, isCard: true });
  const word = (field: string) => book.words(field, { isPlain: true });
  const body = (digits = '000') =>
    writePayoutBody(book, { clientOrderId: `${prefix}-refused`, digits, type: 'bank_account' });
  const start = (what: string, value: unknown, headers: Readonly<Record<string, string>> = {}) =>
    caller.send(what, '/payouts', json(value, headers));

  await start('409', { ...body(), clientOrderId: knownId });
  await start('amount', { ...body(), amount: word('refused amount') });
  await start('currency', { ...body(), currency: word('refused currency') });
  await start('endpoint', { ...body(), endpoint: word('refused endpoint').toLowerCase() });
  const destination = { type: word('refused type'), cardNumber: card('refused type: card') };
  await start('type', { ...body(), destination });
  await start('wrong check digit', { ...body(), destination: { type: 'card', cardNumber: wrongDigit(book) } });
  await start('card as id', { ...body(), clientOrderId: card('id that is a card') });
  await start('card in id', { ...body(), clientOrderId: `PO-${card('id with a card')}` });
  await start('card in words', { ...body(), description: `for ${card('description with a card')}` });
  await start('card as field', { ...body(), [card('field name that is a card')]: 'x' });
  const wordField = `${word('field name that is a word')} ?`;
  await start('word as field', { ...body(), [wordField]: card('value of an unknown field') });
  await start('unknown receiver field', { ...body(), receiver: { cvv: card('value of cvv') } });
  const extraFields = { [card('name of extra field')]: word('value of extra field') };
  await start('unknown extra field', { ...body(), extraFields });
  await start('object for text', { ...body(), description: { text: word('text in an object') } });
  await start('field too long', { ...body(), description: word('text too long').repeat(9) });
  await start('array', [body()]);
  const text = JSON.stringify(body());
  const typed = (type: string, value: string) => ({ method: 'POST', headers: { 'content-type': type }, body: value });
  const sendText = (what: string, json: string) => caller.send(what, '/payouts', typed('application/json', json));
  await sendText('broken JSON', text.slice(0, -9));
  await sendText('word for JSON', word('body that is a word'));
  await sendText('name twice', `${text.slice(0, -1)},"amount":"1.00"}`);
  await caller.send('415', '/payouts', typed('text/plain', JSON.stringify(body())));
  await caller.send('415, marked type', '/payouts', typed(`text/${word('content type')}`, '{}'));
  await sendText('413', JSON.stringify({ ...body(), more: 'x'.repeat(70_000) }));
  const preferring = json(body(), { prefer: `wait=${word('header prefer')}` });
  await caller.send('prefer', '/payouts', { ...preferring, about: body().clientOrderId });
  await sendWrongAddresses(book, caller, knownId);
  await sendWrongKeys(book, caller);
}

async function sendWrongAddresses(book: MarkerBook, caller: Caller, knownId: string): Promise<void> {
  const card = (field: string) => book.digits(field, { length: 16, isCard: true });
  const word = (field: string) => book.words(field, { isPlain: true });
  for (const what of ['', '/timeline', '/events']) {
    await caller.send('card as path', `/payouts/${card('path that is a card')}${what}`);
    await caller.send('name as path', `/payouts/${encodeURIComponent(book.words('path that is a name'))}${what}`);
  }
  await caller.send('unknown path', `/${word('unknown path')}/${card('unknown path: card')}`);
  await caller.send('unreadable path', `/payouts/%zz${word('unreadable path')}`);
  await caller.send('too long a path', `/payouts/${word('long path')}${'x'.repeat(300)}`);
  await caller.send('query', `/payouts/${knownId}?wait=${word('query wait')}&q=${card('query of a read')}`);
  await caller.send('query of a page', `/docs/?q=${word('query of a page')}`);
  const noRoute = `/callbacks/${word('callback route')}?email=${word('query of no route')}`;
  await caller.send('unknown callback route', noRoute);
  await caller.send("Receiver's page", `/r/${word('token of a Receiver')}`);
  await caller.send("Receiver's return", `/r/${word('token of a return')}/return`, { method: 'POST' });
  for (const act of ['check', 'cancel', 'resend', 'resolve']) {
    const reason = card(`reason of ${act}`);
    await caller.send('act', `/payouts/${knownId}/${act}`, json({ reason, [card('field of an act')]: 1 }));
    await caller.send('act', `/payouts/${card('act on a card')}/${act}`, json({ reason: word('reason of no payout') }));
    const keyed = json({ reason }, { 'idempotency-key': card('idempotency key') });
    await caller.send('key', `/payouts/${knownId}/${act}`, keyed);
  }
  await caller.send('method', `/payouts/${knownId}?x=${word('query of a method')}`, { method: 'DELETE' });
  const headers = {
    ...{ cookie: `session=${word('cookie')}`, referer: `https://x.example/?q=${word('referer')}` },
    ...{
      'user-agent': word('user agent'),
      'x-forwarded-for': word('forwarded for'),
      'x-request-id': word('request id'),
    },
  };
  await caller.send('headers', `/payouts/${knownId}`, { headers: { ...headers, origin: word('origin') } });
  await caller.send('headers of no route', '/none', { headers });
}

async function sendWrongKeys(book: MarkerBook, caller: Caller): Promise<void> {
  const wrong = () => `pk_${book.words('wrong API key', { length: 43, isPlain: true })}`;
  const read = (headers: Record<string, string>) => caller.send('wrong key', '/payouts/PO-1', { headers });
  await read({ authorization: `Bearer ${wrong()}` });
  await read({ authorization: wrong() });
  await read({ authorization: `Basic ${Buffer.from(`user:${wrong()}`).toString('base64')}` });
  await read({ authorization: 'Bearer', 'x-api-key': wrong() });
  await caller.send('key in query', `/payouts/PO-1?api_key=${wrong()}`);
  const payloads = [{ metadata: { encoding: wrong() }, data: Buffer.from(wrong()).toString('base64') }];
  const headers = { 'x-namespace': book.words('codec namespace', { isPlain: true }) };
  await caller.send('codec', '/codec/decode', json({ payloads: wrong() }, headers));
  await caller.send('codec', '/codec/decode', json({ payloads }, { ...headers, authorization: `Bearer ${wrong()}` }));
}

function wrongDigit(book: MarkerBook): string {
  const right = book.digits('card with a wrong check digit: neighbour', { length: 16, isCard: true });
  return book.plant('card with a wrong check digit', `${right.slice(0, -1)}${(Number(right.at(-1)) + 1) % 10}`);
}
