import { openAct } from './act.js';
import { writeAmount } from './amount.js';
import { ask, post } from './api.js';
import { make, spaced } from './dom.js';
import { readMe } from './me.js';
import { makeAge, makeTime } from './times.js';
import { WORDS } from './words.js';

/** @import { QueueItem } from '../../src/api/operate/page' */
/** @typedef {{ at: string, status: string, type: string | null, orderId: string | null, amount: string | null,
 *   currency: string | null, endpoint: string }} Callback */
/** @typedef {{ type: string, at: string, state: string, attempts: number, problem: string | null, settledAt: string | null }} Delivery */

/** @param {Callback} callback what it said; neither its amount nor its type is signed */
function tellCallback({ at, status, type, orderId, amount, currency }) {
  const unsigned = [type, amount === null ? null : writeAmount(amount, currency ?? '')].filter((part) => part !== null);
  const order = orderId === null ? 'no order id' : `order ${orderId}`;
  const aside = unsigned.length === 0 ? '' : `; not signed: ${unsigned.join(', ')}`;
  return make('p', null, make('b', { text: status }), ` for ${order}, `, makeTime(at), ` UTC${aside}`);
}

/** @param {Delivery} delivery */
function tellDelivery({ type, state, attempts, problem, settledAt }) {
  const words = state === 'gone' ? 'not wanted (410)' : state === 'dead' ? 'given up' : spaced(state);
  const tries = attempts === 0 ? '' : ` after ${attempts} attempt${attempts === 1 ? '' : 's'}`;
  const time = settledAt === null ? [] : [', ', makeTime(settledAt), ' UTC'];
  return make(
    'p',
    null,
    make('b', { text: type }),
    `: ${words}${tries}`,
    ...time,
    problem === null ? '' : `: ${problem}`,
  );
}

/**
 * Asks for an act on what has no page of its own, beside all that is known of it: what is acknowledged is what is shown here.
 * @param {QueueItem} item
 * @param {'acknowledge' | 'resend'} act
 */
export async function openRowAct({ kind, clientOrderId, subscriber, endpoint, attention, since }, act) {
  const isNotification = kind === 'notification';
  const id = isNotification ? `${subscriber}:${clientOrderId}` : clientOrderId;
  const path = `${isNotification ? 'notifications' : 'unmatched'}/${encodeURIComponent(id)}`;
  const { temporalUi } = await readMe();
  const response = await ask(path);
  const etag = response.headers.get('etag');
  /** @type {{ callbacks?: readonly Callback[], events?: readonly Delivery[] }} */
  const { callbacks = [], events = [] } = await response.json();
  const { name, confirm } = WORDS.actions.acknowledge;
  const { means, todo } = WORDS.attentions[attention];
  const workflow = `${isNotification ? `notify:${clientOrderId}:${subscriber}` : `unmatched:${clientOrderId}`}`;
  openAct({
    words: act === 'resend' ? WORDS.resendNotification : { name, confirm, does: means, needs: '' },
    subject: id,
    facts: {
      Endpoint: endpoint,
      Since: make('span', null, makeAge(since), ' ago'),
      'Callbacks said': callbacks.length === 0 ? null : make('div', null, ...callbacks.map(tellCallback)),
      'Could not be delivered': events.length === 0 ? null : make('div', null, ...events.map(tellDelivery)),
      Workflow:
        temporalUi === null
          ? null
          : make('a', {
              href: temporalUi + encodeURIComponent(workflow),
              rel: 'noreferrer',
              text: 'in the Temporal UI',
            }),
      'Do first': act === 'resend' ? null : todo,
    },
    run: async ({ id: actId, reason }) => void (await post(`${path}/${act}`, { reason }, { actId, etag })),
  });
}
