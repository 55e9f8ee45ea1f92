import {
  ApplicationFailure,
  Client,
  type Connection,
  type DataConverter,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  type WorkflowStartOptions,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { ClientOrderId } from '../domain/ids';
import { parseDecimal } from '../domain/money';
import { lastDeadline } from '../domain/next-step';
import { isIdUsed, type OperatorOrder } from '../domain/operator';
import { detailsUntil, openPayout, type Payout } from '../domain/payout';
import { classifyFailure, isTrouble, saysNotRunning } from '../temporal/call-failure';
import { createDecoder } from '../temporal/data-converter';
import {
  callbackSignal,
  type DetailsMessage,
  detailsSignal,
  OPERATOR_REFUSED,
  operateUpdate,
  PAYOUT_WORKFLOW_TYPE,
  PAYOUTS_TASK_QUEUE,
  type PayoutInput,
  payoutWorkflowId,
  returnedSignal,
  searchAttributes,
} from '../workflows/messages';
import { repeatAborted } from './aborted-update';
import type { CallbackStore } from './callback-intake';
import { createClosedPayouts } from './closed-payouts';
import { createHistoryReader, MEMO_FINGERPRINT, MEMO_MADE_BY, type Reading } from './history-reader';
import { createNotificationStore, type NotificationStore } from './notifications';
import { createRunReader, hasRoom } from './runs';
import { TemporalUnavailable } from './temporal-unavailable';
import { createVisibility, type Visibility } from './visibility';

export type { PayoutInput } from '../workflows/messages';
export type { Reading } from './history-reader';

export interface StartOptions {
  readonly fingerprint: string;
  /** The name of the caller, never a key. */
  readonly madeBy: string;
  /** Null while the Receiver has not said where the money goes. */
  readonly destinationHash: string | null;
}

/** The only place that talks to Temporal on behalf of HTTP. Every call ends within `RPC_LIMIT_MS` or with TemporalUnavailable. */
export interface PayoutStore extends CallbackStore {
  /** Starts the payout; null when one with this id exists, running or closed. */
  start(input: PayoutInput, options: StartOptions): Promise<Payout | null>;
  read(clientOrderId: ClientOrderId): Promise<Reading | null>;
  /** Reads until `isEnough` or until the time is over; waits on the history, not on a timer. */
  readUntil(
    clientOrderId: ClientOrderId,
    wait: { isEnough: (reading: Reading) => boolean; forMs: number },
  ): Promise<Reading | null>;
  /** Hands a running payout what its Receiver entered; durable without a worker. False when there is no running payout. */
  signalDetails(clientOrderId: ClientOrderId, message: DetailsMessage): Promise<boolean>;
  /** Tells a running payout that its Receiver came back. False when there is no running payout. */
  signalReturn(clientOrderId: ClientOrderId): Promise<boolean>;
  /**
   * Performs an operator's act on a running payout, once for its id.
   * @returns the payout after it, or why it is not allowed; null when no running payout has this id
   */
  operate(clientOrderId: ClientOrderId, order: OperatorOrder): Promise<Payout | { readonly refusal: string } | null>;
}

const RPC_LIMIT_MS = 4_000;

export interface StoreOptions {
  readonly connection: Connection;
  readonly namespace: string;
  /** The one of the workers: what they seal is read here, and the other way round. */
  readonly dataConverter: DataConverter;
}

/** The desk, and beside it what is read of lists and of notifications: one client behind all three. */
export function createPayoutStore(
  options: StoreOptions,
): PayoutStore & { readonly visibility: Visibility; readonly notifications: NotificationStore } {
  const { connection, namespace, dataConverter } = options;
  const client = new Client({ connection, namespace, dataConverter });

  /** The deadline ends the client's own retries too: after a 503 nothing is sent any more. */
  async function call<T>(run: (client: Client) => Promise<T>, limitMs = RPC_LIMIT_MS): Promise<T> {
    try {
      return await connection.withDeadline(Date.now() + limitMs, () => run(client));
    } catch (error) {
      const failure = classifyFailure(error);
      throw isTrouble(failure) ? new TemporalUnavailable(failure) : error;
    }
  }

  const histories = createHistoryReader({ call, namespace, dataConverter });
  const runs = createRunReader({ call, namespace });
  const closedPayouts = createClosedPayouts({ call, runs, namespace, dataConverter });

  /** An id that was ever used starts nothing more, running or closed: that is what keeps a payout from being sent twice. */
  async function startOnce(
    workflowType: string,
    workflowId: string,
    options: Pick<WorkflowStartOptions, 'memo' | 'staticSummary' | 'typedSearchAttributes'> & { args: [unknown] },
  ): Promise<boolean> {
    const once = { workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'FAIL' } as const;
    const taskQueue = PAYOUTS_TASK_QUEUE;
    try {
      await call((client) => client.workflow.start(workflowType, { ...options, ...once, workflowId, taskQueue }));
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  }

  async function signal(clientOrderId: ClientOrderId, send: (handle: WorkflowHandle) => Promise<void>) {
    const workflowId = payoutWorkflowId(clientOrderId);
    const run = await runs.describe(workflowId);
    if (run === null) return 'unknown';
    if (!run.isOpen) return 'closed';
    if (!hasRoom(run)) return 'full';
    try {
      await call((client) => send(client.workflow.getHandle(workflowId)));
      return 'taken';
    } catch (error) {
      if (saysNotRunning(error)) return 'closed';
      throw error;
    }
  }

  const store: PayoutStore = {
    async start(input, { fingerprint, madeBy, destinationHash }) {
      const { request, endpoint, acceptedAtMs, policy } = input;
      const payout = openPayout(request, { endpoint, atMs: acceptedAtMs });
      const isStarted = await startOnce(PAYOUT_WORKFLOW_TYPE, payoutWorkflowId(request.clientOrderId), {
        args: [input],
        memo: { [MEMO_FINGERPRINT]: fingerprint, [MEMO_MADE_BY]: madeBy },
        staticSummary: `${request.amount} ${request.currency} to ${payout.destination ?? 'whom the Receiver names'} by ${endpoint}`,
        typedSearchAttributes: [
          { key: searchAttributes.state, value: request.destination === undefined ? 'awaiting_details' : 'open' },
          { key: searchAttributes.endpoint, value: endpoint },
          { key: searchAttributes.currency, value: request.currency },
          {
            key: searchAttributes.amountMinor,
            value: Number(parseDecimal(request.amount, request.currency).minor),
          },
          ...(destinationHash === null ? [] : [{ key: searchAttributes.destinationHash, value: destinationHash }]),
          {
            key: searchAttributes.nextDeadline,
            value: new Date(detailsUntil(payout) ?? lastDeadline(acceptedAtMs, policy)),
          },
        ],
      });
      return isStarted ? payout : null;
    },

    async read(clientOrderId) {
      try {
        const reading = await histories.read(clientOrderId);
        if (reading === null || !reading.isClosed) return reading;
        return { ...reading, lateEvents: await closedPayouts.readLateEvents(clientOrderId) };
      } catch (error) {
        if (classifyFailure(error) === 'no_workflow') return null;
        throw error;
      }
    },

    async readUntil(clientOrderId, { isEnough, forMs }) {
      const untilMs = Date.now() + forMs;
      const now = await store.read(clientOrderId);
      if (now === null || now.isClosed || isEnough(now)) return now;
      try {
        const later = await histories.waitBeyond(clientOrderId, { since: now.eventCount, untilMs, isEnough });
        return later ?? (await store.read(clientOrderId));
      } catch (error) {
        if (error instanceof TemporalUnavailable && Date.now() >= untilMs) return await store.read(clientOrderId);
        throw error;
      }
    },

    signalCallback: (clientOrderId, message) =>
      signal(clientOrderId, (payout) => payout.signal(callbackSignal, message)),
    signalDetails: async (clientOrderId, message) =>
      (await signal(clientOrderId, (payout) => payout.signal(detailsSignal, message))) === 'taken',
    signalReturn: async (clientOrderId) =>
      (await signal(clientOrderId, (payout) => payout.signal(returnedSignal))) === 'taken',
    keepLate: closedPayouts.keepLate,
    keepUnmatched: closedPayouts.keepUnmatched,

    async operate(clientOrderId, order) {
      const workflowId = payoutWorkflowId(clientOrderId);
      const handle = client.workflow.getHandle(workflowId);
      try {
        const update = () => handle.executeUpdate(operateUpdate, { args: [order], updateId: order.id });
        const payout = await repeatAborted(() => call(update));
        // A second update under one id is answered with the outcome of the first, whatever it asks for.
        return isIdUsed(payout, order) ? { refusal: 'id_used' } : payout;
      } catch (error) {
        if (saysNotRunning(error)) return null;
        // Never performed: because the payout has closed, or it is tried again later.
        const isAborted = error instanceof TemporalUnavailable && error.trouble === 'aborted';
        if (isAborted && !(await runs.describe(workflowId))?.isOpen) return null;
        const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
        if (cause instanceof ApplicationFailure && cause.type === OPERATOR_REFUSED) return { refusal: cause.message };
        throw error;
      }
    },
  };
  return {
    ...store,
    visibility: createVisibility({
      ...{ call, namespace },
      decoderOf: (workflowId) => createDecoder(dataConverter, { namespace, workflowId }),
    }),
    notifications: createNotificationStore({ call, namespace, dataConverter }),
  };
}
