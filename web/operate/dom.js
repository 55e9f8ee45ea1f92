/** Elements of the page. Text only ever becomes text: nothing here makes markup of it. */

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
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | number | boolean | null | undefined>> | null} attributes
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[Tag]}
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

/** @param {string} name a name of the API, as words */
export const spaced = (name) => name.replaceAll('_', ' ');

/**
 * @param {string | null} state
 * @param {string | null} outcome null while it is not final
 * @param {string | null} [attention] a payout that nothing follows is in no state of its own
 */
export function makeState(state, outcome, attention) {
  if (attention === 'not_followed') return make('b', { class: 'bad', text: 'stopped' });
  if (state === null) return make('b', { class: 'bad', text: 'unknown' });
  const mood = outcome === null ? 'open' : state === 'approved' ? 'good' : 'bad';
  return make('b', { class: mood, text: spaced(state) });
}

/** What came back of an approved payout. @param {{ settlement: string | null }} payout */
export const makeReturned = ({ settlement }) =>
  settlement === null || settlement === 'paid' ? text('') : make('b', { class: 'bad', text: ` ${spaced(settlement)}` });

/**
 * Names and values of a `dl`; what is empty is left out.
 * @param {Readonly<Record<string, Node | string | null>>} facts
 */
export const makeFacts = (facts) =>
  Object.entries(facts).flatMap(([name, value]) =>
    value === '' || value === null ? [] : [make('dt', { text: name }), make('dd', null, value)],
  );
