import { Context, type Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ENDPOINT_UNKNOWN, SEND_BROKEN } from '../domain/apply-evidence';
import type { NoAnswer, NotSentCause, Submission } from '../domain/order-report';
import type { PayoutRequest } from '../domain/payout-request';
import { GatewayError } from '../gateway/errors';
import type { CallKind } from '../workflows/messages';
import { callResultOfSubmission, type SendingGate } from './breaker';
import { noAnswerIn } from './failures';
import type { GatewayPort } from './gateways';

export interface SubmitOrder {
  readonly endpoint: string;
  readonly request: PayoutRequest;
  readonly callbackUrl: string;
  readonly redirectUrl: string | null;
  readonly answerTimeoutMs: number;
  /** The run that had it scheduled. */
  readonly runId: string;
}

/** When the server recorded the start of this attempt (epoch milliseconds); null when it no longer waits for it. */
export type FindStart = (info: Info) => Promise<number | null>;

/**
 * Has the server record, durably, that this attempt is about to write the creating request. @throws when the server no longer waits
 * for the attempt or says that it was cancelled, paused or reset, and when it gave no answer: it may have recorded it
 */
export type RecordSend = (info: Info) => Promise<void>;

export interface SendDeps {
  /** The client of an endpoint, for calls of one kind. @throws when this worker does not know it */
  readonly gatewayOf: (endpoint: string, kind: CallKind) => GatewayPort;
  /** Keeps sends from endpoints that keep failing. */
  readonly gate: SendingGate;
  readonly findStart: FindStart;
  readonly recordSend: RecordSend;
  readonly now: () => number;
}

const RESET: Submission = { outcome: 'unconfirmed', cause: 'run_was_reset', orderId: null };
const RECORDED_BEFORE: Submission = { outcome: 'unconfirmed', cause: 'recorded_before', orderId: null };
const PAUSED: Submission = { outcome: 'not_sent', cause: 'endpoint_paused' };
/** Why a probe without an answer sends nothing. */
const CAUSE_OF: Readonly<Record<NoAnswer, NotSentCause>> = {
  silent: 'probe_unanswered',
  unreadable: 'probe_unreadable',
  forbidden: 'forbidden',
  not_asked: 'past_deadline',
};

/** The causes that only say that the endpoint is down; a refusal of our request (403) says more and stays. */
const AWAY: readonly NotSentCause[] = ['unreachable', 'probe_unanswered'];

/**
 * Creates the order, at most once. Probes first: an order that already exists under this id is adopted, never sent again, and
 * a probe without an answer sends nothing. Every outcome is a result; a throw is a defect, and from a send that has begun it leaves
 * as SEND_BROKEN alone: another type could say that nothing was sent. While the endpoint is
 * paused nothing is called, and a trial that finds it still away leaves the payout as paused as it was.
 */
export async function sendOrder(order: SubmitOrder, deps: SendDeps): Promise<Submission> {
  const { endpoint, runId } = order;
  const { gate } = deps;
  const { heartbeatDetails, workflowExecution } = Context.current().info;
  // The run that scheduled this call was reset while it was open: an attempt of that run may have sent.
  if (workflowExecution?.runId !== runId) return RESET;
  // An operator had the call tried again (`temporal activity reset`): the attempt before may have sent.
  if (heartbeatDetails !== undefined) return RECORDED_BEFORE;
  assertKnown(endpoint, deps);
  if (!gate.admits(endpoint)) return PAUSED;
  try {
    const submission = await probeAndSend(order, deps);
    gate.record(endpoint, callResultOfSubmission(submission));
    const isAway = submission.outcome === 'not_sent' && AWAY.includes(submission.cause);
    return isAway && gate.isPaused(endpoint) ? PAUSED : submission;
  } catch (error) {
    const cause = error instanceof Error ? error : undefined;
    throw ApplicationFailure.create({ message: 'a send broke off', type: SEND_BROKEN, nonRetryable: true, cause });
  }
}

function assertKnown(endpoint: string, { gatewayOf }: SendDeps): void {
  try {
    gatewayOf(endpoint, 'send');
  } catch {
    throw ApplicationFailure.nonRetryable('expected an endpoint this worker is configured for', ENDPOINT_UNKNOWN);
  }
}

/** The probe, and then the one call that creates the order. */
async function probeAndSend(order: SubmitOrder, deps: SendDeps): Promise<Submission> {
  const { request, callbackUrl, redirectUrl } = order;
  const { now, recordSend } = deps;
  const { info } = Context.current();
  const deadlineMs = await sendDeadline(info, deps);
  if (deadlineMs === null) return { outcome: 'not_sent', cause: 'past_deadline' };
  const timeoutMs = Math.min(order.answerTimeoutMs, (deadlineMs - now()) / 3);
  const gateway = deps.gatewayOf(order.endpoint, 'send');
  try {
    const ids = { clientOrderId: request.clientOrderId, orderId: null };
    const probe = await gateway.fetchOrderStatus(ids, { timeoutMs });
    if (probe.found) return { outcome: 'adopted', report: probe.report };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { outcome: 'not_sent', cause: CAUSE_OF[noAnswerIn(error)] };
  }
  const record = () => recordInTime(() => recordSend(info), deadlineMs - now());
  return await gateway.submitPayout(request, { deadlineMs, callbackUrl, redirectUrl, recordSend: record });
}

/** A send stops this long before the server gives the attempt up: bytes on their way must not outlive our knowledge of them. */
const MARGIN_PART = 0.05;
/** A task that is taken up this long after it was scheduled was queued, or its worker was frozen: only the server knows which. */
const PROMPT_MS = 3_000;

/**
 * The last moment (epoch milliseconds) at which this attempt may write the creating request; null when it already may not. The
 * server gives the attempt up `startToClose` after it recorded its start, and the workflow continues without it: a worker that was
 * frozen in between must not send late. A prompt start is proof enough; otherwise the server is asked.
 */
export async function sendDeadline(
  info: Info,
  { findStart, now }: Pick<SendDeps, 'findStart' | 'now'>,
): Promise<number | null> {
  const enteredMs = now();
  const isPrompt = Math.abs(enteredMs - info.currentAttemptScheduledTimestampMs) < PROMPT_MS;
  const startedMs = isPrompt ? info.currentAttemptScheduledTimestampMs : await findStart(info);
  if (startedMs === null) return null;
  const deadlineMs = startedMs + info.startToCloseTimeoutMs * (1 - MARGIN_PART);
  return deadlineMs > now() ? deadlineMs : null;
}

/**
 * True when it is on record within `limitMs`. Everything else, also a record that we do not know of, means that no byte may leave: on
 * record and not sent is a doubt, which is safe; sent and not on record would count as not sent, and be sent again.
 */
export async function recordInTime(record: () => Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, limitMs));
  });
  try {
    return await Promise.race([record().then(() => true), tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
