import {
  ApplicationFailure,
  DefaultFailureConverter,
  type PayloadConverter,
  type SerializationContext,
} from '@temporalio/common';

/** The type that failures of this kind have in Temporal; `src/domain/apply-evidence.ts` goes by it. */
export const PAYLOAD_REFUSED = 'PayloadRefused';

/**
 * A payload that is not sealed as it must be. The words are constant but for the id of a key, so they may be in a log and unencrypted
 * in Temporal: they show an operator why a payout is stuck.
 */
export class PayloadRefused extends Error {
  override readonly name = PAYLOAD_REFUSED;
}

type Failure = ReturnType<DefaultFailureConverter['errorToFailure']>;

/**
 * Messages and stacks of failures travel as payloads, which the codec seals. Runs in the worker, in its workflow sandbox and in the API.
 *
 * The failure of a refused payload is not encrypted: its words are constant, and encrypted with a wrong key they would be unreadable.
 * The worker reports a workflow task it could not process as a failure without an owner, which cannot be sealed to its workflow:
 * of that one only constant words are passed on, and the worker's log says the rest. A codec that threw there would end the worker.
 */
class SealedFailureConverter extends DefaultFailureConverter {
  constructor() {
    super({ encodeCommonAttributes: true });
  }

  override errorToFailure(error: unknown, payloadConverter: PayloadConverter, context?: SerializationContext): Failure {
    if (isRefusal(error)) return inClear(error.message, PAYLOAD_REFUSED);
    if (context !== undefined) return super.errorToFailure(error, payloadConverter, context);
    return inClear('a task could not be processed; the log of the worker says why', 'TaskFailed');
  }
}

/** The SDK wraps what an activity's arguments were refused with, and keeps the type. */
function isRefusal(error: unknown): error is Error {
  return error instanceof PayloadRefused || (error instanceof ApplicationFailure && error.type === PAYLOAD_REFUSED);
}

function inClear(message: string, type: string): Failure {
  return { source: 'TypeScriptSDK', message, applicationFailureInfo: { type } };
}

/** The SDK looks for this name in the file. */
export const failureConverter = new SealedFailureConverter();
