import type { WorkflowHandle } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { ClientOrderId } from '../domain/ids';
import { type Acknowledgement, isSameAcknowledgement } from '../domain/late-events';
import { includesTenant, type Tenants, tenantOf } from '../domain/tenants';
import { classifyFailure, saysNotRunning } from '../temporal/call-failure';
import { createDecoder } from '../temporal/data-converter';
import { acknowledgeSignal, searchAttributes } from '../workflows/messages';
import {
  NOTIFICATION_DEAD,
  NOTIFICATION_PENDING,
  NOTIFICATION_WORKFLOW_TYPE,
  notificationIdPrefix,
  notificationWorkflowId,
  type ResendOrder,
  readNotificationId,
  resendSignal,
} from '../workflows/notification-messages';
import { findFirst, readAcknowledgements } from './acknowledgements';
import { PayoutUnreadable, TemporalUnavailable } from './errors';
import { fetchHistory } from './history-pages';
import type { Call } from './history-reader';
import { andTenants } from './list-filter';
import { type NotifiedEvent, type PendingDelivery, readNotifiedEvents, readProblem } from './notification-history';
import { readStoredTenant } from './runs';

/** One subscriber's notifications of one payout, as a list shows them. */
export interface NotificationItem {
  readonly subscriber: string;
  readonly clientOrderId: string;
  readonly tenant: string;
  readonly state: 'pending' | 'dead';
  readonly sinceMs: number;
}

/** One run of delivering a payout's notifications to a subscriber. */
export interface NotificationReading {
  readonly subscriber: string;
  readonly events: readonly NotifiedEvent[];
  readonly sinceMs: number;
  /** Set when what is stored of it cannot be read; it has no events then. */
  readonly problem: 'unreadable' | null;
}

/** The notifications of a payout to a subscriber, asked for by someone who sees these tenants; those of others are not found. */
interface Named {
  readonly subscriber: string;
  readonly clientOrderId: ClientOrderId;
  readonly tenants: Tenants;
}

/** What the API asks Temporal about notifications. Works with every worker down. @throws TemporalUnavailable */
export interface NotificationStore {
  /** A page of what is not delivered yet, or could not be; newest first, a moment behind. */
  list(page: {
    state: 'pending' | 'dead';
    tenants: Tenants;
    limit: number;
    token: Uint8Array | null;
  }): Promise<{ notifications: readonly NotificationItem[]; next: Uint8Array | null }>;
  /** All notifications of a payout, oldest first, of past subscribers too. */
  of(clientOrderId: ClientOrderId, tenants: Tenants): Promise<readonly NotificationReading[]>;
  /** Has the dead events of one subscriber and payout sent again. */
  resend(named: Named, order: ResendOrder): Promise<'asked' | 'not_dead' | 'not_found'>;
  /** Those of one subscriber; null when there are none. @throws PayoutUnreadable */
  read(named: Named): Promise<DeliveryReading | null>;
  /** Takes them out of the queue of what needs a person. `id_used`: another acknowledgement has this id. */
  acknowledge(named: Named, acknowledgement: Acknowledgement): Promise<'asked' | 'not_dead' | 'not_found' | 'id_used'>;
}

/** The deliveries of one payout to one subscriber, and who has acknowledged what is dead of them. */
export interface DeliveryReading {
  readonly events: readonly NotifiedEvent[];
  readonly acknowledgements: readonly Acknowledgement[];
}

const STATES = { pending: NOTIFICATION_PENDING, dead: NOTIFICATION_DEAD } as const;
/** As the server's protocol numbers it. */
const RUNNING = 1;
/** Of one payout: its subscribers are few. */
const MOST_RUNS = 1_000;

export function createNotificationStore(options: {
  call: Call;
  namespace: string;
  dataConverter: DataConverter;
}): NotificationStore {
  const { call, namespace, dataConverter } = options;
  const decoderOf = (workflowId: string) => createDecoder(dataConverter, { namespace, workflowId });

  /** The delivery under way, whose attempts are in no history until it ends. */
  async function findPending(workflowId: string, runId?: string): Promise<PendingDelivery | null> {
    const { raw } = await call((client) => client.workflow.getHandle(workflowId, runId).describe());
    const [pending] = raw.pendingActivities ?? [];
    if (!pending) return null;
    const problem = await readProblem(pending.lastFailure, decoderOf(workflowId));
    const nextAtMs = pending.scheduledTime?.seconds ? Number(pending.scheduledTime.seconds) * 1_000 : null;
    return { attempt: pending.attempt ?? 1, problem, nextAtMs };
  }

  /** A run that cannot be read, or is listed a moment after it is gone, hides none of the others. */
  async function readRun(run: { workflowId: string; runId: string; isRunning: boolean }) {
    const { workflowId, runId, isRunning } = run;
    try {
      const history = await fetchHistory(call, { namespace, workflowId, runId });
      const pending = isRunning ? await findPending(workflowId, runId) : null;
      return { events: await readNotifiedEvents(history, decoderOf(workflowId), pending), problem: null };
    } catch (error) {
      if (error instanceof TemporalUnavailable) throw error;
      return { events: [], problem: 'unreadable' as const };
    }
  }

  return {
    async list({ state, tenants, limit, token }) {
      const attribute = searchAttributes.state.name;
      const query = `WorkflowType = '${NOTIFICATION_WORKFLOW_TYPE}' AND ExecutionStatus = 'Running' AND ${attribute} = '${STATES[state]}'${andTenants(tenants)}`;
      const request = { namespace, query, pageSize: limit, nextPageToken: token ?? new Uint8Array() };
      const reply = await call((client) => client.workflowService.listWorkflowExecutions(request));
      const notifications = (reply.executions ?? []).flatMap(({ execution, startTime, searchAttributes: stored }) => {
        const named = readNotificationId(execution?.workflowId ?? '');
        return named === null
          ? []
          : [{ ...named, tenant: readStoredTenant(stored), state, sinceMs: Number(startTime?.seconds ?? 0) * 1_000 }];
      });
      return { notifications, next: reply.nextPageToken?.length ? reply.nextPageToken : null };
    },

    async of(clientOrderId, tenants) {
      const query = `WorkflowType = '${NOTIFICATION_WORKFLOW_TYPE}' AND WorkflowId STARTS_WITH '${notificationIdPrefix(clientOrderId)}'${andTenants(tenants)}`;
      const request = { namespace, query, pageSize: MOST_RUNS };
      const reply = await call((client) => client.workflowService.listWorkflowExecutions(request));
      const readings = (reply.executions ?? []).map(async ({ execution, startTime, status }) => {
        const run = {
          workflowId: execution?.workflowId ?? '',
          runId: execution?.runId ?? '',
          isRunning: status === RUNNING,
        };
        const named = readNotificationId(run.workflowId);
        // Some stores compare without case.
        if (named?.clientOrderId !== clientOrderId) return [];
        return [
          { subscriber: named.subscriber, sinceMs: Number(startTime?.seconds ?? 0) * 1_000, ...(await readRun(run)) },
        ];
      });
      return (await Promise.all(readings)).flat().sort((left, right) => left.sinceMs - right.sinceMs);
    },

    resend: (named, order) => signalDead(named, (handle) => handle.signal(resendSignal, order)),
    async read({ subscriber, clientOrderId, tenants }) {
      const workflowId = notificationWorkflowId(subscriber, clientOrderId);
      try {
        const history = await fetchHistory(call, { namespace, workflowId });
        const owner = readStoredTenant(history[0]?.workflowExecutionStartedEventAttributes?.searchAttributes);
        if (!includesTenant(tenants, owner)) return null;
        const decode = decoderOf(workflowId);
        const isRunning = !history.some((event) => event.workflowExecutionCompletedEventAttributes);
        const pending = isRunning ? await findPending(workflowId) : null;
        const events = await readNotifiedEvents(history, decode, pending);
        return { events, acknowledgements: await readAcknowledgements(history, decode) };
      } catch (error) {
        if (classifyFailure(error) === 'no_workflow') return null;
        if (error instanceof TemporalUnavailable) throw error;
        throw new PayoutUnreadable('what is stored of notifications cannot be read', { cause: error });
      }
    },
    async acknowledge(named, acknowledgement) {
      const workflowId = notificationWorkflowId(named.subscriber, named.clientOrderId);
      const outcome = await signalDead(named, (handle) => handle.signal(acknowledgeSignal, acknowledgement));
      if (outcome !== 'asked') return outcome;
      const first = await findFirst(acknowledgement.id, { call, dataConverter, run: { namespace, workflowId } });
      return first === undefined || isSameAcknowledgement(first, acknowledgement) ? 'asked' : 'id_used';
    },
  };

  async function signalDead(named: Named, send: (handle: WorkflowHandle) => Promise<void>) {
    try {
      return await call(async (client) => {
        const handle = client.workflow.getHandle(notificationWorkflowId(named.subscriber, named.clientOrderId));
        const { status, typedSearchAttributes } = await handle.describe();
        const tenant = typedSearchAttributes.get(searchAttributes.tenant);
        if (!includesTenant(named.tenants, tenantOf({ tenant }))) return 'not_found';
        const state = typedSearchAttributes.get(searchAttributes.state);
        if (status.name !== 'RUNNING' || state !== NOTIFICATION_DEAD) return 'not_dead';
        await send(handle);
        return 'asked';
      });
    } catch (error) {
      if (saysNotRunning(error)) return 'not_found';
      throw error;
    }
  }
}
