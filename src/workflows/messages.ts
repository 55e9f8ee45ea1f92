import { defineSearchAttributeKey } from '@temporalio/common';
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Gate } from '../domain/gate';
import type { ClientOrderId } from '../domain/ids';
import type { Acknowledgement, LateClaim, LateRecord } from '../domain/late-events';
import type { OperatorOrder } from '../domain/operator';
import type { CallbackMessage } from '../domain/order-report';
import type { Payout } from '../domain/payout';
import type { AskedRequest, ReceiverDetails } from '../domain/payout-request';
import type { PayoutPolicy } from '../domain/poll-plan';

/** The contract of the payout workflow with its clients and activities: names, ids, inputs, signals. No handler code. */
export const PAYOUT_WORKFLOW_TYPE = 'payout';
export const PAYOUTS_TASK_QUEUE = 'payouts';

/** A call to the gateway: a send with its probe, the confirmation of what a callback claims, or any other question. */
export type CallKind = 'send' | 'confirm' | 'poll';

/** A queue per endpoint and kind: what hangs holds the slots of its own queue alone. A dot, for names of endpoints have none. */
export function gatewayTaskQueue(endpoint: string, kind: CallKind): string {
  return `gateway-${endpoint}.${kind}`;
}

/** A queue of its own: a service that hangs holds nothing else up. */
export const HOOKS_TASK_QUEUE = 'hooks';

/** Workflow ids of payouts begin so. */
export const payoutIdPrefix = 'payout:';

export function payoutWorkflowId(clientOrderId: ClientOrderId): string {
  return `${payoutIdPrefix}${clientOrderId}`;
}

/** The input of the payout workflow. JSON-safe; holds account data, so it is only ever stored encrypted when keys are set. */
export interface PayoutInput {
  readonly request: AskedRequest;
  readonly endpoint: string;
  /** Whose payout it is; absent for the default tenant. */
  readonly tenant?: string;
  readonly acceptedAtMs: number;
  readonly policy: PayoutPolicy;
  readonly callbackUrl: string;
  readonly redirectUrl: string | null;
  /** True if subscribers get notifications about it. */
  readonly notify?: true;
  /** What has to happen before the send; absent for a payout that is sent at once. */
  readonly gate?: Gate;
  /** The batch that it is a row of. */
  readonly batch?: string;
  /** Set by continue-as-new only: the record so far, and what the Receiver entered. */
  readonly carried?: Payout;
  /** Set by continue-as-new only: `request` is what `forgetPersonal` left of it, and must never be sent. */
  readonly isAccountForgotten?: true;
  readonly details?: ReceiverDetails;
}

/** Appends to the inbox and nothing else. */
export const callbackSignal = defineSignal<[CallbackMessage]>('callback');

/** What the Receiver entered, and the keyed hash of their account or card number to find payouts by. Account data: stored encrypted. */
export interface DetailsMessage extends ReceiverDetails {
  readonly destinationHash: string;
  /** The network address of the browser, as far as our proxies are known. */
  readonly enteredFrom: string;
}

/** Durable as soon as it is sent, with no worker running; the first one that a waiting payout takes up counts. */
export const detailsSignal = defineSignal<[DetailsMessage]>('details');

/** The Receiver came back from the gateway's form. A hint to ask the order status: it carries nothing, and proves nothing. */
export const returnedSignal = defineSignal('returned');

/** The keys have changed: whether enough others may approve the payout. */
export const approversSignal = defineSignal<[{ readonly isBlocked: boolean }]>('approvers');

/**
 * An operator's act. Refused before it reaches the history, with an ApplicationFailure of type OPERATOR_REFUSED whose message is an
 * OperatorRefusal; done at most once for its id.
 */
export const operateUpdate = defineUpdate<Payout, [OperatorOrder]>('operate');
export const OPERATOR_REFUSED = 'OperatorRefused';

/** The input of the workflow of the events after one payout: `late:{clientOrderId}`. */
export interface LateEventsInput {
  /** The payout as it closed, without its evidence. */
  readonly payout: Payout;
  readonly policy: PayoutPolicy;
  /** True when subscribers are notified. */
  readonly notify?: true;
  /** What the run before this one knew. */
  readonly known?: LateRecord;
  /** A claim that the payout itself could not settle before it closed. */
  readonly claim?: LateClaim;
}
export const LATE_EVENTS_WORKFLOW_TYPE = 'lateEvents';
export const lateClaimSignal = defineSignal<[LateClaim]>('lateClaim');
/** A person has seen what needs attention: taken by the workflows of late events, unmatched callbacks and notifications. */
export const acknowledgeSignal = defineSignal<[Acknowledgement]>('acknowledge');
/** The memo that holds a LateRecord: it is read by describing the workflow, running or closed, with no worker. */
export const MEMO_LATE_RECORD = 'lateRecord';

/** The PayoutOutcome of late events: set by the one run that learned it, so that counting runs counts payouts. */
export const REST_RETURNED = 'rest_returned';
export const RETURNED_MARKS = {
  partially_returned: ['partially_returned'],
  returned: ['returned', REST_RETURNED],
} as const;

export function lateWorkflowId(clientOrderId: ClientOrderId): string {
  return `late:${clientOrderId}`;
}

/** The input of the workflow that keeps the callbacks of one unknown payout. It takes them as `callbackSignal`. */
export interface UnmatchedCallbackInput {
  readonly clientOrderId: ClientOrderId;
}
export const UNMATCHED_CALLBACK_WORKFLOW_TYPE = 'unmatchedCallback';
/** The PayoutState and the PayoutAttention of these workflows. */
export const UNMATCHED_CALLBACK = 'unmatched_callback';
/** It keeps each once, and so many of them. */
export const MOST_UNMATCHED_KEPT = 10;

export function unmatchedWorkflowId(clientOrderId: ClientOrderId): string {
  return `unmatched:${clientOrderId}`;
}

/** Search attributes are stored unencrypted: nothing personal may ever be put in them. */
export const searchAttributes = {
  state: defineSearchAttributeKey('PayoutState', 'KEYWORD'),
  outcome: defineSearchAttributeKey('PayoutOutcome', 'KEYWORD'),
  attention: defineSearchAttributeKey('PayoutAttention', 'KEYWORD'),
  endpoint: defineSearchAttributeKey('PayoutEndpoint', 'KEYWORD'),
  /** Not set for the default tenant. */
  tenant: defineSearchAttributeKey('PayoutTenant', 'KEYWORD'),
  currency: defineSearchAttributeKey('PayoutCurrency', 'KEYWORD'),
  orderId: defineSearchAttributeKey('GatewayOrderId', 'KEYWORD'),
  destinationHash: defineSearchAttributeKey('DestinationHash', 'KEYWORD'),
  tags: defineSearchAttributeKey('PayoutTags', 'KEYWORD_LIST'),
  amountMinor: defineSearchAttributeKey('AmountMinor', 'INT'),
  nextDeadline: defineSearchAttributeKey('NextDeadline', 'DATETIME'),
  /** The batch that a payout is a row of; of a batch, its own id. */
  batch: defineSearchAttributeKey('PayoutBatch', 'KEYWORD'),
  /** Of the late events of a payout: a person has seen everything that called for attention until then. */
  acknowledgedAt: defineSearchAttributeKey('AcknowledgedAt', 'DATETIME'),
} as const;

/** The search attribute that says whose a workflow is; none for the default tenant. */
export function tenantAttribute({ tenant }: { readonly tenant?: string | undefined }) {
  return tenant === undefined ? [] : [{ key: searchAttributes.tenant, value: tenant }];
}
