import type { DataConverter } from '@temporalio/client';
import { saysNotRunning } from '../temporal/call-failure';
import { createDecoder } from '../temporal/data-converter';
import { type BatchPartInput, type BatchRow, releasePartSignal } from '../workflows/batch-messages';
import { PayoutUnreadable } from './errors';
import { fetchHistoryPage } from './history-pages';
import type { Call } from './runs';

/**
 * A part is one payload, of which Temporal takes 2 MB; its message may have 4 MB. Counted in characters of the JSON, before anything is
 * compressed, and with room for characters of several bytes: whatever the keys are, a part fits.
 */
const MOST_PART_LENGTH = 600_000;

/** Rows in parts that fit; a row alone always does. One by one: between two of them others have their turn. */
export function* cutParts(rows: readonly BatchRow[]): Generator<readonly BatchRow[]> {
  let part: BatchRow[] = [];
  let length = 0;
  for (const row of rows) {
    const added = JSON.stringify(row).length + 1;
    if (part.length > 0 && length + added > MOST_PART_LENGTH) {
      yield part;
      part = [];
      length = 0;
    }
    part.push(row);
    length += added;
  }
  if (part.length > 0) yield part;
}

export type BatchParts = ReturnType<typeof createBatchParts>;

/** What holds the rows of batches: a workflow for each part, which keeps its input and does nothing. */
export function createBatchParts(options: {
  readonly call: Call;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
}) {
  const { call, namespace, dataConverter } = options;
  return {
    /** @throws PayoutUnreadable */
    async read(workflowId: string): Promise<BatchPartInput> {
      const { events } = await fetchHistoryPage(call, { namespace, workflowId }, { token: null, waitMs: 0 });
      try {
        const { input } = events[0]?.workflowExecutionStartedEventAttributes ?? {};
        const [part] = await createDecoder(dataConverter, { namespace, workflowId })(input?.payloads);
        if (part === undefined) throw new Error('expected the input of a part');
        return part as BatchPartInput;
      } catch (error) {
        throw new PayoutUnreadable('what is stored of the rows of a batch cannot be read', { cause: error });
      }
    },

    /** The part is not needed any more. */
    async release(workflowId: string): Promise<void> {
      try {
        await call((client) => client.workflow.getHandle(workflowId).signal(releasePartSignal));
      } catch (error) {
        if (!saysNotRunning(error)) throw error;
      }
    },
  };
}
