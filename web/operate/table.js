import { make } from './dom.js';

/**
 * @template Row
 * @typedef {{ label: string, kind?: string, show: (row: Row) => Node | Node[] }} Column
 */

/** @type {WeakMap<Element, unknown>} */
const ROWS = new WeakMap();

/**
 * The row that an element of a table stands in, as it is shown now.
 * @param {Element} element
 */
export const rowAt = (element) => ROWS.get(/** @type {Element} */ (element.closest('tr')));

/**
 * Shows exactly these rows. A line whose row is still there stays the same element, and only cells that differ are replaced: focus,
 * selection and ticked boxes survive. Cells carry their label for narrow screens.
 * @template Row
 * @param {HTMLTableElement} table
 * @param {readonly Column<Row>[]} columns
 * @param {readonly Row[]} rows
 * @param {(row: Row, index: number) => string} keyOf unique among the rows
 */
export function fillTable(table, columns, rows, keyOf) {
  const head = make(
    'thead',
    null,
    make('tr', null, ...columns.map(({ label, kind }) => make('th', { scope: 'col', text: label, class: kind }))),
  );
  const isSame = table.tHead?.isEqualNode(head) === true;
  const body = (isSame ? table.tBodies[0] : undefined) ?? make('tbody', null);
  if (!isSame) table.replaceChildren(head, body);
  table.className = 'cards';
  const lines = new Map([...body.rows].map((line) => [line.dataset.key, line]));
  const focused = body.contains(document.activeElement) ? document.activeElement?.closest('tr') : null;
  const place = focused ? [...body.rows].indexOf(focused) : -1;

  const next = rows.map((row, index) => {
    const key = keyOf(row, index);
    const line = lines.get(key) ?? make('tr', { 'data-key': key });
    lines.delete(key);
    ROWS.set(line, row);
    columns.forEach(({ label, kind, show }, at) => {
      const cell = make('td', { 'data-label': label, class: kind }, ...[show(row)].flat());
      const old = line.cells[at];
      if (old === undefined) line.append(cell);
      else if (!old.isEqualNode(cell)) old.replaceWith(cell);
    });
    return line;
  });
  for (const gone of lines.values()) gone.remove();
  // A line that is in its place is not moved: moving takes the focus away.
  next.forEach((line, at) => {
    if (body.rows[at] !== line) body.insertBefore(line, body.rows[at] ?? null);
  });
  table.hidden = next.length === 0;
  if (place >= 0 && !body.contains(document.activeElement)) focusLine(next[Math.min(place, next.length - 1)]);
}

/** @param {HTMLTableRowElement | undefined} line whose link gets the focus */
export function focusLine(line) {
  line?.querySelector('a')?.focus();
}
