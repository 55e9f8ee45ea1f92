import {
  Client,
  type Connection,
  type DataConverter,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowHandle,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { ClientOrderId } from '../domain/ids';
import { parseDecimal } from '../domain/money';
import { deadlineOf, lastDeadline } from '../domain/next-step';
import { openPayout, type Payout } from '../domain/payout';
import { tenantOf } from '../domain/tenants';
import { classifyFailure, isTrouble, type RefusedCall, refusedCallOf, saysNotRunning } from '../temporal/call-failure';
import { createDecoder } from '../temporal/data-converter';
import type { Facts, Tracing } from '../tracing/tracing';
import {
  approversSignal,
  callbackSignal,
  type DetailsMessage,
  detailsSignal,
  PAYOUT_WORKFLOW_TYPE,
  PAYOUTS_TASK_QUEUE,
  type PayoutInput,
  payoutWorkflowId,
  returnedSignal,
  searchAttributes,
  tenantAttribute,
} from '../workflows/messages';
import { type BatchParts, createBatchParts } from './batch-parts';
import { type BatchStore, createBatchStore } from './batches';
import type { CallbackStore, Signalled } from './callback-intake';
import { type ClosedPayouts, createClosedPayouts } from './closed-payouts';
import { TemporalUnavailable } from './errors';
import { createHistoryReader, type Made, MEMO_MADE, type Reading } from './history-reader';
import { createLimitReader, type LimitReader } from './limits';
import { createNotificationStore, type NotificationStore } from './notifications';
import { createOperate, type Operate } from './operator-acts';
import { createRunReader, hasRoom, type Run } from './runs';
import { createUnmatchedCallbacks, type UnmatchedCallbacks } from './unmatched-callbacks';
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
export interface PayoutStore
  extends CallbackStore,
    Pick<ClosedPayouts, 'acknowledge'>,
    Pick<UnmatchedCallbacks, 'readUnmatched' | 'acknowledgeUnmatched'> {
  /** Starts the payout; null when one with this id exists, running or closed. */
  start(input: PayoutInput, options: StartOptions): Promise<Payout | null>;
  read(clientOrderId: ClientOrderId): Promise<Reading | null>;
  /** Reads until `isEnough` or until the time is over; waits on the history, not on a timer. */
  readUntil(
    clientOrderId: ClientOrderId,
    wait: { isEnough: (reading: Reading) => boolean; forMs: number },
  ): Promise<Reading | null>;
  /** Gives a running payout what its Receiver entered; durable without a worker. False when there is no running payout. */
  signalDetails(clientOrderId: ClientOrderId, message: DetailsMessage): Promise<boolean>;
  /** Signals a running payout that its Receiver came back. False when there is no running payout. */
  signalReturn(clientOrderId: ClientOrderId): Promise<boolean>;
  /** Tells a running payout whether enough others may approve it. False when there is no running payout. */
  signalApprovers(clientOrderId: ClientOrderId, isBlocked: boolean): Promise<boolean>;
  readonly operate: Operate;
}

/** Whose any of our workflows is; null when Temporal knows none of this id. */
export type OwnerOf = (workflowId: string) => Promise<string | null>;

const RPC_LIMIT_MS = 4_000;

/** Of what a batch starts: in a queue, everything else (3) goes first, and tenants take turns. Activities inherit it. */
const behindOthers = (input: PayoutInput) => ({ priorityKey: 4, fairnessKey: tenantOf(input) });

/** Sends a signal to this run, perhaps within a span. */
type Around = (run: Run, work: () => Promise<Signalled>) => Promise<Signalled>;
const untraced: Around = (_run, work) => work();

function traceNow(tracing: Tracing | null): Pick<Made, 'trace'> {
  const trace = tracing?.current() ?? null;
  return trace === null ? {} : { trace };
}

export interface StoreOptions {
  readonly connection: Connection;
  readonly namespace: string;
  /** The one of the workers: what they seal is read here, and the other way round. */
  readonly dataConverter: DataConverter;
  /** Called for each call that Temporal did not serve. */
  readonly onRefused?: (trouble: RefusedCall) => void;
  /** Default null: no traces. */
  readonly tracing?: Tracing | null;
}

/** The store of payouts, and what is beside it: one client behind all. */
export function createPayoutStore(options: StoreOptions): PayoutStore & {
  readonly visibility: Visibility;
  readonly notifications: NotificationStore;
  readonly limits: LimitReader;
  readonly batches: BatchStore;
  readonly batchParts: BatchParts;
  readonly ownerOf: OwnerOf;
} {
  const { connection, namespace, dataConverter, onRefused = () => undefined, tracing = null } = options;
  const interceptors = tracing === null ? {} : { interceptors: { workflow: [...tracing.ofClient] } };
  const client = new Client({ connection, namespace, dataConverter, ...interceptors });

  /** The deadline ends the client's own retries too: after a 503 nothing is sent any more. */
  async function call<T>(run: (client: Client) => Promise<T>, limitMs = RPC_LIMIT_MS): Promise<T> {
    try {
      return await connection.withDeadline(Date.now() + limitMs, () => run(client));
    } catch (error) {
      const failure = classifyFailure(error);
      if (!isTrouble(failure)) throw error;
      onRefused(refusedCallOf(error, failure));
      throw new TemporalUnavailable(failure);
    }
  }

  const histories = createHistoryReader({ call, namespace, dataConverter });
  const runs = createRunReader({ call, namespace });
  const closedPayouts = createClosedPayouts({ call, runs, namespace, dataConverter });
  const unmatched = createUnmatchedCallbacks({ call, runs, namespace, dataConverter });

  /** An id that was used before starts nothing, running or closed: that keeps a payout from being sent twice. */
  async function startOnce(
    workflowType: string,
    workflowId: string,
    options: Pick<WorkflowStartOptions, 'memo' | 'priority' | 'typedSearchAttributes'> & { args: [unknown] },
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

  async function signal(
    clientOrderId: ClientOrderId,
    send: (handle: WorkflowHandle) => Promise<void>,
    { around = untraced }: { around?: Around } = {},
  ): Promise<Signalled> {
    const workflowId = payoutWorkflowId(clientOrderId);
    const run = await runs.describe(workflowId);
    if (run === null) return 'unknown';
    if (!run.isOpen) return 'closed';
    if (!hasRoom(run)) return 'full';
    return await around(run, async () => {
      try {
        await call((client) => send(client.workflow.getHandle(workflowId)));
        return 'taken';
      } catch (error) {
        if (saysNotRunning(error)) return 'closed';
        throw error;
      }
    });
  }

  /** The span of a callback, in the trace of the payout that it is about. */
  const inTraceOfPayout =
    (facts: Facts & { readonly clientOrderId: ClientOrderId }): Around =>
    async (run, work) => {
      if (tracing === null) return await work();
      const workflowId = payoutWorkflowId(facts.clientOrderId);
      const decode = createDecoder(dataConverter, { namespace, workflowId });
      const made = run.memo?.[MEMO_MADE];
      const [memo] = made ? await decode([made]).catch(() => []) : [];
      const parent = (memo as Partial<Made> | null | undefined)?.trace ?? null;
      return await tracing.run({ name: 'callback', kind: 'server', facts, parent }, async (note) => {
        const outcome = await work();
        note({ outcome });
        return outcome;
      });
    };

  const store: PayoutStore = {
    async start(input, { fingerprint, madeBy, destinationHash }) {
      const { request, endpoint, acceptedAtMs, policy, batch } = input;
      const payout = openPayout(request, { ...input, atMs: acceptedAtMs });
      const isStarted = await startOnce(PAYOUT_WORKFLOW_TYPE, payoutWorkflowId(request.clientOrderId), {
        args: [input],
        memo: { [MEMO_MADE]: { fingerprint, by: madeBy, ...traceNow(tracing) } satisfies Made },
        ...(batch !== undefined && { priority: behindOthers(input) }),
        typedSearchAttributes: [
          { key: searchAttributes.state, value: payout.state === 'accepted' ? 'open' : payout.state },
          ...(payout.attention === null ? [] : [{ key: searchAttributes.attention, value: payout.attention }]),
          { key: searchAttributes.endpoint, value: endpoint },
          ...tenantAttribute(payout),
          { key: searchAttributes.currency, value: request.currency },
          {
            key: searchAttributes.amountMinor,
            value: Number(parseDecimal(request.amount, request.currency).minor),
          },
          ...(request.tags === undefined ? [] : [{ key: searchAttributes.tags, value: [...request.tags] }]),
          ...(batch === undefined ? [] : [{ key: searchAttributes.batch, value: batch }]),
          ...(destinationHash === null ? [] : [{ key: searchAttributes.destinationHash, value: destinationHash }]),
          {
            key: searchAttributes.nextDeadline,
            value: new Date(
              payout.state === 'accepted'
                ? lastDeadline(acceptedAtMs, policy)
                : (deadlineOf(payout, policy) ?? acceptedAtMs),
            ),
          },
        ],
      });
      return isStarted ? payout : null;
    },

    async read(clientOrderId) {
      try {
        const reading = await histories.read(clientOrderId);
        if (reading === null || !reading.isClosed) return reading;
        return { ...reading, lateEvents: await closedPayouts.readLateEvents(reading.payout) };
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

    signalCallback: (clientOrderId, message) => {
      const { endpoint, report } = message;
      const facts = { clientOrderId, endpoint, ...(report.orderId !== null && { orderId: report.orderId }) };
      const send = (payout: WorkflowHandle) => payout.signal(callbackSignal, message);
      return signal(clientOrderId, send, { around: inTraceOfPayout(facts) });
    },
    signalDetails: async (clientOrderId, message) =>
      (await signal(clientOrderId, (payout) => payout.signal(detailsSignal, message))) === 'taken',
    signalReturn: async (clientOrderId) =>
      (await signal(clientOrderId, (payout) => payout.signal(returnedSignal))) === 'taken',
    signalApprovers: async (clientOrderId, isBlocked) =>
      (await signal(clientOrderId, (payout) => payout.signal(approversSignal, { isBlocked }))) === 'taken',
    keepLate: closedPayouts.keepLate,
    ...unmatched,
    acknowledge: closedPayouts.acknowledge,

    operate: createOperate({ call, client, runs }),
  };
  const visibility = createVisibility({ call, namespace, dataConverter });
  const batchParts = createBatchParts({ call, namespace, dataConverter });
  return {
    ...{ ...store, visibility, batchParts },
    ownerOf: async (workflowId) => (await runs.describe(workflowId))?.tenant ?? null,
    notifications: createNotificationStore({ call, namespace, dataConverter }),
    limits: createLimitReader({ runs, namespace, dataConverter }),
    batches: createBatchStore({ call, runs, visibility, parts: batchParts, namespace, dataConverter }),
  };
}
