import { writeAmount } from './amount.js';
import { ask, askJson } from './api.js';
import { byId, make, makeFacts, spaced, text } from './dom.js';
import { readMe } from './me.js';
import { complain, go, Refused, say, show } from './page.js';
import { fillTable } from './table.js';
import { makeTime } from './times.js';

/** @import { Batch, CheckedBatch } from '../../src/api/operate/page' */
/** @typedef {{ row?: number, field: string, expected: string }} RowError */

const drop = byId('batch-drop');
const picker = byId('batch-file', HTMLInputElement);
const form = byId('batch-form', HTMLFormElement);
const id = byId('batch-id', HTMLInputElement);
const rate = byId('batch-rate', HTMLInputElement);
const start = byId('batch-start', HTMLButtonElement);
const more = byId('batches-more', HTMLButtonElement);
/** @type {File | null} */
let file = null;

/** @param {Batch['totals']} totals */
export const writeTotals = (totals) =>
  totals
    .map(({ count, amount, currency }) => `${writeAmount(amount, currency)} (${count} ${count === 1 ? 'row' : 'rows'})`)
    .join(' · ');

/** @param {Batch} batch */
export const moodOf = ({ state, failed }) =>
  state === 'stopped' || failed > 0 ? 'bad' : state === 'started' ? 'good' : 'open';

/** @type {readonly import('./table.js').Column<Batch>[]} */
const COLUMNS = [
  {
    label: 'Batch',
    kind: 'name',
    show: ({ batchId }) => make('a', { href: `#/batches/${encodeURIComponent(batchId)}`, text: batchId }),
  },
  { label: 'State', kind: 'state', show: (batch) => make('b', { class: moodOf(batch), text: spaced(batch.state) }) },
  { label: 'Rows', kind: 'sum', show: ({ rows }) => text(rows) },
  { label: 'Started', kind: 'sum', show: ({ started }) => text(started) },
  { label: 'Failed', kind: 'sum', show: ({ failed }) => text(failed) },
  { label: 'Totals', show: ({ totals }) => text(totals.map((t) => writeAmount(t.amount, t.currency)).join(' · ')) },
  { label: 'By', show: ({ by }) => text(by) },
  { label: 'Created (UTC)', kind: 'time', show: ({ createdAt }) => makeTime(createdAt) },
];

/** @type {readonly import('./table.js').Column<RowError>[]} */
const ERROR_COLUMNS = [
  { label: 'Row', kind: 'sum', show: ({ row }) => text(row ?? '') },
  { label: 'Column', show: ({ field }) => text(field) },
  { label: 'Expected', show: ({ expected }) => text(expected) },
];
const MOST_SHOWN = 200;

/** Nothing of an earlier file stays on the page. */
function clearCheck() {
  byId('batch-checked').hidden = true;
  byId('batch-errors').hidden = true;
}

/** @param {File | null | undefined} chosen */
function choose(chosen) {
  file = chosen ?? null;
  clearCheck();
  byId('batch-name').textContent =
    file === null ? 'No file chosen' : `${file.name}, ${Math.ceil(file.size / 1024)} KiB`;
  if (file === null || id.value !== '') return;
  const name = file.name
    .replace(/\.\w+$/, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 100);
  id.value = /^[A-Za-z]/.test(name) ? name : `B-${name}`.slice(0, 100);
}

/** Sends the file. @param {Readonly<Record<string, string>>} more in the query @param {string} [accept] */
async function send(more, accept = 'application/json') {
  if (file === null) throw new Refused('Choose a file first.', 0);
  const query = new URLSearchParams({ batchId: id.value.trim(), perSecond: rate.value, ...more });
  const headers = { 'content-type': 'text/csv', accept };
  return await ask(`batches?${query}`, { method: 'POST', headers, body: file });
}

async function check() {
  clearCheck();
  say('Checking…');
  try {
    /** @type {CheckedBatch} */
    const { rows, totals, warnings } = await (await send({ dryRun: 'true' })).json();
    const alike = warnings.map(({ row, sameAs }) => `row ${row} is like row ${sameAs}`);
    byId('batch-facts').replaceChildren(
      ...makeFacts({
        Batch: id.value.trim(),
        Rows: String(rows),
        Totals: writeTotals(totals),
        'Same receiver and amount':
          alike.slice(0, 20).join('; ') + (alike.length > 20 ? ` and ${alike.length - 20} more` : ''),
      }),
    );
    start.textContent = `Start ${rows} payout${rows === 1 ? '' : 's'}`;
    byId('batch-checked').hidden = false;
    say('Every row is valid. Nothing is started yet.');
    start.focus();
  } catch (error) {
    const errors = error instanceof Refused ? error.errors.filter(({ row }) => row !== undefined) : [];
    if (errors.length === 0) throw error;
    const shown = errors.slice(0, MOST_SHOWN);
    const rest = errors.length > shown.length ? `; the first ${shown.length} are shown` : '';
    byId('batch-error-count').textContent =
      `${errors.length} error${errors.length === 1 ? '' : 's'}${rest}. Nothing was started.`;
    fillTable(byId('batch-error-table', HTMLTableElement), ERROR_COLUMNS, shown, (_error, at) => String(at));
    byId('batch-errors').hidden = false;
    say('');
    byId('batch-error-save').focus();
  }
}

async function begin() {
  start.disabled = true;
  try {
    /** @type {Batch} */
    const { batchId } = await (await send({})).json();
    form.reset();
    choose(null);
    go(`/batches/${encodeURIComponent(batchId)}`);
  } finally {
    start.disabled = false;
  }
}

/** @param {string} path @param {string} name @param {RequestInit | Promise<Response>} [given] */
export async function save(path, name, given) {
  const response = given instanceof Promise ? await given : await ask(path, given);
  const address = URL.createObjectURL(await response.blob());
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  say(`Saved ${name}.`);
}

/**
 * The list of batches, and the form for a new one.
 * @param {AbortSignal} signal
 */
export async function showBatches(signal) {
  show('batches', 'Batches');
  clearCheck();
  const table = byId('batches-table', HTMLTableElement);
  table.replaceChildren();
  more.hidden = true;
  /** @type {readonly Batch[]} */
  let rows = [];
  /** @param {string | null} cursor */
  const load = async (cursor) => {
    const query = cursor === null ? '' : `?${new URLSearchParams({ cursor })}`;
    /** @type {{ batches: Batch[], nextCursor: string | null }} */
    const page = await askJson(`batches${query}`, { signal });
    signal.throwIfAborted();
    rows = [...rows, ...page.batches];
    fillTable(table, COLUMNS, rows, ({ batchId }) => batchId);
    byId('batches-none').hidden = rows.length > 0;
    more.hidden = page.nextCursor === null;
    more.onclick = () => load(page.nextCursor).catch(complain);
  };
  const me = await readMe();
  signal.throwIfAborted();
  byId('batch-new').hidden = !me.scopes.includes('payouts:write');
  await load(null);
}

export function startBatches() {
  /** @param {() => Promise<void>} work */
  const run = (work) => () => {
    byId('problem').textContent = '';
    work().catch((error) => {
      say('');
      complain(error);
    });
  };
  picker.addEventListener('change', () => choose(picker.files?.[0]));
  for (const name of ['dragover', 'drop']) drop.addEventListener(name, (event) => event.preventDefault());
  drop.addEventListener('drop', (event) => choose(event.dataTransfer?.files[0]));
  form.addEventListener('input', (event) => event.target !== picker && clearCheck());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(check)();
  });
  start.addEventListener('click', run(begin));
  const name = () => `${id.value.trim()}-errors.csv`;
  byId('batch-error-save').addEventListener(
    'click',
    run(() => save('', name(), send({ dryRun: 'true' }, 'text/csv'))),
  );
  byId('batch-template').addEventListener(
    'click',
    run(() => save('batches/template.csv', 'batch.csv')),
  );
}
