import { byId, make, spaced } from './dom.js';
import { WORDS } from './words.js';

/**
 * @param {Readonly<Record<'waiting' | 'final' | 'settlement', Readonly<Record<string, number>>>> & { open: number }} counts as `GET /payout-counts` answers them
 */
export function showCounts({ open, waiting, final, settlement }) {
  /** @type {(label: string, count: number | undefined, filter: string) => HTMLElement} */
  const chip = (label, count, filter) =>
    make('li', null, make('a', { href: `#/payouts?${filter}` }, make('b', { text: count }), ` ${label}`));
  const chips = (/** @type {Readonly<Record<string, number>>} */ counts, /** @type {string} */ filter) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => chip(spaced(name), count, `${filter}=${name}`));
  byId('counts').replaceChildren(
    chip('in review', waiting.needs_review, 'state=needs_review'),
    chip('unconfirmed', waiting.unconfirmed, 'state=unconfirmed'),
    chip('awaiting the Receiver', waiting.awaiting_receiver, 'state=awaiting_receiver'),
    chip('awaiting details', waiting.awaiting_details, 'state=awaiting_details'),
    chip('awaiting approval', waiting.awaiting_approval, 'state=awaiting_approval'),
    chip('scheduled', waiting.scheduled, 'state=scheduled'),
    chip('open', open, `state=${WORDS.openStates.join()}`),
    ...chips(final, 'outcome'),
    ...chips(settlement, 'settlement'),
  );
}
