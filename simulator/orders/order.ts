import type { Scenario } from '../scenario';
import { findScenario, scenarioOfDigits } from '../scenarios';
import type { AcceptedEntry, CallbackQueuedEntry, LedgerEntry, StatusEntry } from './ledger-entry';

/** The gateway's final words. */
export const FINAL_STATUSES: readonly string[] = ['approved', 'declined', 'filtered', 'error'];

export interface CallbackState extends Omit<CallbackQueuedEntry, 'kind' | 'orderId'> {
  readonly queuedAtMs: number;
  readonly attempts: number;
  readonly attemptedAtMs: number;
  /** One per answered attempt: the HTTP status, or null when there was none. */
  readonly answers: readonly (number | null)[];
  readonly done: boolean;
}

/** An order as the ledger has it. Never changed in place. */
export interface Order extends Omit<AcceptedEntry, 'kind' | 'scenario'> {
  readonly scenario: Scenario;
  readonly acceptedAtMs: number;
  readonly initialAmount: string;
  readonly status: string;
  readonly statusAtMs: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** How many statuses it took by itself. */
  readonly stepsTaken: number;
  readonly byHand: boolean;
  readonly form: 'none' | 'open' | 'submitted' | 'refused';
  readonly formAtMs: number;
  /** Callbacks promised by the last status and not queued yet. */
  readonly owed: Pick<StatusEntry, 'owes' | 'callbackStatus'> | null;
  readonly callbacks: readonly CallbackState[];
}

function openOrder({ kind: _, ...entry }: AcceptedEntry & { at: string }): Order {
  const scenario = findScenario(entry.scenario) ?? scenarioOfDigits('');
  return {
    ...entry,
    scenario,
    acceptedAtMs: Date.parse(entry.at),
    initialAmount: entry.amount,
    status: 'processing',
    statusAtMs: entry.visibleAtMs,
    errorCode: null,
    errorMessage: null,
    stepsTaken: 0,
    byHand: false,
    form: scenario.asksReceiver ? 'open' : 'none',
    formAtMs: 0,
    owed: null,
    callbacks: [],
  };
}

/**
 * The order after one more entry; the same function serves the running simulator and its restart.
 * @throws Error when the entry names an order that was never accepted.
 */
export function applyEntry(order: Order | undefined, entry: LedgerEntry): Order {
  if (entry.kind === 'accepted') return openOrder(entry);
  if (order === undefined) throw new Error(`ledger: entry ${entry.seq} names an order that was never accepted`);
  const atMs = Date.parse(entry.at);
  switch (entry.kind) {
    case 'status':
      return {
        ...order,
        status: entry.status,
        statusAtMs: atMs,
        amount: entry.amount,
        errorCode: entry.errorCode,
        errorMessage: entry.errorMessage,
        stepsTaken: order.stepsTaken + 1,
        byHand: order.byHand || entry.byHand,
        form: order.form === 'open' && FINAL_STATUSES.includes(entry.status) ? 'none' : order.form,
        owed: entry.owes.length > 0 ? { owes: entry.owes, callbackStatus: entry.callbackStatus } : null,
      };
    case 'form':
      return { ...order, form: entry.choice, formAtMs: atMs };
    case 'callback_queued': {
      const { kind: _, orderId: __, ...queued } = entry;
      const callback = { ...queued, queuedAtMs: atMs, attempts: 0, attemptedAtMs: 0, answers: [], done: false };
      const paysDebt = !entry.byHand && entry.type === 'payout' && entry.continues === null;
      return { ...order, owed: paysDebt ? null : order.owed, callbacks: [...order.callbacks, callback] };
    }
    case 'callback_attempt':
      return changeCallback(order, entry.callbackId, () => ({ attempts: entry.attempt, attemptedAtMs: atMs }));
    case 'callback_answer':
      return changeCallback(order, entry.callbackId, ({ answers }) => ({
        answers: [...answers, entry.httpStatus],
        done: entry.done,
      }));
  }
}

function changeCallback(
  order: Order,
  callbackId: string,
  change: (callback: CallbackState) => Partial<CallbackState>,
): Order {
  return {
    ...order,
    callbacks: order.callbacks.map((callback) =>
      callback.callbackId === callbackId ? { ...callback, ...change(callback) } : callback,
    ),
  };
}
