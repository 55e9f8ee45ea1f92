import { byId, make } from './dom.js';
import { redraw } from './page.js';

/** @import { Me } from './me.js' */

/** Whose payouts are shown: for keys that see several tenants. Kept until the page is left. */
const choice = byId('tenant', HTMLSelectElement);

/** @param {Me} me */
const namesOf = ({ tenants }) => tenants.filter((name) => name !== '*');

/** @param {Me} me */
export const seesSeveral = (me) => namesOf(me).length > 1;

/** @param {Me} me */
export function offerTenants(me) {
  byId('tenant-part').hidden = !seesSeveral(me);
  const names = namesOf(me);
  const offered = [...choice.options].map(({ value }) => value).join();
  if (offered === ['', ...names].join()) return;
  choice.replaceChildren(
    make('option', { value: '', text: 'all tenants' }),
    ...names.map((name) => make('option', { value: name, text: name })),
  );
}

/** Empty for all of them. */
export const chosenTenant = () => choice.value;

/** The path of a list or count, of the chosen tenant alone. @param {string} path */
export function ofTenant(path) {
  if (choice.value === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}tenant=${encodeURIComponent(choice.value)}`;
}

export function startTenants() {
  choice.addEventListener('change', () => void redraw());
}
