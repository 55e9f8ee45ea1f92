import { startActs } from './act.js';
import { byId, make, spaced } from './dom.js';
import { showList, startList } from './list.js';
import { complain, drawWith, redraw, say, show } from './page.js';
import { clearPayout, showPayout } from './payout.js';
import { dropKey, keepKey } from './session.js';
import { WORDS } from './words.js';

/** The operators' page: which part of it the address asks for, and signing in and out. */

let shown = new AbortController();

/** @param {string | undefined} reason */
function showReasons(reason) {
  show('reasons', 'Reasons');
  const items = Object.entries(WORDS.attentions).flatMap(([name, { means, todo }]) => [
    make('dt', { id: `reason-${name}`, tabindex: '-1', text: spaced(name) }),
    make('dd', null, `${means} `, make('strong', { text: 'Do now: ' }), todo),
  ]);
  byId('reasons-list').replaceChildren(...items);
  document.getElementById(`reason-${reason}`)?.focus();
}

drawWith(async () => {
  // Following a payout ends when its page is left.
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  byId('problem').textContent = '';
  clearPayout('');
  const [path = '', query] = location.hash.slice(1).split('?');
  const [, page, id] = path.split('/');
  try {
    if (page === 'payouts' && id) await showPayout(decodeURIComponent(id), signal);
    else if (page === 'reasons') showReasons(id);
    else await showList(new URLSearchParams(query), signal);
  } catch (error) {
    if (signal.aborted) return;
    say('');
    complain(error);
  }
});

window.addEventListener('hashchange', () => {
  void redraw().then(() => byId('main').focus());
});
byId('sign-in-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const key = byId('key', HTMLInputElement);
  keepKey(key.value.trim());
  key.value = '';
  void redraw();
});
byId('sign-out').addEventListener('click', () => {
  dropKey();
  // Loaded anew, so that nothing that was shown stays in memory.
  location.reload();
});
startList();
startActs();
void redraw();
