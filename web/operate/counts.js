import { byId, make, spaced } from './dom.js';
import { WORDS } from './words.js';

/**
 * @param {{ open: number, waiting: Record<string, number>, final: Record<string, number> }} counts as `GET /payout-counts` answers them
 */
export function showCounts({ open, waiting, final }) {
  /** @type {(label: string, count: number | undefined, filter: string) => HTMLElement} */
  const chip = (label, count, filter) =>
    make('li', null, make('a', { href: `#/payouts?${filter}` }, make('b', { text: count }), ` ${label}`));
  const finals = Object.entries(final).filter(([, count]) => count > 0);
  byId('counts').replaceChildren(
    chip('in review', waiting.needs_review, 'state=needs_review'),
    chip('unconfirmed', waiting.unconfirmed, 'state=unconfirmed'),
    chip('awaiting the Receiver', waiting.awaiting_receiver, 'state=awaiting_receiver'),
    chip('awaiting details', waiting.awaiting_details, 'state=awaiting_details'),
    chip('open', open, `state=${WORDS.openStates.join()}`),
    ...finals.map(([state, count]) => chip(spaced(state), count, `outcome=${state}`)),
  );
}
