import { randomUUID } from 'node:crypto';
import type { CallbackVariant } from '../scenario';
import type { Settings } from '../settings';
import { setAmountAttention } from '../wire/payout-fields';
import type { CallbackQueuedEntry, LedgerDraft, StatusEntry } from './ledger-entry';
import type { Order } from './order';

/** What an order does next by itself, and when (Unix milliseconds). */
export interface PlannedEntry {
  readonly dueMs: number;
  readonly draft: LedgerDraft;
}

/** Decline texts by code; the codes are the sandbox's documented ones (protocol 3.5). */
const DECLINE_TEXTS: Readonly<Record<string, string>> = {
  '100': 'Decline, do not honour',
  '101': 'Decline, expired card',
  '116': 'Decline, not sufficient funds',
  '119': 'Decline, transaction not permitted',
  '209': 'Decline, pick up',
};

/** The code and text that go with a status; a good one has neither. */
function explainStatus(status: string, declineCode: string): Pick<StatusEntry, 'errorCode' | 'errorMessage'> {
  switch (status) {
    case 'declined':
      return { errorCode: declineCode, errorMessage: DECLINE_TEXTS[declineCode] ?? 'Decline' };
    case 'filtered':
      return { errorCode: '102', errorMessage: 'Refused by fraud control' };
    case 'error':
      return { errorCode: '909', errorMessage: 'System malfunction' };
    default:
      return { errorCode: null, errorMessage: null };
  }
}

function draftStatus(order: Order, status: string, errorMessage?: string): StatusEntry {
  const explained = explainStatus(status, order.declineCode);
  return {
    kind: 'status',
    orderId: order.orderId,
    status,
    amount: order.scenario.otherAmount ? setAmountAttention(order.initialAmount) : order.amount,
    errorCode: explained.errorCode,
    errorMessage: errorMessage ?? explained.errorMessage,
    byHand: false,
    owes: order.scenario.callbacks,
    callbackStatus: order.scenario.callbackStatus ?? status,
  };
}

/** What makes one callback differ from another. */
interface CallbackContent {
  readonly variant: CallbackVariant;
  readonly status: string;
  readonly type: string;
  readonly delayMs: number;
  readonly remaining?: readonly CallbackVariant[];
  readonly continues?: string;
  readonly namedOrderId?: string;
  readonly method?: 'GET' | 'POST';
  readonly byHand?: boolean;
}

/** The entry that makes a callback exist; a GET about the order itself by default. */
export function draftCallback(order: Order, content: CallbackContent): CallbackQueuedEntry {
  return {
    kind: 'callback_queued',
    orderId: order.orderId,
    callbackId: randomUUID(),
    continues: null,
    remaining: [],
    namedOrderId: order.orderId,
    method: 'GET',
    byHand: false,
    ...content,
  };
}

/** Where a callback of this type goes, or null: later events reach `notify_url` only (protocol 4). */
export function callbackTarget(order: Order, type: string): string | null {
  return order.notifyUrl ?? (type === 'payout' ? order.serverCallbackUrl : null);
}

/** A form decides before any step; an order settled by hand takes no step of its own. */
function planStatus(order: Order, settings: Settings): PlannedEntry | null {
  if (order.byHand) return null;
  if (order.form === 'open') {
    const draft = draftStatus(order, 'declined', 'The form was not submitted in time');
    return { dueMs: order.visibleAtMs + settings.formLimitMs, draft };
  }
  if (order.scenario.asksReceiver) {
    if (order.stepsTaken > 0 || order.form === 'none') return null;
    const draft = draftStatus(order, order.form === 'submitted' ? 'approved' : 'declined');
    return { dueMs: order.formAtMs + settings.processingMs, draft };
  }
  const step = order.scenario.steps[order.stepsTaken];
  if (step === undefined) return null;
  const delayMs = step.after === 'at_once' ? 0 : settings[step.after];
  return { dueMs: order.statusAtMs + delayMs, draft: draftStatus(order, step.status) };
}

function planOwedCallback(order: Order, settings: Settings): PlannedEntry | null {
  const [variant, ...remaining] = order.owed?.owes ?? [];
  if (order.owed === null || variant === undefined || callbackTarget(order, 'payout') === null) return null;
  const delayMs = order.scenario.answer === 'after_callback' ? 0 : settings.callbackDelayMs;
  const content = { variant, remaining, status: order.owed.callbackStatus, type: 'payout', delayMs };
  return { dueMs: order.statusAtMs, draft: draftCallback(order, content) };
}

/** The second of a pair starts when the first is done, whatever its answer was. */
function planFollowingCallback(order: Order): PlannedEntry | null {
  for (const { done, remaining, callbackId, status, type } of order.callbacks) {
    const [variant, ...rest] = remaining;
    if (!done || variant === undefined || order.callbacks.some(({ continues }) => continues === callbackId)) continue;
    const content = { variant, remaining: rest, continues: callbackId, status, type, delayMs: 0 };
    return { dueMs: 0, draft: draftCallback(order, content) };
  }
  return null;
}

/** A later transaction: reported once, and only where `notify_url` was given. */
function planReversal(order: Order, settings: Settings): PlannedEntry | null {
  const isDue = order.scenario.reverses && order.status === 'approved' && callbackTarget(order, 'reversal') !== null;
  if (!isDue || order.callbacks.some(({ type, byHand }) => type === 'reversal' && !byHand)) return null;
  const content = { variant: 'right', status: 'approved', type: 'reversal', delayMs: 0 } as const;
  return { dueMs: order.statusAtMs + settings.reversalDelayMs, draft: draftCallback(order, content) };
}

/** The next entry of the order's own life, or null when only the outside can move it. Settings are the order's effective ones. */
export function planNext(order: Order, settings: Settings): PlannedEntry | null {
  const plans = [
    planOwedCallback(order, settings),
    planFollowingCallback(order),
    planReversal(order, settings),
    planStatus(order, settings),
  ].filter((plan) => plan !== null);
  return plans.reduce<PlannedEntry | null>(
    (first, plan) => (first !== null && first.dueMs <= plan.dueMs ? first : plan),
    null,
  );
}
