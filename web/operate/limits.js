import { writeAmount } from './amount.js';
import { askJson } from './api.js';
import { byId, make, text } from './dom.js';
import { readMe } from './me.js';
import { say, show } from './page.js';
import { fillTable } from './table.js';
import { chosenTenant, ofTenant, seesSeveral } from './tenant.js';
import { makeDeadline } from './times.js';

/** @import { Column } from './table.js' */
/** @import { Limit } from '../../src/api/operate/page' */

const table = byId('limits-table', HTMLTableElement);

/** @param {Limit} limit @param {'cap' | 'used' | 'held' | 'left'} name */
const money = (limit, name) => text(writeAmount(limit[name], limit.currency));

/** How much of it is taken, as a bar: used and held. @param {Limit} limit */
const bar = (limit) =>
  make('meter', {
    ...{ min: 0, max: limit.cap, high: Number(limit.cap) * 0.9 },
    value: Number(limit.cap) - Number(limit.left),
    'aria-label': `${limit.rule}: used and held`,
  });

/** @type {readonly Column<Limit>[]} */
const COLUMNS = [
  { label: 'Limit', kind: 'name', show: ({ rule }) => text(rule) },
  { label: 'Per', kind: 'why', show: ({ per, period, zone }) => text(`${per}, ${period} (${zone})`) },
  { label: 'Taken', show: (limit) => bar(limit) },
  { label: 'Used', kind: 'sum', show: (limit) => money(limit, 'used') },
  { label: 'Held', kind: 'sum', show: (limit) => money(limit, 'held') },
  { label: 'Left', kind: 'sum', show: (limit) => money(limit, 'left') },
  { label: 'Of', kind: 'sum', show: (limit) => money(limit, 'cap') },
  { label: 'Without room', show: ({ over }) => text(over === 'wait' ? 'waits' : 'cancelled') },
  { label: 'Ends', kind: 'time', show: ({ endsAt }) => makeDeadline(endsAt) },
];

/** @param {AbortSignal} signal */
export async function showLimits(signal) {
  table.replaceChildren();
  show('limits', 'Limits');
  say('Loading…');
  const title = byId('limits-title');
  title.textContent = 'Limits';
  byId('limits-none').hidden = true;
  const me = await readMe();
  /** @type {{ limits: Limit[] }} */
  const { limits } = await askJson(ofTenant('limits'), { signal });
  signal.throwIfAborted();
  if (seesSeveral(me)) title.textContent = `Limits of ${chosenTenant() || me.tenant}`;
  fillTable(table, COLUMNS, limits, ({ rule }) => rule);
  table.hidden = limits.length === 0;
  const none = byId('limits-none');
  none.hidden = limits.length > 0;
  none.textContent = `No limit is configured${seesSeveral(me) && chosenTenant() === '' ? ` for ${me.tenant}. Choose another tenant above` : ''}.`;
  say('');
}
