import {
  Client,
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { ClientOrderId } from '../domain/ids';
import { parseDecimal } from '../domain/money';
import { openPayout, type Payout } from '../domain/payout';
import { dataConverter } from '../temporal/data-converter';
import {
  type CallbackMessage,
  callbackSignal,
  PAYOUT_WORKFLOW_TYPE,
  PAYOUTS_TASK_QUEUE,
  type PayoutInput,
  payoutWorkflowId,
  type StrayCallbackInput,
  searchAttributes,
} from '../workflows/messages';
import { foldHistory, type TimelineStep } from './fold';
import { type HistoryEvent, readRun } from './recorded';
import { TemporalUnavailable } from './temporal-unavailable';

/** A payout as read from Temporal, with what only its reader needs. */
export interface Reading {
  readonly payout: Payout;
  readonly steps: readonly TimelineStep[];
  readonly input: PayoutInput;
  readonly fingerprint: string | null;
  readonly isClosed: boolean;
  readonly eventCount: number;
}

export interface StartOptions {
  readonly fingerprint: string;
  readonly destinationHash: string;
}

/** The only place that talks to Temporal on behalf of HTTP. Every call ends within `RPC_LIMIT_MS` or with TemporalUnavailable. */
export interface PayoutDesk {
  /** Starts the payout; null when one with this id exists, running or closed. */
  start(input: PayoutInput, options: StartOptions): Promise<Payout | null>;
  read(clientOrderId: ClientOrderId): Promise<Reading | null>;
  /** Reads until `isEnough` or until the time is over; waits on the history, not on a timer. */
  readUntil(
    clientOrderId: ClientOrderId,
    wait: { isEnough: (reading: Reading) => boolean; forMs: number },
  ): Promise<Reading | null>;
  /** True when a running payout took it. */
  signalCallback(clientOrderId: ClientOrderId, message: CallbackMessage): Promise<boolean>;
  /** Keeps a callback no open payout could take; the same one again is the same one. */
  keepStray(workflowType: string, workflowId: string, input: StrayCallbackInput): Promise<void>;
  isReachable(): Promise<boolean>;
}

const RPC_LIMIT_MS = 4_000;
const MEMO_FINGERPRINT = 'fingerprint';

export interface DeskOptions {
  /** The connection once there is one. */
  readonly connection: () => NativeConnection | null;
  readonly namespace: string;
}

export function createPayoutDesk({ connection, namespace }: DeskOptions): PayoutDesk {
  let known: { connection: NativeConnection; client: Client } | null = null;
  function connected() {
    const current = connection();
    if (current === null) throw new TemporalUnavailable();
    if (known?.connection !== current)
      known = { connection: current, client: new Client({ connection: current, namespace, dataConverter }) };
    return known;
  }
  async function call<T>(run: (client: Client) => Promise<T>, limitMs = RPC_LIMIT_MS): Promise<T> {
    const { connection: current, client } = connected();
    try {
      return await current.withDeadline(Date.now() + limitMs, () => run(client));
    } catch (error) {
      throw isOutage(error) ? new TemporalUnavailable() : error;
    }
  }

  async function fetchPage(clientOrderId: ClientOrderId, page: { token: Uint8Array | null; waitMs: number }) {
    const request = {
      namespace,
      execution: { workflowId: payoutWorkflowId(clientOrderId) },
      waitNewEvent: page.waitMs > 0,
      nextPageToken: page.token ?? new Uint8Array(),
    };
    const limitMs = page.waitMs > 0 ? page.waitMs : RPC_LIMIT_MS;
    const reply = await call((client) => client.workflowService.getWorkflowExecutionHistory(request), limitMs);
    const token = reply.nextPageToken ?? null;
    return { events: reply.history?.events ?? [], token: token !== null && token.length > 0 ? token : null };
  }

  async function fetchAll(clientOrderId: ClientOrderId): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    let token: Uint8Array | null = null;
    do {
      const page = await fetchPage(clientOrderId, { token, waitMs: 0 });
      events.push(...page.events);
      token = page.token;
    } while (token !== null);
    return events;
  }

  /** The first reading after `since` events that is enough; null when the time is over, or the run ended without being enough. */
  async function waitBeyond(
    clientOrderId: ClientOrderId,
    wait: { since: number; untilMs: number; isEnough: (reading: Reading) => boolean },
  ): Promise<Reading | null> {
    const events: HistoryEvent[] = [];
    let token: Uint8Array | null = null;
    while (Date.now() < wait.untilMs) {
      const page = await fetchPage(clientOrderId, { token, waitMs: wait.untilMs - Date.now() });
      events.push(...page.events);
      token = page.token;
      const reading = events.length > wait.since ? await interpret(events) : null;
      if (reading !== null && (reading.isClosed || wait.isEnough(reading))) return reading;
      if (token === null) return null;
    }
    return null;
  }

  async function interpret(events: readonly HistoryEvent[]): Promise<Reading | null> {
    const run = await readRun(events);
    const folded = foldHistory(run.recorded);
    const start = run.recorded[0];
    if (folded === null || start?.type !== 'started') return null;
    const fingerprint = run.memo[MEMO_FINGERPRINT];
    return {
      payout: run.closed?.result ?? folded.payout,
      steps: folded.steps,
      input: start.input,
      fingerprint: typeof fingerprint === 'string' ? fingerprint : null,
      isClosed: run.closed !== null && !run.closed.continuedAsNew,
      eventCount: events.length,
    };
  }

  const desk: PayoutDesk = {
    async start(input, { fingerprint, destinationHash }) {
      const { request, endpoint } = input;
      try {
        await call((client) =>
          client.workflow.start(PAYOUT_WORKFLOW_TYPE, {
            workflowId: payoutWorkflowId(request.clientOrderId),
            taskQueue: PAYOUTS_TASK_QUEUE,
            args: [input],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            memo: { [MEMO_FINGERPRINT]: fingerprint },
            staticSummary: `${request.amount} ${request.currency} by ${endpoint}`,
            typedSearchAttributes: [
              { key: searchAttributes.state, value: 'open' },
              { key: searchAttributes.endpoint, value: endpoint },
              { key: searchAttributes.currency, value: request.currency },
              {
                key: searchAttributes.amountMinor,
                value: Number(parseDecimal(request.amount, request.currency).minor),
              },
              { key: searchAttributes.destinationHash, value: destinationHash },
            ],
          }),
        );
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
        throw error;
      }
      return openPayout(request, { endpoint, atMs: input.acceptedAtMs });
    },

    async read(clientOrderId) {
      try {
        return await interpret(await fetchAll(clientOrderId));
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },

    async readUntil(clientOrderId, { isEnough, forMs }) {
      const untilMs = Date.now() + forMs;
      const now = await desk.read(clientOrderId);
      if (now === null || now.isClosed || isEnough(now)) return now;
      try {
        const later = await waitBeyond(clientOrderId, { since: now.eventCount, untilMs, isEnough });
        return later ?? (await desk.read(clientOrderId));
      } catch (error) {
        if (error instanceof TemporalUnavailable && Date.now() >= untilMs) return await desk.read(clientOrderId);
        throw error;
      }
    },

    async signalCallback(clientOrderId, message) {
      try {
        await call((client) =>
          client.workflow.getHandle(payoutWorkflowId(clientOrderId)).signal(callbackSignal, message),
        );
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },

    async keepStray(workflowType, workflowId, input) {
      try {
        await call((client) =>
          client.workflow.start(workflowType, {
            workflowId,
            taskQueue: PAYOUTS_TASK_QUEUE,
            args: [input],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            typedSearchAttributes: [
              { key: searchAttributes.state, value: 'stray_callback' },
              {
                key: searchAttributes.attention,
                value: input.finalState === null ? 'orphan_callback' : 'late_callback',
              },
              { key: searchAttributes.endpoint, value: input.endpoint },
              ...(input.report.orderId === null
                ? []
                : [{ key: searchAttributes.orderId, value: input.report.orderId }]),
            ],
          }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },

    async isReachable() {
      try {
        await call((client) => client.workflowService.getSystemInfo({}), 2_000);
        return true;
      } catch {
        return false;
      }
    },
  };
  return desk;
}

const GRPC_UNAVAILABLE = [1, 4, 8, 13, 14];
const GRPC_NOT_FOUND = 5;

function causesOf(error: unknown): unknown[] {
  return error instanceof Error && error.cause !== undefined ? [error, ...causesOf(error.cause)] : [error];
}

/** Cancelled, deadline, exhausted, internal, unavailable: the server's trouble, not an answer. */
function isOutage(error: unknown): boolean {
  return causesOf(error).some(
    (cause) =>
      isGrpcDeadlineError(cause) ||
      isGrpcCancelledError(cause) ||
      (isGrpcServiceError(cause) && GRPC_UNAVAILABLE.includes(cause.code)),
  );
}

function isNotFound(error: unknown): boolean {
  return causesOf(error).some((cause) => isGrpcServiceError(cause) && cause.code === GRPC_NOT_FOUND);
}
