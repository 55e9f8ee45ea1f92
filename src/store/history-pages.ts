import type { HistoryEvent } from './recorded';
import type { Call } from './runs';

/** A run by its workflow; without `runId` the current one. */
export interface RunName {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId?: string;
}

/** One answer of the server: events, and where to continue, null at the end. Waits for news for `waitMs` when that is above 0. */
export async function fetchHistoryPage(
  call: Call,
  { namespace, ...execution }: RunName,
  page: { readonly token: Uint8Array | null; readonly waitMs: number },
): Promise<{ events: HistoryEvent[]; token: Uint8Array | null }> {
  const waitNewEvent = page.waitMs > 0;
  const request = { namespace, execution, waitNewEvent, nextPageToken: page.token ?? new Uint8Array() };
  const limitMs = waitNewEvent ? page.waitMs : undefined;
  const reply = await call((client) => client.workflowService.getWorkflowExecutionHistory(request), limitMs);
  const token = reply.nextPageToken ?? null;
  return { events: reply.history?.events ?? [], token: token !== null && token.length > 0 ? token : null };
}

/** All events of a run so far, in order. */
export async function fetchHistory(call: Call, run: RunName): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let token: Uint8Array | null = null;
  do {
    const page = await fetchHistoryPage(call, run, { token, waitMs: 0 });
    events.push(...page.events);
    token = page.token;
  } while (token !== null);
  return events;
}
