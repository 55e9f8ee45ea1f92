import { openAct } from './act.js';
import { post } from './api.js';
import { byId, make, makeFacts, makeReturned, makeState, spaced } from './dom.js';
import { CAN_ONLY_APPROVE, CANNOT_ACT, canAct, canApprove, whyNotApprove } from './me.js';
import { showNote } from './note.js';
import { showFacts } from './payout-facts.js';
import { questionFor } from './question.js';
import { showRunbook } from './runbook.js';
import { approvalFacts, factsFor, makeStory, writeSettledBy } from './story.js';
import { showTimeline } from './timeline.js';
import { WORDS } from './words.js';

/** @import { Payout, Step } from '../../src/api/operate/page' */
/** @import { Me } from './me.js' */
/** @import { LastWord } from './question.js' */
/** @typedef {{ steps: readonly Step[], lastWord: LastWord } & Parameters<typeof makeStory>[2]} Timeline */
/** @typedef {{ payout: Payout, timeline: Timeline, etag: string | null, me: Me }} Shown */

/** Acts after which nothing brings back what was. */
const FOR_GOOD = ['cancel', 'resend', 'resolve'];
const VERDICTS = ['approve', 'reject', 'withdraw'];

/** @param {Payout} payout @returns {{ means: string, todo: string }} */
function adviseOn({ attention, outcome, orderId }) {
  if (attention === 'deadline_passed') return WORDS.deadline[orderId === null ? 'unsent' : 'sent'];
  const { means, todo, todoWhenFinal } = WORDS.attentions[attention ?? 'conflict'];
  return { means, todo: outcome === null ? todo : (todoWhenFinal ?? todo) };
}

/** @param {Payout} payout */
function showAttention(payout) {
  const { attention, allowedActions } = payout;
  const box = byId('payout-attention');
  box.hidden = attention === null;
  if (attention === null) return box.replaceChildren();
  const isEnded = allowedActions.includes('acknowledge');
  const { means, todo } = adviseOn(payout);
  const drawn = `${attention} ${isEnded} ${todo}`;
  // The runbook's page stays open while the payout is followed.
  if (box.dataset.drawn === drawn && box.hasChildNodes()) return;
  box.dataset.drawn = drawn;
  // Where an outcome stays, the advice of most reasons says so; what nothing follows has no outcome.
  const isSaid = attention === 'not_followed' || todo.includes('cknowledge it');
  const page = make('div', { class: 'runbook' });
  box.replaceChildren(
    make('p', null, make('strong', { text: `Needs attention: ${spaced(attention)}. ` }), means),
    make('p', null, make('strong', { text: 'Do now: ' }), todo, isEnded && !isSaid ? ` ${WORDS.ended}` : null),
    make('details', null, make('summary', { text: 'Runbook page' }), page),
  );
  showRunbook(attention, page);
}

/**
 * @param {Shown} shown
 * @param {Payout['allowedActions'][number]} action
 */
function open({ payout, timeline: { steps, lastWord }, etag }, action) {
  const { clientOrderId, attention } = payout;
  const isStopped = attention === 'not_followed';
  openAct({
    words: isStopped ? { ...WORDS.actions[action], confirm: WORDS.stopped.acknowledge } : WORDS.actions[action],
    subject: clientOrderId,
    facts: VERDICTS.includes(action) ? approvalFacts(payout, steps) : factsFor(payout, steps),
    ...(action === 'resolve' || action === 'resend' ? { question: questionFor(action, payout, lastWord) } : {}),
    asksTime: action === 'reschedule',
    typed: FOR_GOOD.includes(action) || isStopped ? clientOrderId : null,
    etag,
    run: async ({ id, reason, answer, executeAt }) => {
      /** @type {Readonly<Partial<Record<typeof action, object>>>} */
      const fields = {
        resolve: { outcome: answer?.value, against: answer?.against?.word },
        acknowledge: { attention },
        reschedule: { executeAt },
      };
      const more = fields[action] ?? {};
      await post(`payouts/${encodeURIComponent(clientOrderId)}/${action}`, { reason, ...more }, { actId: id, etag });
    },
  });
}

/** What should be done stands out; what should be done last does not. @param {Payout} payout @param {string} action */
function classOf({ attention }, action) {
  if (action === 'resolve') return null;
  if (FOR_GOOD.includes(action) || attention === 'not_followed') return 'danger';
  return action === 'acknowledge' ? null : 'quiet';
}

/** @param {Shown} shown */
function showActions(shown) {
  const { payout, me } = shown;
  const may = canAct(me);
  /** @param {Payout['allowedActions'][number]} action */
  const mayDo = (action) => {
    if (action === 'approve') return whyNotApprove(me, payout.approval) === null;
    return action === 'reject' || action === 'withdraw' ? canApprove(me) : may;
  };
  byId('payout-may').hidden = may;
  byId('payout-may').textContent = canApprove(me) ? CAN_ONLY_APPROVE : CANNOT_ACT;
  const acts = WORDS.actionOrder.filter((action) => action !== 'note');
  const items = acts
    .filter((action) => payout.allowedActions.includes(action))
    .map((action) => {
      const { name, does } = WORDS.actions[action];
      const id = `why-${action}`;
      const button = make('button', {
        ...{ type: 'button', id: `do-${action}`, 'aria-describedby': id, text: name },
        class: classOf(payout, action),
        disabled: !mayDo(action),
      });
      button.addEventListener('click', () => open(shown, action));
      const why = action === 'approve' ? (whyNotApprove(me, payout.approval) ?? '') : '';
      return make('li', null, button, make('p', { id, text: why === '' ? does : `${does} ${why}` }));
    });
  const isOfApproval = (/** @type {string} */ action) => ['approve', 'reject', 'withdraw'].includes(action);
  const others = acts
    .filter((action) => payout.approval !== null || !isOfApproval(action))
    .filter((action) => !payout.allowedActions.includes(action));
  byId('payout-others-part').hidden = others.length === 0;
  byId('payout-others').replaceChildren(
    ...makeFacts(Object.fromEntries(others.map((action) => [WORDS.actions[action].name, WORDS.actions[action].needs]))),
  );
  // The focus stays where it was: the page may be redrawn while a person is about to act.
  const focused = document.activeElement?.id ?? '';
  byId('payout-actions').replaceChildren(
    ...(items.length === 0 ? [make('li', { text: 'Nothing at the moment.' })] : items),
  );
  if (focused.startsWith('do-')) document.getElementById(focused)?.focus();
}

/** What the state means; never that money moved, while something speaks against it, seen by a person or not. @param {Payout} payout */
function sayState({ state, outcome, attention, lateEvents }) {
  if (attention === 'not_followed') return WORDS.stopped.state;
  const isContested = attention !== null || lateEvents.some(({ confirmed }) => confirmed);
  return outcome !== null && isContested ? WORDS.contested : WORDS.states[state];
}

/** What waits for approvals, and for whose. @param {Payout} payout @returns {(Node | string)[]} */
function tellWaiting({ approval }) {
  if (!approval?.until) return [];
  const { of, requestedBy, approvedBy, needed } = approval;
  const by = requestedBy === null ? '' : `, asked for by ${requestedBy},`;
  return [
    ` “${spaced(of)}”${by} has ${approvedBy.length} of ${needed} `,
    make('a', { href: '#/approvals', text: needed === 1 ? 'approval' : 'approvals' }),
    '.',
  ];
}

/** @param {Shown} shown */
export function drawParts(shown) {
  const { payout, timeline } = shown;
  const settled = writeSettledBy(payout);
  byId('payout-title').textContent = payout.clientOrderId;
  byId('payout-state').replaceChildren(
    makeState(payout.state, payout.outcome, payout.attention),
    makeReturned(payout),
    ` · ${sayState(payout)}${settled === '' ? '' : ` ${settled}.`}`,
    ...tellWaiting(payout),
  );
  showAttention(payout);
  byId('payout-story').replaceChildren(...makeStory(payout, timeline.steps, timeline));
  showActions(shown);
  showNote(payout, shown.me);
  showFacts(payout, shown.me);
  showTimeline(payout.clientOrderId, timeline.steps);
}
