/** Third part of the page's script: one payout, what can be done with it, and the way around the page. */
export const OPERATE_SCRIPT_PAYOUT = String.raw`
const TIMELINE_COLUMNS = [
  { label: 'Time (UTC)', kind: 'time', show: ({ at }) => makeTime(at) },
  { label: 'Who', show: ({ source, actor }) => text(actor === null ? source : source + ' ' + actor) },
  { label: 'What', show: ({ what }) => text(words(what)) },
  { label: 'State after it', kind: 'state', show: ({ state }) => text(words(state)) },
  { label: 'Order id', show: ({ orderId }) => text(orderId) },
  { label: 'Reason', show: ({ reason, enteredFrom }) => text(enteredFrom === null ? reason : 'entered from ' + enteredFrom) },
];

function showAttention(attention) {
  const box = byId('payout-attention');
  box.hidden = attention === null;
  const { means, todo } = TEXTS.attentions[attention] || { means: '', todo: '' };
  box.replaceChildren(
    make('p', null, make('strong', { text: 'Needs attention: ' + words(attention) + '. ' }), means),
    make('p', null, make('strong', { text: 'Do now: ' }), todo, ' ', make('a', { href: '#/reasons/' + attention, text: 'More' })),
  );
}

function showFacts(payout) {
  const said = payout.reason === null ? '' : [payout.reason.code, payout.reason.message].filter(Boolean).join(': ');
  const facts = [
    ['Amount', payout.amount + ' ' + payout.currency],
    ['Actual amount', payout.actualAmount === null ? '' : payout.actualAmount + ' ' + (payout.actualCurrency || '')],
    ['To', payout.destination],
    ['Endpoint', payout.endpoint],
    ['Order id', payout.orderId || ''],
    ['Settled by', payout.settledBy === null ? '' : payout.settledBy + (payout.confirmed ? ', confirmed' : ', not confirmed by any status')],
    ['The gateway says', said],
    ['Created (UTC)', makeTime(payout.createdAt)],
    ['Last news (UTC)', makeTime(payout.updatedAt)],
    ['Settled (UTC)', payout.settledAt === null ? '' : makeTime(payout.settledAt)],
  ].filter(([, value]) => value !== '');
  byId('payout-facts').replaceChildren(...facts.flatMap(([name, value]) => [make('dt', { text: name }), make('dd', null, value)]));
}

function showActions(payout, etag) {
  const items = TEXTS.order.map((action) => {
    const { name, does, needs } = TEXTS.actions[action];
    const isAllowed = payout.allowedActions.includes(action);
    const id = 'why-' + action;
    const button = make('button', { type: 'button', id: 'do-' + action, disabled: !isAllowed, 'aria-describedby': id, text: name });
    button.addEventListener('click', () => openAct(payout, action, etag));
    return make('li', null, button, make('p', { id, text: isAllowed ? does : needs }));
  });
  // Where the focus was, it stays: the page may be redrawn while somebody is about to act.
  const focused = document.activeElement && document.activeElement.id;
  byId('payout-actions').replaceChildren(...items);
  if (focused && focused.startsWith('do-') && byId(focused)) byId(focused).focus();
}

/** No fact and no act of any payout is left on the page: before another is read, and while reading fails. */
function clearPayout(title) {
  byId('act').close();
  byId('payout-body').hidden = true;
  byId('payout-title').textContent = title;
  for (const part of ['state', 'attention', 'facts', 'actions', 'timeline']) byId('payout-' + part).replaceChildren();
}

let watching = new AbortController();

/** Draws a payout and follows it for as long as it is shown and not final. Resolves when it was drawn once. */
async function showPayout(clientOrderId, signal) {
  const path = 'payouts/' + encodeURIComponent(clientOrderId);
  clearPayout(clientOrderId);
  show('payout', clientOrderId);
  tell('Loading…');
  const drawn = await drawAnswer(await ask(path, { signal }), path, signal);
  tell('');
  void follow(path, drawn, signal);
}

/** Everything is read before anything is drawn, and nothing is drawn once the page shows something else. */
async function drawAnswer(response, path, signal) {
  const payout = await response.json();
  const etag = response.headers.get('etag');
  const { steps } = await askJson(path + '/timeline', { signal });
  signal.throwIfAborted();
  byId('payout-title').textContent = payout.clientOrderId;
  byId('payout-state').replaceChildren(makeState(payout.state, payout.outcome), ' · ' + TEXTS.states[payout.state]);
  showAttention(payout.attention);
  showFacts(payout);
  showActions(payout, etag);
  fillTable(byId('payout-timeline'), TIMELINE_COLUMNS, steps, false);
  byId('payout-body').hidden = false;
  return { etag, isFinal: payout.outcome !== null, state: payout.state, title: payout.clientOrderId };
}

async function follow(path, drawn, signal) {
  let known = drawn;
  while (!known.isFinal && !signal.aborted) {
    try {
      const changed = { signal, headers: { 'if-none-match': known.etag } };
      const response = known.etag === null ? await ask(path, { signal }) : await ask(path + '?wait=20', changed);
      if (response.status === 304) continue;
      known = await drawAnswer(response, path, signal);
      byId('problem').textContent = '';
      tell('Changed: ' + words(known.state) + '.');
    } catch (error) {
      if (signal.aborted || error.status === 401) return;
      clearPayout(known.title);
      complain(error);
      known = { ...known, etag: null };
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    }
  }
}

/** 128 random bits: every click on the last button of one dialog is the same act. */
function makeActId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function openAct(payout, action, etag) {
  const { name, does, confirm } = TEXTS.actions[action];
  const id = makeActId();
  const dialog = byId('act');
  dialog.dataset.act = id;
  byId('act-form').reset();
  byId('act-title').textContent = name + ': ' + payout.clientOrderId;
  byId('act-about').textContent = payout.amount + ' ' + payout.currency + ' to ' + payout.destination + '. ' + does;
  byId('act-confirm').textContent = confirm;
  byId('act-problem').textContent = '';
  byId('act-outcome-part').hidden = action !== 'resolve';
  byId('act-outcome').required = action === 'resolve';
  byId('act-do').textContent = name + ' now';
  byId('act-do').disabled = false;
  byId('act-form').onsubmit = (event) => {
    event.preventDefault();
    act(payout, action, { id, etag });
  };
  dialog.showModal();
}

/** Sends an act on the payout that the dialog named, as it was shown. The dialog may be closed, or another's, when the answer comes. */
async function act(payout, action, { id, etag }) {
  const reason = byId('act-reason').value.trim();
  const body = action === 'resolve' ? { reason, outcome: byId('act-outcome').value } : { reason };
  const isShown = () => byId('act').open && byId('act').dataset.act === id;
  const what = TEXTS.actions[action].name.toLowerCase() + ', ' + payout.clientOrderId;
  byId('act-do').disabled = true;
  byId('act-problem').textContent = '';
  try {
    await ask('payouts/' + encodeURIComponent(payout.clientOrderId) + '/' + action, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id, 'if-match': etag },
      body: JSON.stringify(body),
    });
    if (isShown()) await route();
    tell('Done: ' + what + '.');
  } catch (error) {
    if (!isShown()) return complain(new Refused('Not done: ' + what + '. ' + error.message, error.status));
    if (error.status === 401) byId('act').close();
    byId('act-problem').textContent = error.message;
    byId('act-do').disabled = false;
  }
}

byId('act-back').addEventListener('click', () => byId('act').close());

function showReasons(reason) {
  show('reasons', 'Reasons');
  const items = Object.entries(TEXTS.attentions).flatMap(([name, { means, todo }]) => [
    make('dt', { id: 'reason-' + name, tabindex: '-1', text: words(name) }),
    make('dd', null, means + ' ', make('strong', { text: 'Do now: ' }), todo),
  ]);
  byId('reasons-list').replaceChildren(...items);
  const chosen = byId('reason-' + reason);
  if (chosen) chosen.focus();
}

/** What the address asks for. Following a payout ends with its page. */
async function route() {
  watching.abort();
  watching = new AbortController();
  const { signal } = watching;
  byId('problem').textContent = '';
  clearPayout('');
  const [path, query] = location.hash.replace(/^#/, '').split('?');
  const [, page, id] = path.split('/');
  try {
    if (page === 'payouts' && id) await showPayout(decodeURIComponent(id), signal);
    else if (page === 'reasons') showReasons(id);
    else await showList(new URLSearchParams(query || ''), signal);
  } catch (error) {
    if (signal.aborted) return;
    tell('');
    complain(error);
  }
}

function go(address) {
  if (location.hash === address) return void route();
  location.hash = address;
}

window.addEventListener('hashchange', () => {
  route().then(() => byId('main').focus());
});
byId('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, byId('key').value.trim());
  byId('sign-in-form').reset();
  route();
});
byId('sign-out').addEventListener('click', () => {
  sessionStorage.removeItem(KEY);
  // Loaded anew, so that nothing that was shown stays in memory.
  location.reload();
});
route();
`;
