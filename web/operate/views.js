import { byId, make } from './dom.js';
import { WORDS } from './words.js';

const COLUMNS = [
  'Status',
  'Workflow ID',
  'PayoutState',
  'PayoutAttention',
  'AmountMinor',
  'PayoutCurrency',
  'NextDeadline',
];

/**
 * Links that save views in the Temporal UI. It keeps views and columns in the browser; a link can carry a view, but no columns: a line for
 * the browser's console sets them.
 * @param {string} workflows address of the workflows of a namespace
 */
function makeViews(workflows) {
  const list = workflows.replace(/\/$/, '');
  const namespace = decodeURIComponent(list.split('/').at(-2) ?? '');
  const columns = JSON.stringify({ [namespace]: COLUMNS.map((label) => ({ label })) });
  const links = Object.entries(WORDS.views).map(([name, query]) => {
    const href = `${list}?${new URLSearchParams({ query, savedQuery: name })}`;
    return make('li', null, make('a', { href, rel: 'noreferrer', text: name }));
  });
  return [
    make('p', { text: 'Each link opens a view of the Temporal UI and saves it there, for this browser.' }),
    make('ul', { class: 'counts' }, ...links),
    make('p', { text: "Columns cannot be in a link. Once, in the console of the Temporal UI's page (F12):" }),
    make('pre', {
      tabindex: '0',
      text: WORDS.setColumns.replace('{columns}', () => JSON.stringify(columns)),
    }),
  ];
}

/** @param {import('./me.js').Me} me */
export function showViews({ temporalUi }) {
  byId('views-part').hidden = temporalUi === null;
  byId('views').replaceChildren(...(temporalUi === null ? [] : makeViews(temporalUi)));
}
