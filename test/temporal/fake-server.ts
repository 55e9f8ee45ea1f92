import type { Connection } from '@temporalio/client';
import { ATTRIBUTE_TYPES, type AttributeType, DAY_SECONDS, SEARCH_ATTRIBUTES } from '../../src/temporal/namespace';

const MESSAGES: Readonly<Record<number, string>> = {
  3: 'Unable to create search attributes: cannot have more than 10 search attribute of type Keyword.',
  5: 'Namespace payouts is not found.',
};

function grpcError(code: number, details = MESSAGES[code] ?? 'refused'): Error {
  return Object.assign(new Error(details), { code, details, metadata: {} });
}

/** The calls around namespaces as Temporal answers them, in memory: `test/e2e/namespace.test.ts` asks the real one the same. */
export function createFakeServer(options: {
  namespaces?: readonly string[];
  days?: number;
  /** Of a global namespace. */
  clusters?: readonly string[];
  /** Attributes that differ from ours; null: there is none. */
  attributes?: Readonly<Record<string, AttributeType | null>>;
  /** gRPC status by call. */
  fail?: Readonly<Record<string, number>>;
}) {
  const namespaces = new Set(options.namespaces ?? ['payouts']);
  const attributes = new Map<string, AttributeType>(namespaces.size === 0 ? [] : SEARCH_ATTRIBUTES);
  for (const [name, type] of Object.entries(options.attributes ?? {}))
    if (type === null) attributes.delete(name);
    else attributes.set(name, type);
  let seconds = (options.days ?? 90) * DAY_SECONDS;
  const writes: string[] = [];
  const call =
    <Request extends { namespace: string }, Answer>(name: string, answer: (request: Request) => Answer) =>
    async (request: Request): Promise<Answer> => {
      const code = options.fail?.[name];
      if (code !== undefined) throw grpcError(code);
      if (name !== 'registerNamespace' && !namespaces.has(request.namespace)) throw grpcError(5);
      return answer(request);
    };
  const workflowService = {
    describeNamespace: call('describeNamespace', () => ({
      config: { workflowExecutionRetentionTtl: { seconds } },
      isGlobalNamespace: options.clusters !== undefined,
      replicationConfig: { clusters: (options.clusters ?? ['one']).map((clusterName) => ({ clusterName })) },
    })),
    countWorkflowExecutions: call('countWorkflowExecutions', ({ query }: { namespace: string; query: string }) => {
      for (const [, name = '', value = ''] of query.matchAll(/(\w+) = ('[^']*'|\d+)/g)) {
        const type = attributes.get(name);
        const fits = type === 'Int' ? /^\d+$/.test(value) : /^'/.test(value);
        if (type === undefined || !fits) throw grpcError(3, `invalid query: invalid search attribute: ${name}`);
      }
      return { count: 0 };
    }),
    registerNamespace: call(
      'registerNamespace',
      (request: { namespace: string; workflowExecutionRetentionPeriod: { seconds: number } }) => {
        namespaces.add(request.namespace);
        seconds = request.workflowExecutionRetentionPeriod.seconds;
        writes.push(`register ${seconds / DAY_SECONDS} days`);
      },
    ),
    updateNamespace: call(
      'updateNamespace',
      ({ config }: { namespace: string; config: { workflowExecutionRetentionTtl: { seconds: number } } }) => {
        seconds = config.workflowExecutionRetentionTtl.seconds;
        writes.push(`update ${seconds / DAY_SECONDS} days`);
      },
    ),
  };
  const operatorService = {
    listSearchAttributes: call('listSearchAttributes', () => ({
      customAttributes: Object.fromEntries(
        [...attributes].map(([name, type]) => [name, ATTRIBUTE_TYPES.indexOf(type)]),
      ),
    })),
    addSearchAttributes: call(
      'addSearchAttributes',
      ({ searchAttributes }: { namespace: string; searchAttributes: Record<string, number> }) => {
        for (const [name, number] of Object.entries(searchAttributes))
          attributes.set(name, ATTRIBUTE_TYPES[number] ?? '');
        writes.push(`add ${Object.keys(searchAttributes).join(' ')}`);
      },
    ),
  };
  const withDeadline = async (_limit: number, run: () => Promise<unknown>) => await run();
  return { connection: { withDeadline, workflowService, operatorService } as unknown as Connection, writes };
}
