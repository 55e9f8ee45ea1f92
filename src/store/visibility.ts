import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { DecodePayloads } from '../temporal/data-converter';
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
  /** Search attributes by name; stored in clear. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** False when it has no memo, or one that is not sealed with a key of ours. */
  readonly hasReadableMemo: boolean;
}

/** What is asked of Temporal's visibility. Slow, late and limited: for lists alone, never for one payout. */
export interface Visibility {
  count(query: string): Promise<number>;
  /** Open runs first, the newest first; then closed ones, the last closed first. `next` is null when these are all. */
  list(query: string, page: { readonly size: number; readonly token: Uint8Array | null }): Promise<VisiblePage>;
}
export interface VisiblePage {
  readonly runs: readonly VisibleRun[];
  readonly next: Uint8Array | null;
}

type Execution = NonNullable<
  Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>['executions']
>[number];

/** As queries spell them; the index is the number in the protocol. */
const STATUSES = 'Unspecified Running Completed Failed Canceled Terminated ContinuedAsNew TimedOut'.split(' ');

/** Equal questions that are asked at the same time are asked once. */
export function createVisibility(options: {
  call: Call;
  namespace: string;
  decoderOf: (workflowId: string) => DecodePayloads;
}): Visibility {
  const { call, namespace, decoderOf } = options;
  const shareCount = shareAnswers<number>({ keepMs: 0 });
  const shareList = shareAnswers<VisiblePage>({ keepMs: 0 });

  async function readRun(execution: Execution): Promise<VisibleRun> {
    const workflowId = execution.execution?.workflowId ?? '';
    const fields = Object.entries(execution.searchAttributes?.indexedFields ?? {});
    return {
      workflowId,
      runId: execution.execution?.runId ?? '',
      type: execution.type?.name ?? '',
      status: STATUSES.at(execution.status ?? 0) ?? 'Unspecified',
      startedAtMs: toMs(execution.startTime),
      closedAtMs: execution.closeTime ? toMs(execution.closeTime) : null,
      attributes: Object.fromEntries(fields.map(([name, { data }]) => [name, readAttribute(data)])),
      hasReadableMemo: await isReadable(Object.values(execution.memo?.fields ?? {}), decoderOf(workflowId)),
    };
  }

  return {
    count: (query) =>
      shareCount(query, async () => {
        const reply = await call((client) => client.workflowService.countWorkflowExecutions({ namespace, query }));
        return Number(reply.count ?? 0);
      }),
    list: (query, { size, token }) =>
      shareList([size, Buffer.from(token ?? []).toString('base64'), query].join(' '), async () => {
        const request = { namespace, query, pageSize: size, nextPageToken: token ?? new Uint8Array() };
        const reply = await call((client) => client.workflowService.listWorkflowExecutions(request));
        const runs = await Promise.all((reply.executions ?? []).map(readRun));
        return { runs, next: reply.nextPageToken?.length ? reply.nextPageToken : null };
      }),
  };
}

async function isReadable(memo: readonly Payload[], decode: DecodePayloads): Promise<boolean> {
  try {
    return (await decode(memo)).length > 0;
  } catch {
    return false;
  }
}

/** Search attributes are JSON in clear, whatever encrypts payloads. A keyword may come as a list of one. */
function readAttribute(data: Uint8Array | null | undefined): unknown {
  if (!data || data.length === 0) return null;
  const value: unknown = JSON.parse(Buffer.from(data).toString());
  return Array.isArray(value) ? value[0] : value;
}
