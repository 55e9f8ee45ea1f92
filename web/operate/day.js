import { askJson } from './api.js';
import { byId, make, text } from './dom.js';
import { follow } from './follow.js';
import { readMe } from './me.js';
import { show } from './page.js';
import { fillTable } from './table.js';
import { ofTenant } from './tenant.js';

/** @typedef {{ start: string, made: number | null, paid: number | null }} Hour */
/** @typedef {{ hours: readonly Hour[], inDoubt: number | null, closed: number | null,
 *   closedWithin: readonly { seconds: number, count: number | null }[] }} Day */

const HEIGHT = 160;
const WIDTH = 720;
const SLOT = WIDTH / 24;
const AGAIN_MS = 3_000;
const LATER_MS = 30_000;

/**
 * @param {string} tag
 * @param {Readonly<Record<string, string | number>>} attributes
 * @param {...(Node | string)} children
 */
function draw(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** @param {readonly Hour[]} hours two bars each, to one scale */
function drawChart(hours) {
  const most = Math.max(1, ...hours.flatMap(({ made, paid }) => [made ?? 0, paid ?? 0]));
  /** @type {(count: number | null, kind: string, x: number) => Element} */
  const bar = (count, kind, x) => {
    const height = ((count ?? 0) / most) * HEIGHT;
    return draw('rect', { class: kind, x, y: HEIGHT - height + 16, width: SLOT * 0.36, height });
  };
  const bars = hours.flatMap(({ start, made, paid }, at) => [
    bar(made, 'made', at * SLOT + SLOT * 0.1),
    bar(paid, 'paid', at * SLOT + SLOT * 0.5),
    ...(at % 3 === 2
      ? [draw('text', { x: at * SLOT + SLOT / 2, y: HEIGHT + 34, 'text-anchor': 'middle' }, start.slice(11, 16))]
      : []),
  ]);
  return draw(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT + 40}`,
      role: 'img',
      'aria-label': 'Payouts made and paid, by hour; the table below has the numbers',
    },
    draw('text', { x: 0, y: 10 }, String(most)),
    draw('line', { x1: 0, x2: WIDTH, y1: HEIGHT + 16, y2: HEIGHT + 16 }),
    ...bars,
  );
}

/** @param {number | null} count */
const write = (count) => (count === null ? 'counting…' : String(count));
/** @param {readonly (number | null)[]} counts null while one is not counted */
const sum = (counts) =>
  counts.includes(null) ? null : counts.reduce((/** @type {number} */ all, count) => all + (count ?? 0), 0);

/** @param {Day} day */
function drawDay({ hours, inDoubt, closed, closedWithin }) {
  /** @type {Record<string, string>} */
  const facts = {
    Made: write(sum(hours.map(({ made }) => made))),
    Paid: write(sum(hours.map(({ paid }) => paid))),
    'In doubt now': write(inDoubt),
    Closed: write(closed),
  };
  for (const { seconds, count } of closedWithin) {
    const share = count === null || !closed ? '' : ` (${Math.floor((count * 100) / closed)} %)`;
    facts[`Closed within ${seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`}`] = write(count) + share;
  }
  const figures = Object.entries(facts).map(([name, value]) =>
    make('div', null, make('dt', { text: name }), make('dd', { text: value })),
  );
  byId('day-facts').replaceChildren(...figures);
  byId('day-chart').replaceChildren(drawChart(hours));
  /** @type {import('./table.js').Column<Hour>[]} */
  const columns = [
    {
      label: 'Hour (UTC)',
      show: ({ start }) => make('time', { datetime: start, text: start.slice(0, 16).replace('T', ' ') }),
    },
    { label: 'Made', kind: 'amount', show: ({ made }) => text(made) },
    { label: 'Paid', kind: 'amount', show: ({ paid }) => text(paid) },
  ];
  fillTable(byId('day-table', HTMLTableElement), columns, hours, ({ start }) => start);
}

function clearDay() {
  for (const part of ['facts', 'chart', 'table']) byId(`day-${part}`).replaceChildren();
}

/**
 * The last day, drawn again while it is shown: often until everything is counted.
 * @param {AbortSignal} signal
 */
export async function showDay(signal) {
  clearDay();
  show('day', 'Day');
  await readMe();
  const read = async () => {
    /** @type {Day} */
    const day = await askJson(ofTenant('payout-day'), { signal });
    signal.throwIfAborted();
    drawDay(day);
    return ![day.closed, ...day.closedWithin.map(({ count }) => count)].includes(null);
  };
  let isCounted = await read();
  const again = async () => {
    isCounted = await read();
  };
  void follow(again, { signal, everyMs: () => (isCounted ? LATER_MS : AGAIN_MS), clear: clearDay });
}
