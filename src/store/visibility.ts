import type { Client, DataConverter } from '@temporalio/client';
import { createDecoder } from '../temporal/data-converter';
import { toMs } from './recorded';
import type { Call } from './runs';
import { shareAnswers } from './shared-answers';

/** One run as visibility stores it, a moment behind. */
export interface VisibleRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
  readonly startedAtMs: number;
  readonly closedAtMs: number | null;
  /** Search attributes by name; stored unencrypted. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** False when it has no memo, or one that is not sealed with one of our keys. */
  readonly hasReadableMemo: boolean;
}

/** `next` is where the list continues; null at its end. */
export interface VisiblePage {
  readonly runs: readonly VisibleRun[];
  readonly next: Uint8Array | null;
}

/** What is asked of Temporal's visibility. Slow, late and limited: for lists alone, never for one payout. */
export type Visibility = ReturnType<typeof createVisibility>;

type Reply = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>;

/** By their numbers in the protocol. */
const STATUSES = 'Unspecified Running Completed Failed Canceled Terminated ContinuedAsNew TimedOut'.split(' ');

/** Equal questions that are asked at the same time are asked once. */
export function createVisibility(options: { call: Call; namespace: string; dataConverter: DataConverter }) {
  const { call, namespace, dataConverter } = options;
  const shareCount = shareAnswers<number>({ keepMs: 0 });
  const shareList = shareAnswers<VisiblePage>({ keepMs: 0 });

  async function readRun({ execution, type, status, memo, ...run }: Reply['executions'][number]): Promise<VisibleRun> {
    const workflowId = execution?.workflowId ?? '';
    const decoded = createDecoder(dataConverter, { namespace, workflowId })(Object.values(memo?.fields ?? {}));
    const fields = Object.entries(run.searchAttributes?.indexedFields ?? {});
    return {
      workflowId,
      runId: execution?.runId ?? '',
      type: type?.name ?? '',
      status: STATUSES.at(status ?? 0) ?? 'Unspecified',
      startedAtMs: toMs(run.startTime),
      closedAtMs: run.closeTime ? toMs(run.closeTime) : null,
      attributes: Object.fromEntries(fields.map(([name, { data }]) => [name, readAttribute(data)])),
      hasReadableMemo: ((await decoded.catch(() => null))?.length ?? 0) > 0,
    };
  }

  return {
    count: (query: string): Promise<number> =>
      shareCount(query, async () => {
        const { count } = await call((client) => client.workflowService.countWorkflowExecutions({ namespace, query }));
        return Number(count ?? 0);
      }),
    list: (query: string, { size, token }: { size: number; token: Uint8Array | null }): Promise<VisiblePage> =>
      shareList([size, Buffer.from(token ?? []).toString('base64'), query].join(' '), async () => {
        const request = { namespace, query, pageSize: size, nextPageToken: token ?? new Uint8Array() };
        const reply = await call((client) => client.workflowService.listWorkflowExecutions(request));
        const runs = await Promise.all((reply.executions ?? []).map(readRun));
        return { runs, next: reply.nextPageToken?.length ? reply.nextPageToken : null };
      }),
  };
}

/** Search attributes are unencrypted JSON, whatever encrypts payloads. A keyword may come as a list of one. */
function readAttribute(data: Uint8Array | null | undefined): unknown {
  const value: unknown = data?.length ? JSON.parse(Buffer.from(data).toString()) : null;
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
