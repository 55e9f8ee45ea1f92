import type { DataConverter } from '@temporalio/common';
import { type Acknowledgement, isAcknowledgement } from '../domain/late-events';
import { createDecoder, type DecodePayloads } from '../temporal/data-converter';
import { acknowledgeSignal } from '../workflows/messages';
import { fetchHistory, type RunName } from './history-pages';
import { type HistoryEvent, readFirstBy } from './recorded';
import type { Call } from './runs';

/** The acknowledgements that a run was sent, in the order in which they came. */
export async function readAcknowledgements(
  history: readonly HistoryEvent[],
  decode: DecodePayloads,
): Promise<Acknowledgement[]> {
  const first = readFirstBy(decode);
  const sent: Acknowledgement[] = [];
  for (const { workflowExecutionSignaledEventAttributes: signal } of history) {
    if (signal?.signalName !== acknowledgeSignal.name) continue;
    const made = await first<unknown>(signal.input);
    if (isAcknowledgement(made)) sent.push(made);
  }
  return sent;
}

/** The first acknowledgement with this id that a run was sent: the history decides between two at the same instant, with no worker. */
export async function findFirst(
  id: string,
  from: { readonly call: Call; readonly dataConverter: DataConverter; readonly run: RunName },
): Promise<Acknowledgement | undefined> {
  const { call, dataConverter, run } = from;
  const sent = await readAcknowledgements(await fetchHistory(call, run), createDecoder(dataConverter, run));
  return sent.find((made) => made.id === id);
}
