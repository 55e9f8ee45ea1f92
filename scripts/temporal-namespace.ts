import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { waitUntil } from './wait-until';

const DAY_MS = 24 * 60 * 60 * 1000;

async function withConnection<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 1000 });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** Whether the frontend answers its gRPC health check and knows the namespace. Throws when it does not answer. */
export function isTemporalServing(address: string, namespace = 'default'): Promise<boolean> {
  return withConnection(address, async (connection) => {
    const health = await connection.healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' });
    await connection.workflowService.describeNamespace({ namespace });
    return health.status === 1;
  });
}

/** How many days a namespace remembers closed workflows; 0 when it does not say. */
export function readRetentionDays(address: string, namespace = 'default'): Promise<number> {
  return withConnection(address, async (connection) => {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / (DAY_MS / 1000);
  });
}

/** Sets how long a namespace remembers closed workflows, and waits until it says so itself. */
export async function keepClosedWorkflows(address: string, days: number, namespace = 'default'): Promise<void> {
  if ((await readRetentionDays(address, namespace)) === days) return;
  await withConnection(address, (connection) =>
    connection.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(days * DAY_MS) },
    }),
  );
  await waitUntil({
    what: `a retention of ${days} days`,
    timeoutMs: 10_000,
    ask: async () => (await readRetentionDays(address, namespace)) === days,
  });
}
