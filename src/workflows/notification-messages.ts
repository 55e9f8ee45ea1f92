import { defineSignal } from '@temporalio/workflow';
import { type ClientOrderId, isClientOrderId } from '../domain/ids';
import type { NotificationBody } from '../domain/notification';

/** The contract of the notification workflow with its clients and activities. No handler code. */
export const NOTIFICATION_WORKFLOW_TYPE = 'notification';
/** A queue of its own, workflows and requests: subscribers that are slow take nothing from payouts. */
export const NOTIFICATIONS_TASK_QUEUE = 'notifications';

/** The workflows of one payout's notifications begin so, whatever their subscribers are called now. */
export function notificationIdPrefix(clientOrderId: ClientOrderId): string {
  return `notify:${clientOrderId}:`;
}

/** One workflow for each payout and subscriber: it keeps the order of what happened to the payout. */
export function notificationWorkflowId(subscriber: string, clientOrderId: ClientOrderId): string {
  return notificationIdPrefix(clientOrderId) + subscriber;
}

/** The payout and the subscriber of a notification workflow; null for an id that is of none. */
export function readNotificationId(workflowId: string): { clientOrderId: ClientOrderId; subscriber: string } | null {
  const [, clientOrderId, subscriber] = /^notify:([^:]+):([^:]+)$/.exec(workflowId) ?? [];
  return clientOrderId !== undefined && subscriber !== undefined && isClientOrderId(clientOrderId)
    ? { clientOrderId, subscriber }
    : null;
}

/** One event to deliver. The same id is the same event, also in another run. */
export interface NotificationEvent {
  readonly id: string;
  readonly body: NotificationBody;
  /** The final state that the payout must have recorded before this is delivered; null for other events. */
  readonly finalState: string | null;
}

/** How the delivery of one event ended. `gone`: the subscriber said 410. `not_recorded`: it never happened after all. */
export type DeliveryOutcome = 'delivered' | 'dead' | 'gone' | 'not_recorded';

export interface SettledEvent {
  readonly event: NotificationEvent;
  readonly outcome: DeliveryOutcome;
  readonly atMs: number;
}

export interface NotificationInput {
  readonly subscriber: string;
  readonly clientOrderId: ClientOrderId;
  /** Set by continue-as-new only. */
  readonly carried?: {
    readonly queue: readonly NotificationEvent[];
    readonly settled: readonly SettledEvent[];
    /** How many dead events a person has seen. */
    readonly acknowledged?: number;
  };
}

export interface ResendOrder {
  readonly actor: string;
  readonly reason: string;
}

export const noticeSignal = defineSignal<[NotificationEvent]>('notice');
/** An operator has dead events sent once more, in their order. */
export const resendSignal = defineSignal<[ResendOrder]>('resend');

/** Values of the search attribute PayoutState of these workflows; `notification_dead` is also their PayoutAttention. */
export const NOTIFICATION_PENDING = 'notification_pending';
export const NOTIFICATION_DEAD = 'notification_dead';
