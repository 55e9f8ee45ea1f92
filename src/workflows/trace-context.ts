import { defaultPayloadConverter, type Headers, type Payload } from '@temporalio/common';
import type { WorkflowInterceptors } from '@temporalio/workflow';

/** The header of the SDK's own interceptors, which write it where a payout is started and read it where an activity runs. */
const TRACE_HEADER = '_tracer-data';

/**
 * Passes the trace that a run was started in on to its activities and to the next run; without one it does nothing. Not the SDK's
 * interceptors: those wrap each call in further promises, so that answers, timers and signals of one task could come in another order
 * than without them, and a payout in flight would not replay once traces are turned on or off. Here each call gets the next one's promise.
 */
export function interceptors(): WorkflowInterceptors {
  let trace: Payload | undefined;
  const traced = <Input extends { readonly headers: Headers }>(input: Input): Input =>
    trace === undefined ? input : { ...input, headers: { ...input.headers, [TRACE_HEADER]: trace } };
  return {
    inbound: [
      {
        execute(input, next) {
          trace = input.headers[TRACE_HEADER];
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input)),
        scheduleLocalActivity: (input, next) => next(traced(input)),
        continueAsNew: (input, next) => next(traced(input)),
        getLogAttributes: (input, next) => next(trace === undefined ? input : { trace_id: traceIdOf(trace), ...input }),
      },
    ],
  };
}

/** Empty for a header in another form: a log line must not stop a payout. */
function traceIdOf(trace: Payload): string {
  try {
    const { traceparent = '' } = defaultPayloadConverter.fromPayload<{ traceparent?: string }>(trace);
    return traceparent.split('-')[1] ?? '';
  } catch {
    return '';
  }
}
