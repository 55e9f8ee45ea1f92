import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { SEARCH_ATTRIBUTES } from './search-attributes';
import { waitUntil } from './wait-until';

// IndexedValueType of Temporal's API.
const SEARCH_ATTRIBUTE_TYPES = { Keyword: 2, Int: 3, Datetime: 6 } as const;

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

/** Creates a namespace with the payouts' search attributes, and waits until both can be used. */
export async function createNamespace(address: string, namespace: string, retentionDays: number): Promise<void> {
  await withConnection(address, async (connection) => {
    const workflowExecutionRetentionPeriod = msToTs(retentionDays * DAY_MS);
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    await waitUntil({
      what: `search attributes of ${namespace}`,
      timeoutMs: 20_000,
      ask: async () => {
        // A new namespace is unknown to this call until the server's cache turns over.
        const searchAttributes = Object.fromEntries(
          SEARCH_ATTRIBUTES.map(([name, type]) => [name, SEARCH_ATTRIBUTE_TYPES[type]]),
        );
        await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
        const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
        return SEARCH_ATTRIBUTES.every(([name]) => customAttributes?.[name] !== undefined);
      },
    });
  });
}
