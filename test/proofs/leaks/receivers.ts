import { waitUntil } from '../../../scripts/wait-until';
import { sealedIn } from '../../support/receiver-form';
import { bodyOf, type Caller, json } from './caller';
import { type Entered, enterAccount, enterCard, personOf } from './entered';
import type { MarkerBook } from './marker';
import { writeRequest } from './payout-body';
import type { Planned } from './payouts';
import { sendRefusedForms } from './refused-forms';

/** Payouts whose Receivers say where the money goes: what is entered into them, and when. */
const COLLECTED = [
  { name: 'account', endpoint: 'accounts', digits: '000' },
  { name: 'card', endpoint: 'cards', digits: '116' },
  { name: 'twice', endpoint: 'accounts', digits: '000' },
  { name: 'corrected', endpoint: 'accounts', digits: '000' },
  { name: 'card-corrected', endpoint: 'cards', digits: '000' },
  { name: 'cancelled', endpoint: 'accounts', digits: '000' },
  { name: 'left', endpoint: 'cards', digits: '000' },
] as const;
/** A form that comes back to be checked. */
const TO_CHECK = 'form to check';

type Name = (typeof COLLECTED)[number]['name'];
type Collected = Planned & { readonly name: Name; readonly page: string };

/** Receivers who enter what they are asked for at once, while processes are killed; whose answer is lost enter it again. */
export async function startReceivers(book: MarkerBook, caller: Caller, prefix: string) {
  const collected = new Map<Name, Collected>();
  for (const each of COLLECTED) collected.set(each.name, await collect(book, caller, { ...each, prefix }));
  const pay = async (name: Name): Promise<void> => {
    const { clientOrderId, page } = get(collected, name);
    const person = personOf(clientOrderId, 'taken');
    const { endpoint, digits } = COLLECTED.find((each) => each.name === name) ?? COLLECTED[0];
    const entered = endpoint === 'cards' ? enterCard(book, person, digits) : enterAccount(book, person, digits);
    await enter(caller, page, entered);
  };
  for (const name of ['account', 'card', 'twice'] as const) await pay(name);
  return { collected, pay };
}

/** The others, once nothing is killed any more: wrong forms, forms that come too late, and forms behind links that are none. */
export async function finishReceivers(
  book: MarkerBook,
  caller: Caller,
  { collected, pay }: Awaited<ReturnType<typeof startReceivers>>,
) {
  const at = (name: Name) => get(collected, name);
  const pages = [...collected.values()].flatMap(({ page }) =>
    ['', '?lang=de', '?by=card', '/status'].map((more) => `${page}${more}`),
  );
  await Promise.all(pages.map(async (page) => await caller.send('page', page)));
  await sendRefusedForms(book, caller, { account: at('corrected'), card: at('card-corrected'), left: at('left') });
  for (const name of ['corrected', 'card-corrected'] as const) await pay(name);
  await pay('twice');
  const { clientOrderId, page } = at('cancelled');
  const reason = book.words('reason of a cancellation', { kind: "operator's words", of: clientOrderId });
  await waitUntil({
    what: `${clientOrderId} to be cancelled`,
    timeoutMs: 60_000,
    ask: async () => {
      const { status } = await caller.send('cancel', `/payouts/${clientOrderId}/cancel`, json({ reason }));
      return status === 200 || status === 409;
    },
  });
  await enter(caller, page, enterAccount(book, personOf(clientOrderId, 'taken'), '000'));
  await caller.send('return', `${at('account').page}/return`, { method: 'POST' });
  const forms = caller.received.filter(
    ({ what, status }) => what.startsWith('form') && !(what === TO_CHECK && status === 200),
  );
  const count = (status: number) => forms.filter((received) => received.status === status).length;
  return {
    /** Those that come to an end. */
    planned: [...collected.values()].filter(({ name }) => name !== 'left'),
    /** How many forms were answered with which status. */
    answered: { formsLedOn: count(303), formsShownAgain: count(422), formsRefused: count(200) + count(404) },
  };
}

async function collect(
  book: MarkerBook,
  caller: Caller,
  { name, endpoint, prefix }: { name: Name; endpoint: string; prefix: string },
): Promise<Collected> {
  const clientOrderId = `${prefix}-collect-${name}`;
  const body = { ...writeRequest(book, clientOrderId), endpoint, collect: 'receiver' };
  const page = await waitUntil({
    what: `${clientOrderId} to be taken`,
    timeoutMs: 60_000,
    ask: async () => {
      const answer = await caller.send('collect', '/payouts', { ...json(body), about: clientOrderId });
      const isTaken = answer.status === 200 || answer.status === 202;
      return isTaken ? new URL(bodyOf<{ receiverPage: string }>(answer).receiverPage).pathname : null;
    },
  });
  return { clientOrderId, scenario: 'collect', body, name, page };
}

/** Until it was answered: the API may be away. */
async function enter(caller: Caller, page: string, entered: Entered): Promise<void> {
  await waitUntil({
    what: 'a form to be taken',
    timeoutMs: 60_000,
    ask: async () => {
      const send = (what: string, fields: Entered) =>
        caller.send(what, page, { method: 'POST', body: new URLSearchParams(fields) });
      const { status, text } = await send(TO_CHECK, entered);
      if (status !== 200) return status === 303;
      return (await send('form', { step: 'send', sealed: sealedIn(text) ?? '' })).status === 303;
    },
  });
}

function get(collected: ReadonlyMap<Name, Collected>, name: Name): Collected {
  const found = collected.get(name);
  if (found === undefined) throw new Error(`${name} was not collected`);
  return found;
}
