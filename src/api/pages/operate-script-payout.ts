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

function showActions(payout) {
  const items = TEXTS.order.map((action) => {
    const { name, does, needs } = TEXTS.actions[action];
    const isAllowed = payout.allowedActions.includes(action);
    const id = 'why-' + action;
    const button = make('button', { type: 'button', id: 'do-' + action, disabled: !isAllowed, 'aria-describedby': id, text: name });
    button.addEventListener('click', () => openAct(payout, action));
    return make('li', null, button, make('p', { id, text: isAllowed ? does : needs }));
  });
  // Where the focus was, it stays: the page may be redrawn while somebody is about to act.
  const focused = document.activeElement && document.activeElement.id;
  byId('payout-actions').replaceChildren(...items);
  if (focused && focused.startsWith('do-') && byId(focused)) byId(focused).focus();
}

function drawPayout(payout) {
  byId('payout-title').textContent = payout.clientOrderId;
  byId('payout-state').replaceChildren(makeState(payout.state, payout.outcome), ' · ' + TEXTS.states[payout.state]);
  showAttention(payout.attention);
  showFacts(payout);
  showActions(payout);
}

async function drawTimeline(path, signal) {
  const { steps } = await askJson(path + '/timeline', { signal });
  fillTable(byId('payout-timeline'), TIMELINE_COLUMNS, steps, false);
}

let watching = new AbortController();

/** Draws a payout and follows it for as long as it is shown and not final. Resolves when it was drawn once. */
async function showPayout(clientOrderId) {
  const { signal } = watching;
  const path = 'payouts/' + encodeURIComponent(clientOrderId);
  tell('Loading…');
  const first = await ask(path, { signal });
  const drawn = await drawAnswer(first, path, signal);
  show('payout', clientOrderId);
  tell('');
  void follow(path, drawn, signal);
}

async function drawAnswer(response, path, signal) {
  const payout = await response.json();
  signal.throwIfAborted();
  drawPayout(payout);
  await drawTimeline(path, signal);
  return { etag: response.headers.get('etag'), isFinal: payout.outcome !== null, state: payout.state };
}

async function follow(path, drawn, signal) {
  let known = drawn;
  while (!known.isFinal && !signal.aborted) {
    try {
      const response = await ask(path + '?wait=20', { signal, headers: { 'if-none-match': known.etag } });
      byId('problem').textContent = '';
      if (response.status === 304) continue;
      known = await drawAnswer(response, path, signal);
      tell('Changed: ' + words(known.state) + '.');
    } catch (error) {
      if (signal.aborted || error.status === 401) return;
      complain(error);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    }
  }
}

/** 128 random bits: every click on the last button of one dialog is the same act. */
function makeActId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function openAct(payout, action) {
  const { name, does, confirm } = TEXTS.actions[action];
  const id = makeActId();
  const dialog = byId('act');
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
    act(payout, action, id);
  };
  dialog.showModal();
}

async function act(payout, action, id) {
  const reason = byId('act-reason').value.trim();
  const body = action === 'resolve' ? { reason, outcome: byId('act-outcome').value } : { reason };
  byId('act-do').disabled = true;
  byId('act-problem').textContent = '';
  try {
    await ask('payouts/' + encodeURIComponent(payout.clientOrderId) + '/' + action, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id },
      body: JSON.stringify(body),
    });
    byId('act').close();
    await route();
    tell('Done: ' + TEXTS.actions[action].name.toLowerCase() + '.');
  } catch (error) {
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
  byId('problem').textContent = '';
  const [path, query] = location.hash.replace(/^#/, '').split('?');
  const [, page, id] = path.split('/');
  try {
    if (page === 'payouts' && id) await showPayout(id);
    else if (page === 'reasons') showReasons(id);
    else await showList(new URLSearchParams(query || ''));
  } catch (error) {
    tell('');
    complain(error);
  }
}

function go(address) {
  if (location.hash === address) return void route();
  location.hash = address;
}

window.addEventListener('hashchange', () => {
  byId('act').close();
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
