import type { Client } from '@temporalio/client';
import type { Call } from '../history-reader';
import { type Attribute, type Clause, formatClause } from './clause';
import { toMicroseconds } from './start-time';

/** One run as visibility shows it, a moment behind. `workflowId`, type and status stand among the attributes too. */
export interface VisibleRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly startUs: number;
  readonly closedAtMs: number | null;
  readonly attributes: Readonly<Partial<Record<Attribute, string>>>;
  readonly amountMinor: number | null;
}

/** What is read of Temporal's visibility. Unordered: its own order moves when runs close. */
export interface Visibility {
  count(clause: Clause): Promise<number>;
  /** At most 1,000 runs in one answer, and where to go on; `next` is null when these are all. */
  list(clause: Clause, next?: Uint8Array): Promise<{ readonly runs: VisibleRun[]; readonly next: Uint8Array | null }>;
}

/** The server gives no more in one answer, whatever is asked for. */
const PAGE_SIZE = 1_000;
type Execution = NonNullable<
  Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>['executions']
>[number];

export function createVisibility({ call, namespace }: { call: Call; namespace: string }): Visibility {
  return {
    async count(clause) {
      const query = formatClause(clause);
      const reply = await call((client) => client.workflowService.countWorkflowExecutions({ namespace, query }));
      return Number(reply.count ?? 0);
    },
    async list(clause, next = new Uint8Array()) {
      const request = { namespace, query: formatClause(clause), pageSize: PAGE_SIZE, nextPageToken: next };
      const reply = await call((client) => client.workflowService.listWorkflowExecutions(request));
      const token = reply.nextPageToken ?? null;
      return {
        runs: (reply.executions ?? []).map(readExecution),
        next: token !== null && token.length > 0 ? token : null,
      };
    },
  };
}

/** Every run that fits, in as many answers as it takes: for what does not move, or may move. */
export async function listAll(visibility: Visibility, clause: Clause): Promise<VisibleRun[]> {
  const all: VisibleRun[] = [];
  let next: Uint8Array | null | undefined;
  do {
    const page = await visibility.list(clause, next ?? undefined);
    all.push(...page.runs);
    next = page.next;
  } while (next !== null);
  return all;
}

/** As the list filters spell them; the number is the wire's. */
const STATUSES = [
  'Unspecified',
  'Running',
  'Completed',
  'Failed',
  'Canceled',
  'Terminated',
  'ContinuedAsNew',
  'TimedOut',
] as const;

function readExecution(execution: Execution): VisibleRun {
  const fields = execution.searchAttributes?.indexedFields ?? {};
  const text = (name: Attribute) => {
    const value = readAttribute(fields[name]?.data);
    return typeof value === 'string' ? { [name]: value } : {};
  };
  const amountMinor = readAttribute(fields.AmountMinor?.data);
  const workflowId = execution.execution?.workflowId ?? '';
  return {
    workflowId,
    runId: execution.execution?.runId ?? '',
    startUs: toMicroseconds(execution.startTime),
    closedAtMs: execution.closeTime ? Math.floor(toMicroseconds(execution.closeTime) / 1_000) : null,
    attributes: {
      WorkflowId: workflowId,
      WorkflowType: execution.type?.name ?? '',
      ExecutionStatus: STATUSES[Number(execution.status ?? 0)] ?? 'Unspecified',
      ...text('PayoutState'),
      ...text('PayoutOutcome'),
      ...text('PayoutAttention'),
      ...text('PayoutEndpoint'),
      ...text('PayoutCurrency'),
      ...text('GatewayOrderId'),
    },
    amountMinor: typeof amountMinor === 'number' ? amountMinor : null,
  };
}

/** Search attributes are JSON in clear, whatever encrypts payloads. A keyword may come as a list of one. */
function readAttribute(data: Uint8Array | null | undefined): unknown {
  if (!data || data.length === 0) return null;
  const value: unknown = JSON.parse(Buffer.from(data).toString());
  return Array.isArray(value) ? value[0] : value;
}
