import { DefaultFailureConverter, type PayloadConverter, type SerializationContext } from '@temporalio/common';
import { PayloadRefused } from './payload-refused';

type Failure = ReturnType<DefaultFailureConverter['errorToFailure']>;

/**
 * Messages and stacks of failures travel as payloads, which the codec seals. Runs in the worker, in its workflow sandbox and in the API.
 *
 * The worker reports a workflow task it could not process as a failure of nobody in particular, which cannot be sealed to its workflow.
 * Of that one only constant words are told; the worker's log says the rest. A codec that threw there would end the worker.
 */
class SealedFailureConverter extends DefaultFailureConverter {
  constructor() {
    super({ encodeCommonAttributes: true });
  }

  override errorToFailure(error: unknown, payloadConverter: PayloadConverter, context?: SerializationContext): Failure {
    if (context !== undefined) return super.errorToFailure(error, payloadConverter, context);
    const isRefused = error instanceof PayloadRefused;
    const message = isRefused ? error.message : 'a task could not be processed; the log of the worker says why';
    return {
      source: 'TypeScriptSDK',
      message,
      applicationFailureInfo: { type: isRefused ? error.name : 'TaskFailed' },
    };
  }
}

/** The SDK looks for this name in the file. */
export const failureConverter = new SealedFailureConverter();
