import { byId, make, spaced } from './dom.js';
import { WORDS } from './words.js';

/**
 * @param {{ open: number, waiting: Record<string, number>, final: Record<string, number>, attention: Record<string, number>,
 *   hasMoreAttention: boolean }} counts as `GET /payout-counts` answers them
 */
export function showCounts({ open, waiting, final, attention, hasMoreAttention }) {
  /**
   * @param {string} label
   * @param {number | string | undefined} count
   * @param {string} address
   * @param {boolean} [isAlert]
   */
  const chip = (label, count, address, isAlert) =>
    make(
      'li',
      { class: isAlert && count !== 0 ? 'alert' : null },
      make('a', { href: address }, make('b', { text: count }), ` ${label}`),
    );
  const needing = Object.values(attention).reduce((sum, count) => sum + count, 0);
  const finals = Object.entries(final).filter(([, count]) => count > 0);
  byId('counts').replaceChildren(
    chip('need attention', hasMoreAttention ? `${needing}+` : needing, '#/?attention=any', true),
    chip('in review', waiting.needs_review, '#/?state=needs_review', true),
    chip('unconfirmed', waiting.unconfirmed, '#/?state=unconfirmed'),
    chip('awaiting the Receiver', waiting.awaiting_receiver, '#/?state=awaiting_receiver'),
    chip('awaiting details', waiting.awaiting_details, '#/?state=awaiting_details'),
    chip('open', open, `#/?state=${WORDS.openStates.join()}`),
    ...finals.map(([state, count]) => chip(spaced(state), count, `#/?outcome=${state}`)),
  );
}
