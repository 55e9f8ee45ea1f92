import type { Connection } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import { classifyFailure } from './call-failure';

/** A run as visibility lists it, a moment behind. */
export interface ListedRun {
  readonly type: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly isOpen: boolean;
}

/** The calls of a reader: with these alone nothing can be written. */
export type Reading = Pick<Connection, 'withDeadline'> & {
  readonly workflowService: Pick<
    Connection['workflowService'],
    'listWorkflowExecutions' | 'countWorkflowExecutions' | 'getWorkflowExecutionHistory'
  >;
};

const PAGE = 200;
const LIMIT_MS = 30_000;

const within = <T>(connection: Reading, run: () => Promise<T>): Promise<T> =>
  connection.withDeadline(Date.now() + LIMIT_MS, run);

/** How many runs a query finds. */
export async function countRuns(connection: Reading, namespace: string, query: string): Promise<number> {
  const ask = () => connection.workflowService.countWorkflowExecutions({ namespace, query });
  return Number((await within(connection, ask)).count ?? 0);
}

/** The runs that a query finds, at most `most` of them, a page in memory at a time. */
export async function* listRuns(
  connection: Reading,
  { namespace, query, isOpen, most }: { namespace: string; query: string; isOpen: boolean; most: number },
): AsyncGenerator<ListedRun> {
  let nextPageToken = new Uint8Array();
  let left = most;
  do {
    const request = { namespace, query, pageSize: Math.min(PAGE, left), nextPageToken };
    const reply = await within(connection, () => connection.workflowService.listWorkflowExecutions(request));
    for (const { execution, type } of reply.executions.slice(0, left)) {
      yield { type: type?.name ?? '', workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '', isOpen };
      left -= 1;
    }
    nextPageToken = new Uint8Array(reply.nextPageToken);
  } while (nextPageToken.length > 0 && left > 0);
}

/**
 * All events so far; of an open workflow those of its run of now, for the listed one may have continued as new. The server fixes their
 * end with the first page, so what is written meanwhile is not half in it. Null when the workflow is gone.
 */
export async function readHistory(
  connection: Reading,
  namespace: string,
  { workflowId, runId, isOpen }: ListedRun,
): Promise<History | null> {
  const execution = { workflowId, ...(isOpen ? {} : { runId }) };
  const events: NonNullable<History['events']> = [];
  let nextPageToken = new Uint8Array();
  try {
    do {
      const request = { namespace, execution, nextPageToken };
      const reply = await within(connection, () => connection.workflowService.getWorkflowExecutionHistory(request));
      events.push(...(reply.history?.events ?? []));
      nextPageToken = new Uint8Array(reply.nextPageToken);
    } while (nextPageToken.length > 0);
    return { events };
  } catch (error) {
    if (classifyFailure(error) === 'no_workflow') return null;
    throw error;
  }
}
