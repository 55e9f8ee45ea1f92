import { type Asking, type Caller, json } from './caller';
import type { MarkerBook } from './marker';
import { writePayoutBody } from './payout-body';

/** Where people put a key that belongs into `Authorization`. `{key}` stands for it, `{id}` for a payout. */
const ADDRESSES = [
  ...'/payouts?api_key={key} /payouts?endpoint={key} /payouts?cursor={key}'.split(' '),
  ...'/payouts?clientOrderId={key} /payouts.csv?key={key} /payout-counts?token={key}'.split(' '),
  ...'/payouts/{id}?api_key={key} /payouts/{id}?wait={key} /payouts/{id}/timeline?api_key={key}'.split(' '),
  ...'/payouts/{id}/notifications?api_key={key} /notifications?state={key}'.split(' '),
  ...'/notifications?state=dead&cursor={key} /operate?key={key} /operate/operate.js?key={key}'.split(' '),
  ...'/docs/?key={key} /openapi.json?key={key} /health/ready?key={key} /codec?key={key}'.split(' '),
  ...'/callbacks/default?api_key={key} /callbacks/{key} /r/return?key={key} /r/{key} /{key}'.split(' '),
  ...'/payouts/{key} /payouts/{key}/timeline /payouts/{key}/events /payouts/{key}/notifications'.split(' '),
  ...'/payouts/PO-{key}'.split(' '),
];

const ACTS = [
  '/payouts/{key}/check',
  '/payouts/{key}/cancel',
  '/notifications/{key}/resend',
  '/notifications/takes:{key}/resend',
] as const;

const HEADERS = [
  ...'x-api-key api-key cookie user-agent referer x-request-id traceparent x-forwarded-for'.split(' '),
  ...'idempotency-key prefer if-none-match last-event-id x-namespace'.split(' '),
];

/** Sends keys in every place that is not theirs, beside a right one: so the request goes as far as it can. @returns how many */
export async function misplaceKeys(
  book: MarkerBook,
  caller: Caller,
  { knownId, prefix }: { knownId: string; prefix: string },
): Promise<number> {
  let misplaced = 0;
  const keyIn = (where: string): string => {
    misplaced += 1;
    return book.name(`key in ${where}`, { prefix: 'pk_', length: 43, kind: 'key in a wrong place' });
  };
  const send = (place: string, init: Asking = {}) =>
    caller.send('misplaced', place.replace('{id}', knownId).replace('{key}', keyIn(place)), init);
  const reason = () => ({ reason: 'asked by support' });
  await Promise.all(ADDRESSES.map(async (address) => await send(address)));
  for (const act of ACTS) await send(act, json(reason()));
  for (const name of HEADERS) {
    const headers = { [name]: keyIn(`header ${name}`) };
    await caller.send('misplaced', `/payouts/${knownId}`, { headers });
    await caller.send('misplaced', `/payouts/${knownId}/check`, json(reason(), headers));
  }
  const body = () => writePayoutBody(book, { clientOrderId: `${prefix}-keyed`, digits: '000', type: 'card' });
  const place = (what: string) => keyIn(`body: ${what}`);
  for (const value of [
    { ...body(), clientOrderId: place('clientOrderId') },
    { ...body(), clientOrderId: `PO.${place('clientOrderId, a part')}` },
    { ...body(), endpoint: place('endpoint') },
    { ...body(), apiKey: place('a field') },
    { ...body(), [place('name of a field')]: 'x' },
    { ...body(), extraFields: { api_key: place('an extra field') } },
    { ...body(), collect: place('collect') },
    { ...body(), currency: place('currency') },
  ])
    await caller.send('misplaced', '/payouts', json(value));
  const form = new URLSearchParams({ act: 'enter', name: place('a form'), key: 'x' });
  await caller.send('misplaced', '/codec', { method: 'POST', body: form });
  const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: place('a text') };
  await caller.send('misplaced', '/payouts', text);
  return misplaced;
}
