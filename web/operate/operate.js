import { startActs } from './act.js';
import { showApprovals, startApprovals } from './approvals.js';
import { showBatch } from './batch.js';
import { showBatches, startBatches } from './batches.js';
import { startBulk } from './bulk.js';
import { copy } from './copy.js';
import { showDay } from './day.js';
import { canKeep } from './device.js';
import { byId } from './dom.js';
import { startKeys } from './keys.js';
import { showLimits } from './limits.js';
import { showList, startList } from './list.js';
import { startNote } from './note.js';
import { complain, drawWith, redraw, say, show } from './page.js';
import { clearPayout, showPayout } from './payout.js';
import { showQueue, startQueue } from './queue.js';
import { showReasons } from './runbook.js';
import { startSearch } from './search.js';
import { dropKey, keepKey, restoreKey } from './session.js';
import { startTenants } from './tenant.js';

/** The operators' page: which part of it the address asks for, and signing in and out. */

let shown = new AbortController();

drawWith(async () => {
  // Following a payout, or the queue, ends when its page is left.
  shown.abort();
  shown = new AbortController();
  const { signal } = shown;
  byId('problem').textContent = '';
  byId('bulk').hidden = true;
  clearPayout('');
  const [path = '', query] = location.hash.slice(1).split('?');
  const [, page, id] = path.split('/');
  try {
    if (page === 'payouts' && id) await showPayout(decodeURIComponent(id), signal);
    else if (page === 'payouts') await showList(new URLSearchParams(query), signal);
    else if (page === 'batches' && id) await showBatch(decodeURIComponent(id), signal);
    else if (page === 'batches') await showBatches(signal);
    else if (page === 'approvals') await showApprovals(signal);
    else if (page === 'limits') await showLimits(signal);
    else if (page === 'day') await showDay(signal);
    else if (page === 'reasons') {
      show('reasons', 'Runbook');
      showReasons(byId('reasons-list'), id);
    } else await showQueue(new URLSearchParams(query), signal);
  } catch (error) {
    if (signal.aborted) return;
    say('');
    complain(error);
  }
});

window.addEventListener('hashchange', () => {
  void redraw().then(() => {
    // A reason that was asked for has the focus already.
    if (document.activeElement !== document.body) return;
    byId('main').focus({ preventScroll: true });
    scrollTo(0, 0);
  });
});
byId('sign-in-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const key = byId('key', HTMLInputElement);
  const typed = key.value.trim();
  key.value = '';
  void keepKey(typed, byId('keep', HTMLInputElement).checked).then(redraw, complain);
});
byId('sign-out').addEventListener('click', () => {
  // Loaded anew, so that nothing that was shown stays in memory.
  void dropKey().finally(() => location.reload());
});
startQueue();
startApprovals();
startList();
startSearch();
startActs();
startBulk();
startBatches();
startNote();
startKeys();
startTenants();
byId('payout-copy').hidden = navigator.clipboard === undefined;
byId('payout-copy').addEventListener('click', () => void copy(byId('payout-title').textContent ?? ''));
byId('keep-part').hidden = !canKeep();
void restoreKey().then(redraw);
