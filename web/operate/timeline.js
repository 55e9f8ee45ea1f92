import { byId, make, spaced, text } from './dom.js';
import { foldSteps } from './fold.js';
import { fillTable } from './table.js';
import { makeTime } from './times.js';
import { saySource, sayStep } from './words.js';

/** @import { Step } from '../../src/api/operate/page' */
/** @import { Column } from './table.js' */
/** @import { Line } from './fold.js' */

/** @type {readonly Column<Line>[]} */
const COLUMNS = [
  { label: 'Time (UTC)', kind: 'time', show: ({ at }) => makeTime(at) },
  { label: 'Who', kind: 'by', show: ({ source, actor, folded }) => text(folded ? '' : (actor ?? saySource(source))) },
  {
    label: 'What',
    kind: 'what',
    show: ({ what, folded }) =>
      folded
        ? make('button', { type: 'button', class: 'quiet small', text: `the same ${folded} times more` })
        : text(sayStep(what)),
  },
  { label: 'State after it', kind: 'state', show: ({ state, folded }) => text(folded ? '' : spaced(state)) },
  { label: 'Order id', show: ({ orderId, folded }) => text(folded ? '' : orderId) },
  {
    label: 'Reason',
    kind: 'reason',
    show: ({ reason, actor, enteredFrom, rule }) => {
      if (enteredFrom !== null) return text(`entered from ${enteredFrom}`);
      const why = actor === null && reason !== null ? spaced(reason) : reason;
      return text([rule === null ? '' : `rule ${rule}`, why].filter(Boolean).join(': '));
    },
  },
];
let unfolded = '';

/** @param {string} clientOrderId @param {readonly Step[]} steps */
export function showTimeline(clientOrderId, steps) {
  const table = byId('payout-timeline', HTMLTableElement);
  const lines = unfolded === clientOrderId ? steps : foldSteps(steps);
  fillTable(table, COLUMNS, lines, (_step, index) => String(index));
  table.onclick = ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    unfolded = clientOrderId;
    showTimeline(clientOrderId, steps);
  };
}
