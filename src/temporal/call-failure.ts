import {
  isGrpcCancelledError,
  isGrpcDeadlineError,
  isGrpcServiceError,
  NamespaceNotFoundError,
  WorkflowNotFoundError,
} from '@temporalio/client';

/** What keeps Temporal from answering: the server itself, or how this installation is set up on it. */
export type Trouble =
  | 'outage'
  | 'aborted'
  | 'unimplemented'
  | 'namespace'
  | 'search_attribute'
  | 'permission'
  | 'credentials';

/** What a failed call to Temporal says. */
export type CallFailure = 'no_workflow' | 'not_running' | Trouble;

// gRPC status codes.
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const UNIMPLEMENTED = 12;
const UNAUTHENTICATED = 16;
/** Cancelled, unknown, deadline, exhausted, aborted, out of range, internal, unavailable, data loss. */
const OUTAGE: readonly number[] = [1, 2, 4, 8, 10, 11, 13, 14, 15];

/**
 * The one reading of what a failed call means; null when it is no failed call, or one that only our own defect explains.
 * NOT_FOUND alone says nothing of a payout: a missing namespace, update or task is NOT_FOUND as well. Only the server's own sentence about
 * a workflow counts, and what is not recognised is an outage: a caller that reads "no such payout" pays again.
 */
export function classifyFailure(error: unknown): CallFailure | null {
  for (const cause of causesOf(error)) {
    const failure = classifyOne(cause);
    if (failure !== null) return failure;
  }
  return null;
}

/** True when nothing is known of the workflow: the caller can only try again. */
export function isTrouble(failure: CallFailure | null): failure is Trouble {
  return failure !== null && failure !== 'no_workflow' && failure !== 'not_running';
}

/** Why a call was not served. `exhausted`: a limit of the server, as for visibility. */
export type RefusedCall = Trouble | 'exhausted';

/** What `trouble` hides: whether an outage is a limit of the server. */
export function refusedCallOf(error: unknown, trouble: Trouble): RefusedCall {
  const isExhausted = causesOf(error).some((cause) => isGrpcServiceError(cause) && cause.code === RESOURCE_EXHAUSTED);
  return trouble === 'outage' && isExhausted ? 'exhausted' : trouble;
}

/** True for the server's word that no workflow of this id runs: there is none, or it is closed. */
export function saysNotRunning(error: unknown): boolean {
  const failure = classifyFailure(error);
  return failure === 'no_workflow' || failure === 'not_running';
}

function classifyOne(error: unknown): CallFailure | null {
  if (error instanceof NamespaceNotFoundError) return 'namespace';
  // The client turns every NOT_FOUND of a workflow call into this, with the server's message.
  if (error instanceof WorkflowNotFoundError) return readNotFound(error.message);
  if (isGrpcDeadlineError(error) || isGrpcCancelledError(error)) return 'outage';
  if (!isGrpcServiceError(error)) return null;
  const { code } = error;
  // The worker's native connection has the server's words in the message alone.
  const words = error.details || error.message;
  if (code === NOT_FOUND) return readNotFound(words);
  if (code === INVALID_ARGUMENT) return /search attribute/i.test(words) ? 'search_attribute' : null;
  if (code === PERMISSION_DENIED) return 'permission';
  if (code === UNAUTHENTICATED) return 'credentials';
  if (code === FAILED_PRECONDITION) return 'aborted';
  if (code === UNIMPLEMENTED) return 'unimplemented';
  return OUTAGE.includes(code) ? 'outage' : null;
}

/** How a server says that there is no such workflow: over SQL, over Cassandra, and the time-skipping one. Ids come last in it. */
const NO_WORKFLOW: readonly RegExp[] = [
  /^workflow (execution |executionsRow |execution result )?not found\b/i,
  /^operation Get(Current|Workflow)Execution encountered not found\b/i,
  /^execution .*not found in mutable state/i,
];
const NOT_RUNNING =
  /^(completed workflow|workflow (execution already completed|update was aborted by closing workflow))\b/i;

function readNotFound(message: string): CallFailure {
  if (NO_WORKFLOW.some((sentence) => sentence.test(message))) return 'no_workflow';
  if (NOT_RUNNING.test(message)) return 'not_running';
  // Never performed, but on a running workflow just as well as on a closed one.
  if (/^update .* not found$/i.test(message)) return 'aborted';
  return /^namespace\b/i.test(message) ? 'namespace' : 'outage';
}

function causesOf(error: unknown): unknown[] {
  return error instanceof Error && error.cause !== undefined ? [error, ...causesOf(error.cause)] : [error];
}
