import {
  advanceBatch,
  BATCH_ACTIONS,
  type BatchOrder,
  type BatchRecord,
  type BatchTerms,
  isBatchOver,
  isBatchWaiting,
  MOST_BATCH_AHEAD_MS,
} from './batch';
import { isSchedule, type Schedule } from './gate';

/** So many acts a batch takes; to cancel it is always possible. */
export const MOST_BATCH_ACTS = 50;

/** Why an act is not done, and what would be needed. */
export const BATCH_REFUSALS = {
  id_used: ['idempotency-key', 'a key that no other act on the batch has'],
  over: ['state', 'a batch whose rows are not all started, and that is not cancelled'],
  many_acts: ['state', `a batch with fewer than ${MOST_BATCH_ACTS} acts`],
  not_running: ['state', 'a batch that is running'],
  not_paused: ['state', 'a batch that is paused'],
  not_awaiting_approval: ['state', 'a batch that waits for approvals'],
  begun: ['state', 'a batch that has not begun'],
  too_late: ['executeAt', 'a time at most a year after the batch was taken'],
  own_request: ['person', 'another person than the one who asked for it'],
  already_approved: ['person', 'a person who has not approved it'],
  other_content: ['contentHash', 'the hash of the batch as it is'],
} as const satisfies Readonly<Record<string, readonly [field: string, expected: string]>>;
export type BatchRefusal = keyof typeof BATCH_REFUSALS;

export function isBatchRefusal(word: string): word is BatchRefusal {
  return Object.hasOwn(BATCH_REFUSALS, word);
}

type Named = Pick<BatchOrder, 'id' | 'action' | 'actor' | 'reason'>;

/** True when this very act is one of those that the batch records. */
export function isOrderDone({ acts }: BatchRecord, order: Named & { readonly schedule?: Schedule }): boolean {
  const fields = ['id', 'action', 'actor', 'reason'] as const;
  return acts.some((act) => {
    const isOtherTime =
      act.action === 'reschedule' && (order.schedule ?? act.schedule).executeAtMs !== act.schedule.executeAtMs;
    return fields.every((field) => act[field] === order[field]) && !isOtherTime;
  });
}

/** True when the id belongs to another act: of another kind, by another person, or for another reason. */
export function isOrderIdUsed(record: BatchRecord, order: Named): boolean {
  return !isOrderDone(record, order) && record.acts.some((act) => act.id === order.id);
}

/** Why an act is not done now; null when it may be. */
export function refuseBatchOrder(record: BatchRecord, order: BatchOrder, terms: BatchTerms): BatchRefusal | null {
  if (isOrderIdUsed(record, order)) return 'id_used';
  if (isOrderDone(record, order)) return null;
  const { state, acts, gate } = record;
  if (isBatchOver(state)) return 'over';
  if (order.action === 'cancel') return null;
  if (acts.length >= MOST_BATCH_ACTS) return 'many_acts';
  const person = order.person ?? order.actor;
  switch (order.action) {
    case 'pause':
      return state === 'running' ? null : 'not_running';
    case 'resume':
      return state === 'paused' ? null : 'not_paused';
    case 'reject':
      return state === 'awaiting_approval' ? null : 'not_awaiting_approval';
    case 'approve':
      if (state !== 'awaiting_approval') return 'not_awaiting_approval';
      if (order.contentHash !== terms.contentHash) return 'other_content';
      if (person === terms.gate?.requester) return 'own_request';
      return gate?.approvedBy.includes(person) ? 'already_approved' : null;
    case 'reschedule':
      if (!isBatchWaiting(state)) return 'begun';
      return order.schedule.executeAtMs > terms.acceptedAtMs + MOST_BATCH_AHEAD_MS ? 'too_late' : null;
  }
}

const STATE_AFTER = { pause: 'paused', resume: 'running', cancel: 'cancelled', reject: 'cancelled' } as const;

/** The record after an act; the same when it was done already, or is refused. */
export function takeBatchOrder(
  record: BatchRecord,
  order: BatchOrder,
  { terms, atMs }: { readonly terms: BatchTerms; readonly atMs: number },
): BatchRecord {
  if (isOrderDone(record, order) || refuseBatchOrder(record, order, terms) !== null) return record;
  const done = { ...record, acts: [...record.acts, { ...order, atMs }] };
  const { gate } = record;
  if (order.action === 'approve') {
    if (gate === undefined) return record;
    const approvedBy = [...gate.approvedBy, order.person ?? order.actor];
    const schedule = later(gate.schedule, order.notBefore);
    return advanceBatch({ ...done, gate: { ...gate, approvedBy, ...(schedule && { schedule }) } }, terms, atMs);
  }
  if (order.action === 'reschedule') {
    const { limit: _tried, ...rest } = gate ?? { approvedBy: [] };
    return advanceBatch({ ...done, gate: { ...rest, schedule: order.schedule } }, terms, atMs);
  }
  return { ...done, state: STATE_AFTER[order.action] };
}

function later(one: Schedule | undefined, other: Schedule | undefined): Schedule | undefined {
  return (other?.executeAtMs ?? 0) > (one?.executeAtMs ?? 0) ? other : one;
}

/** True for a value that has the shape of an order: a signal may be sent by hand. */
export function isBatchOrder(value: unknown): value is BatchOrder {
  const order = (value ?? {}) as Readonly<Record<string, unknown>>;
  const areTexts = [order.id, order.actor, order.reason].every((text) => typeof text === 'string' && text !== '');
  const isAction = BATCH_ACTIONS.some((action) => action === order.action);
  if (!areTexts || !isAction || !['string', 'undefined'].includes(typeof order.person)) return false;
  if (order.action === 'approve')
    return typeof order.contentHash === 'string' && (order.notBefore === undefined || isSchedule(order.notBefore));
  return order.action !== 'reschedule' || isSchedule(order.schedule);
}
