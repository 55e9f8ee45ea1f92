import type { Client } from '@temporalio/client';
import { decodeTypedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes';
import { BOUNDS } from '../config/bounds';
import { tenantOf } from '../domain/tenants';
import { classifyFailure } from '../temporal/call-failure';
import { searchAttributes } from '../workflows/messages';

type DescribeReply = Awaited<ReturnType<Client['workflowService']['describeWorkflowExecution']>>;
type Attributes = Parameters<typeof decodeTypedSearchAttributes>[0];
type Memo = NonNullable<NonNullable<DescribeReply['workflowExecutionInfo']>['memo']>['fields'];
type Pending = NonNullable<DescribeReply['pendingActivities']>[number];

/** Calls Temporal within a limit, or throws TemporalUnavailable. */
export type Call = <T>(run: (client: Client) => Promise<T>, limitMs?: number) => Promise<T>;

/** The latest run of a workflow, as a describe call gives it: exact, current, and no visibility call. */
export interface Run {
  readonly isOpen: boolean;
  readonly events: number;
  readonly bytes: number;
  readonly memo: Memo;
  /** Activities that are not over, each with its attempt and its last heartbeat. */
  readonly pending: readonly Pending[];
  readonly tenant: string;
}

export interface RunReader {
  /** Null when Temporal knows no such workflow. */
  describe(workflowId: string): Promise<Run | null>;
}

const RUNNING = 1;

export function createRunReader({ call, namespace }: { call: Call; namespace: string }): RunReader {
  return {
    async describe(workflowId) {
      try {
        const request = { namespace, execution: { workflowId } };
        const { workflowExecutionInfo: info, pendingActivities } = await call((client) =>
          client.workflowService.describeWorkflowExecution(request),
        );
        return {
          isOpen: info?.status === RUNNING,
          events: Number(info?.historyLength ?? 0),
          bytes: Number(info?.historySizeBytes ?? 0),
          memo: info?.memo?.fields ?? {},
          pending: pendingActivities ?? [],
          tenant: readStoredTenant(info?.searchAttributes),
        };
      } catch (error) {
        if (classifyFailure(error) === 'no_workflow') return null;
        throw error;
      }
    },
  };
}

/** Whose a workflow is, by its search attributes: they can be read without keys. */
export function readStoredTenant(stored: { indexedFields?: Attributes | null } | null | undefined): string {
  return tenantOf({ tenant: decodeTypedSearchAttributes(stored?.indexedFields).get(searchAttributes.tenant) });
}

/**
 * True while a run may be sent one more signal. Counted in the history itself, so that it holds over all API processes. A worker replays
 * a history within one activation of five seconds: one that takes longer is cut off by the SDK in the middle, which aborts the whole
 * process, again and again. A thousand signals take about a second.
 */
export function hasRoom({ events, bytes }: Pick<Run, 'events' | 'bytes'>): boolean {
  return events < BOUNDS.payoutEvents.most && bytes < BOUNDS.payoutBytes.most;
}
