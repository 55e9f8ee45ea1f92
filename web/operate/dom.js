/** Elements of the page, and tables made of rows. Text only ever becomes text: nothing here makes markup of it. */

/**
 * The element with this id.
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} [kind]
 * @returns {Kind}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof (kind ?? HTMLElement))) throw new Error(`no element #${id}`);
  return /** @type {Kind} */ (element);
}

/**
 * An element with attributes (`text` is its text) and children; null is left out.
 * @param {string} tag
 * @param {Readonly<Record<string, string | number | boolean | null | undefined>> | null} attributes
 * @param {...(Node | string | null)} children
 */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') element.textContent = String(value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** @param {string | number | null | undefined} value */
export const text = (value) => document.createTextNode(value === null || value === undefined ? '' : String(value));

/** @param {string | null} at ISO time; shown to the second, in UTC */
export function makeTime(at) {
  return at === null ? text('') : make('time', { datetime: at, text: at.slice(0, 19).replace('T', ' ') });
}

/**
 * @param {string | null} state
 * @param {string | null} outcome null while it is not final
 */
export function makeState(state, outcome) {
  if (state === null) return make('b', { class: 'bad', text: 'unknown' });
  const mood = outcome === null ? 'open' : state === 'approved' ? 'good' : 'bad';
  return make('b', { class: mood, text: spaced(state) });
}

/** @param {string} name a name of the API, as words */
export const spaced = (name) => name.replaceAll('_', ' ');

/**
 * @template Row
 * @typedef {{ label: string, kind?: string, show: (row: Row) => Node | Node[] }} Column
 */

/**
 * Fills a table: with `isMore` below what it has, else anew. Cells carry their label for narrow screens.
 * @template Row
 * @param {HTMLTableElement} table
 * @param {readonly Column<Row>[]} columns
 * @param {readonly Row[]} rows
 * @param {boolean} isMore
 */
export function fillTable(table, columns, rows, isMore) {
  if (!isMore) {
    const head = columns.map(({ label, kind }) => make('th', { scope: 'col', text: label, class: kind }));
    table.replaceChildren(make('thead', null, make('tr', null, ...head)), make('tbody', null));
    table.className = 'cards';
  }
  const lines = rows.map((row) =>
    make(
      'tr',
      null,
      ...columns.map(({ label, kind, show }) =>
        make('td', { 'data-label': label, class: kind }, ...[show(row)].flat()),
      ),
    ),
  );
  table.tBodies[0]?.append(...lines);
  table.hidden = table.tBodies[0]?.rows.length === 0;
}
