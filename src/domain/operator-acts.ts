import { holdingAnew } from './apply-gate';
import { approve, askApproval, isGuarded, reject, takesBackSend, withdraw } from './approvals';
import { note, plainNote } from './evidence';
import { approvalOf, isHeld, type Schedule, withoutWord } from './gate';
import { isDone, type OperatorOrder, refuseAction, refuseOperator, wordOf } from './operator';
import { advance, awaitsApproval, clearAttention, type Payout, takesDetails } from './payout';
import { endUnsent, restart, settle } from './settlement';

/** The payout after an operator's act; unchanged when the act is not allowed or was done already. */
export function applyOperator(payout: Payout, order: OperatorOrder, atMs: number): Payout {
  if (isDone(payout, order) || refuseOperator(payout, order) !== null) return payout;
  return isGuarded(payout, order) ? askApproval(payout, order, atMs) : perform(payout, order, atMs);
}

function perform(payout: Payout, order: OperatorOrder, atMs: number): Payout {
  const { id, actor, reason } = order;
  const entry = { ...plainNote('operator', wordOf(order)), operator: { id, actor, reason }, ...ruleOf(payout, order) };
  const noted = note(payout, entry, { atMs });
  const settlement = { by: 'operator', confirmed: true, reason: null, atMs } as const;
  switch (order.action) {
    case 'check':
      return isHeld(noted.gate) && awaitsApproval(noted) ? askHookAgain(noted, atMs) : noted;
    case 'note':
      return noted;
    case 'cancel':
      return endUnsent({ ...noted, attention: null }, { ...settlement, status: 'cancelled' });
    case 'resend':
      return advance(forgetWord({ ...holdingAnew(noted), attention: null, notSentAtMs: null }), atMs);
    case 'approve': {
      const { payout: approved, released } = approve(noted, order, atMs);
      const isToBeDone = released !== null && refuseAction(approved, released.action) === null;
      return isToBeDone ? perform(approved, released, atMs) : approved;
    }
    case 'reject':
      return reject(noted, atMs);
    case 'withdraw':
      return withdraw(noted, order, atMs);
    case 'reschedule':
      return reschedule(noted, order.schedule, atMs);
    case 'resolve':
      if (order.resolution === 'processing') return restart({ ...noted, attention: null }, atMs);
      return settle({ ...noted, attention: null }, { ...settlement, status: order.resolution });
  }
}

/** Of acts about approvals, the rule that asked for them. */
function ruleOf({ gate }: Payout, order: OperatorOrder): { readonly rule?: string } {
  const { action } = order;
  if (action !== 'approve' && action !== 'reject' && action !== 'withdraw') return {};
  const isOfSend = action === 'withdraw' && takesBackSend(gate, order);
  const rule = (isOfSend ? gate?.approval : approvalOf(gate))?.rule;
  return rule === undefined ? {} : { rule };
}

/** A payout that still asks its Receiver keeps the new time until they have answered. */
function reschedule(payout: Payout, schedule: Schedule, atMs: number): Payout {
  const changed = forgetWord({ ...clearAttention(payout), gate: { ...payout.gate, schedule } });
  return takesDetails(changed) ? changed : advance({ ...changed, notSentAtMs: null }, atMs);
}

/** What was held is asked about anew: approvals were about the word of before. */
function askHookAgain(payout: Payout, atMs: number): Payout {
  return advance(forgetWord(clearAttention(payout)), atMs);
}

/** Money is sent on a fresh word: the hook is asked when the send is due again. */
function forgetWord(payout: Payout): Payout {
  return payout.gate?.word === undefined ? payout : { ...payout, gate: withoutWord(payout.gate) };
}
