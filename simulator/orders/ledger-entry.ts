import type { CallbackVariant } from '../scenario';
import type { Settings } from '../settings';

/** An order came into being. Holds no account data: the scenario is all that was kept of the number. */
export interface AcceptedEntry {
  readonly kind: 'accepted';
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly endpointId: string;
  /** Serial number of the create request. */
  readonly serialNumber: string;
  readonly amount: string;
  readonly currency: string;
  readonly scenario: string;
  /** The code a decline of this order carries. */
  readonly declineCode: string;
  readonly serverCallbackUrl: string | null;
  readonly notifyUrl: string | null;
  readonly redirectUrl: string | null;
  readonly redirectSuccessUrl: string | null;
  readonly redirectFailUrl: string | null;
  readonly formToken: string;
  /** Status requests find the order only from this moment on (Unix milliseconds). */
  readonly visibleAtMs: number;
  /** Settings of this order alone. */
  readonly settings: Partial<Settings>;
}

export interface StatusEntry {
  readonly kind: 'status';
  readonly orderId: string;
  readonly status: string;
  readonly amount: string;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Set through the control API: the scenario has no further say. */
  readonly byHand: boolean;
  /** The callbacks this status owes, and the status they name. */
  readonly owes: readonly CallbackVariant[];
  readonly callbackStatus: string;
}

export interface FormEntry {
  readonly kind: 'form';
  readonly orderId: string;
  readonly choice: 'submitted' | 'refused';
}

/** A callback exists from here on and is tried until it is answered 200 or out of tries. */
export interface CallbackQueuedEntry {
  readonly kind: 'callback_queued';
  readonly orderId: string;
  readonly callbackId: string;
  /** The callback this one follows once that is done, or null. */
  readonly continues: string | null;
  /** What follows this one. */
  readonly remaining: readonly CallbackVariant[];
  readonly variant: CallbackVariant;
  readonly status: string;
  readonly type: string;
  /** The order id it names; another one only when asked through the control API. */
  readonly namedOrderId: string;
  readonly method: 'GET' | 'POST';
  readonly delayMs: number;
  /** Sent through the control API: once, never repeated. */
  readonly byHand: boolean;
}

/** Written before the bytes leave. */
export interface CallbackAttemptEntry {
  readonly kind: 'callback_attempt';
  readonly orderId: string;
  readonly callbackId: string;
  readonly attempt: number;
}

export interface CallbackAnswerEntry {
  readonly kind: 'callback_answer';
  readonly orderId: string;
  readonly callbackId: string;
  readonly attempt: number;
  readonly httpStatus: number | null;
  readonly failure: string | null;
  readonly done: boolean;
}

export type LedgerDraft =
  | AcceptedEntry
  | StatusEntry
  | FormEntry
  | CallbackQueuedEntry
  | CallbackAttemptEntry
  | CallbackAnswerEntry;

/** `seq` counts from 1 without holes; `at` is an ISO time. */
export type Stamped<Draft> = Draft & { readonly seq: number; readonly at: string };
export type LedgerEntry = Stamped<LedgerDraft>;
