import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { House } from './house';
import { readSqliteBytes } from './sqlite-size';

/** Events, bytes and billed actions so far, of everything in the namespace. */
export interface Recorded {
  readonly events: number;
  readonly bytes: number;
  readonly actions: number;
}

/** The server renews its counters once a second. */
const METRICS_LAG_MS = 2_500;

type Page = Awaited<ReturnType<Connection['workflowService']['listWorkflowExecutions']>>;

/** What Temporal knows of a run; asked before and after what is measured, never during it but for a count. */
export async function openTemporalSide({ temporal, dbFile, temporalLog }: House, payoutType: string) {
  if (temporal === null) throw new Error('expected a house with Temporal');
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection, namespace: 'default' });
  const metricsUrl = /Temporal Metrics:\s+(\S+)/.exec(readFileSync(temporalLog, 'utf8'))?.[1];
  const closed = `WorkflowType = '${payoutType}' AND ExecutionStatus = 'Completed'`;

  /** The server's own count of what Temporal Cloud bills as an action. */
  async function countActions(): Promise<number> {
    const text = await (await fetch(metricsUrl ?? '')).text();
    const lines = text.matchAll(/^action\{([^}]*)\} (\S+)$/gm);
    return [...lines]
      .filter(([, labels = '']) => labels.includes('namespace="default"'))
      .reduce((sum, [, , value]) => sum + Number(value), 0);
  }

  /** As the server has it: what the product has sealed in a memo stays so. */
  async function* list(query: string) {
    let nextPageToken: Uint8Array | null = null;
    do {
      const request = { namespace: 'default', query, pageSize: 1_000, nextPageToken };
      const page: Page = await connection.workflowService.listWorkflowExecutions(request);
      yield* page.executions;
      nextPageToken = page.nextPageToken.length > 0 ? page.nextPageToken : null;
    } while (nextPageToken !== null);
  }

  return {
    pid: temporal.pid,
    countFinals: async () => (await client.workflow.count(closed)).count,
    /** When each payout ended, epoch ms, by its id at the gateway. */
    async finals(): Promise<ReadonlyMap<string, number>> {
      const ends = new Map<string, number>();
      for await (const { execution, closeTime } of list(closed)) {
        const endMs = Number(closeTime?.seconds) * 1_000 + (closeTime?.nanos ?? 0) / 1e6;
        ends.set(execution?.workflowId?.replace(/^payout:/, '') ?? '', endMs);
      }
      return ends;
    },
    /** Open payouts that a person is asked to look at. */
    countForPerson: async () => (await client.workflow.count("PayoutState = 'needs_review'")).count,
    diskBytes: () => readSqliteBytes(dbFile),
    async recorded(): Promise<Recorded> {
      await sleep(METRICS_LAG_MS);
      const sum = { events: 0, bytes: 0, actions: await countActions() };
      // The workflows of schedules are in a division of their own.
      for (const query of ['', "TemporalNamespaceDivision = 'TemporalScheduler'"]) {
        for await (const { historyLength, historySizeBytes } of list(query)) {
          sum.events += Number(historyLength);
          sum.bytes += Number(historySizeBytes);
        }
      }
      return sum;
    },
    close: () => connection.close(),
  };
}
