import { byId, make } from './dom.js';
import { focusLine } from './table.js';

/** Where a person is among the payouts that were listed last: they go from one to the next, and come back to where they were. */
let listed = { title: 'Queue', address: '#/', ids: /** @type {readonly string[]} */ ([]) };
let last = '';

/** @param {string} title @param {readonly string[]} ids in the order in which they are shown */
export function keepPlace(title, ids) {
  listed = { title, address: location.hash || '#/', ids };
}

/** Shows the way back, and to the neighbours. @param {string} clientOrderId */
export function showPlace(clientOrderId) {
  const at = listed.ids.indexOf(clientOrderId);
  last = clientOrderId;
  /** @type {(id: string, name: string, to: string | undefined) => (Node | string)[]} */
  const link = (id, name, to) => {
    if (to === undefined) return [];
    const made = make('a', { id, href: `#/payouts/${to}`, text: name });
    // In the place of this one: back is back to the list.
    made.addEventListener('click', (event) => {
      event.preventDefault();
      location.replace(made.href);
    });
    return [' · ', made];
  };
  byId('payout-place').replaceChildren(
    make('a', { href: listed.address, text: listed.title }),
    at < 0 ? '' : ` · ${at + 1} of ${listed.ids.length}`,
    ...link('place-previous', 'Previous', at < 0 ? undefined : listed.ids[at - 1]),
    ...link('place-next', 'Next', at < 0 ? undefined : listed.ids[at + 1]),
  );
}

/** After a payout was shown, the focus is on its row, or on the one that took its place. @param {HTMLTableElement} table */
export function returnToPlace(table) {
  if (last === '') return;
  const lines = [...(table.tBodies[0]?.rows ?? [])];
  const same = lines.find((line) => line.querySelector(`a[href="#/payouts/${CSS.escape(last)}"]`) !== null);
  const at = listed.ids.indexOf(last);
  focusLine(same ?? lines[Math.min(Math.max(at, 0), lines.length - 1)]);
  last = '';
}
