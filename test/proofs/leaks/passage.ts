import { forward, type Passage, type PassingReply } from '../../support/http-proxy';
import type { MarkerBook } from './marker';

/** Field names with which a gateway describes a Receiver or a card, beyond what the simulator sends. */
const TOLD_WORDS = ['name', 'first-name', 'last-name', 'cardholder-name', 'bank-name', 'gate-descriptor'] as const;
const TOLD_NUMBERS = ['account-number', 'card-ref-id', 'phone', 'approval-code'] as const;

/** So many different sets of markers: fresh ones for each of thousands of polls would only make the search slower. */
const SETS = 12;

/** Fields as a form, each with a marker; without a leading `&`. */
export function writeToldFields(book: MarkerBook, from: string): string {
  const fields = new URLSearchParams();
  for (const name of TOLD_WORDS) fields.set(name, book.words(`${from}: ${name}`));
  for (const name of TOLD_NUMBERS) fields.set(name, book.digits(`${from}: ${name}`, { length: 16, begins: '5' }));
  fields.set('email', book.email(`${from}: email`));
  return fields.toString();
}

/** Lets everything through to the gateway; its replies come back with markers in fields we never asked for. */
export function createReplyPassage(book: MarkerBook, port: () => number): Passage {
  // In a reply every value ends with a line feed.
  const sets = Array.from({ length: SETS }, () => writeToldFields(book, 'reply').replaceAll('&', '\n&'));
  const page = book.words('reply: page in the place of a reply', { length: 30 });
  let nth = 0;
  return async (request) => {
    const reply = await forward(request, port());
    if (reply === null || !reply.whole) return reply;
    nth += 1;
    return withTail(reply, /^</.test(reply.body.toString().trimStart()) ? page : `&${sets[nth % SETS]}`);
  };
}

/** Lets everything through to the API; the gateway's callbacks carry more of the Receiver than the simulator's. */
export function createCallbackPassage(book: MarkerBook, port: () => number): Passage {
  const sets = Array.from({ length: SETS }, () => writeToldFields(book, 'callback'));
  let nth = 0;
  return async (request) => {
    const isCallback = request.target.startsWith('/callbacks/') && request.target.includes('?');
    if (!isCallback) return await forward(request, port());
    nth += 1;
    return await forward({ ...request, target: `${request.target}&${sets[nth % SETS]}` }, port());
  };
}

function withTail(reply: PassingReply, tail: string): PassingReply {
  return { ...reply, body: Buffer.from(`${reply.body.toString().trimEnd()}\n${tail}\n`) };
}
