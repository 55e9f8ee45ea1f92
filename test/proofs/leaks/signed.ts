import { type SignedParts, signAsGateway } from '../../support/signed-callbacks';
import type { Caller } from './caller';
import type { MarkerBook } from './marker';
import { writeToldFields } from './passage';

interface SignedOptions {
  readonly prefix: string;
  /** A payout that is final: a callback about it comes late. */
  readonly finalId: string;
  readonly controlKeys: { readonly current: string; readonly older: string };
}

/**
 * Callbacks that carry a Receiver's data, by GET and POST: genuine ones of unknown payouts, of a final payout and under an older key,
 * and refused ones. Then the Receiver's way back, by which whatever the gateway likes to add comes through a browser.
 */
export async function sendSigned(book: MarkerBook, caller: Caller, options: SignedOptions): Promise<void> {
  const { prefix, finalId, controlKeys } = options;
  const genuine = (what: string, signed: SignedParts, key: string): URLSearchParams => {
    const control = book.plant(`control of ${what}`, signAsGateway(signed, key));
    const fields = new URLSearchParams(writeToldFields(book, what));
    const { status, orderId, clientOrderId } = signed;
    const own = {
      ...{ status, orderid: orderId, client_orderid: clientOrderId, control, bin: '444433' },
      error_message: book.words(`${what}: error_message`, { kind: "gateway's words" }),
      'processor-tx-id': book.code(what, { length: 20 }),
      type: book.words(`${what}: type`, { isPlain: true, kind: "gateway's words" }),
    };
    for (const [name, value] of Object.entries(own)) fields.set(name, value);
    return fields;
  };
  const get = (what: string, fields: URLSearchParams) => caller.send(what, `/callbacks/default?${fields}`);
  const post = (what: string, fields: URLSearchParams) =>
    caller.send(what, '/callbacks/default', { method: 'POST', body: fields });

  const orphan = (nth: number): SignedParts => ({
    ...{ status: 'approved', orderId: `9900${nth}`, clientOrderId: `${prefix}-orphan-${nth}` },
  });
  await get('orphan', genuine('orphan', orphan(1), controlKeys.current));
  await post('orphan by POST', genuine('orphan by POST', orphan(2), controlKeys.current));
  await get('orphan, older key', genuine('orphan, older key', orphan(3), controlKeys.older));
  const late = { status: 'declined', orderId: '990099', clientOrderId: finalId };
  await get('late', genuine('late', late, controlKeys.current));
  const word = book.words('status that is a name', { isPlain: true });
  await get('other word', genuine('other word', { ...orphan(4), status: word }, controlKeys.current));

  const card = () => book.digits('id of a callback that is a card', { length: 16, isCard: true });
  const badIds = { ...orphan(5), clientOrderId: card(), orderId: card() };
  await get('bad ids', genuine('bad ids', badIds, controlKeys.current));
  await get('wrong control', genuine('wrong control', orphan(6), 'no key of ours'));
  await post('wrong control', genuine('wrong control by POST', orphan(7), 'no key of ours'));
  const twice = genuine('name twice', orphan(8), controlKeys.current);
  twice.append('status', book.words('status, twice', { isPlain: true }));
  await get('name twice', twice);
  const unreadable = `${genuine('unreadable', orphan(9), controlKeys.current)}&name=%zz`;
  await caller.send('unreadable', `/callbacks/default?${unreadable}`);

  for (const method of ['GET', 'POST'] as const) {
    const fields = new URLSearchParams(writeToldFields(book, `final redirect by ${method}`));
    const way = method === 'GET' ? `?${fields}` : '';
    await caller.send('return', `/r/return${way}`, { method, ...(method === 'POST' ? { body: fields } : {}) });
  }
}
