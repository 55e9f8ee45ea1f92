import type { Connection } from '@temporalio/client';
import { classifyFailure } from './call-failure';
import type { TemporalAddress } from './connection';
import {
  ATTRIBUTE_TYPES,
  DAY_SECONDS,
  findNamespaceProblems,
  type NamespaceProblem,
  RETENTION_DAYS,
  SEARCH_ATTRIBUTES,
} from './namespace';

/** A new namespace or attribute is unknown to some calls until the server's caches turn over. */
const SETTLE_TRIES = 100;
const SETTLE_PAUSE_MS = 200;

/**
 * Creates the namespace and the search attributes that are missing, and lengthens a retention that is too short. Changes nothing else,
 * so that it may run again and again.
 *
 * @returns what is still missing, and why where the server says it; empty when all is there
 */
export async function setUpNamespace(connection: Connection, namespace: string): Promise<readonly NamespaceProblem[]> {
  const find = () => findNamespaceProblems(connection, { namespace, isLoopback: false });
  for (let tries = 1; ; tries += 1) {
    const problems = await find();
    // The server would take an attribute of another type once more, and change nothing.
    const isStuck = problems.some(({ kind }) => kind === 'attribute_type' || kind === 'refused');
    if (problems.length === 0 || isStuck || tries === SETTLE_TRIES) return problems;
    const refusal = await connection.withDeadline(Date.now() + 10_000, () => repair(connection, namespace, problems));
    if (refusal !== null) return [...problems, refusal];
    await new Promise((resolve) => setTimeout(resolve, SETTLE_PAUSE_MS));
  }
}

/** One step; null when it was taken, or is taken again at the next try. */
async function repair(
  { workflowService, operatorService }: Connection,
  namespace: string,
  problems: readonly NamespaceProblem[],
): Promise<NamespaceProblem | null> {
  const retention = { seconds: (RETENTION_DAYS * DAY_SECONDS) as never, nanos: 0 };
  const has = (kind: NamespaceProblem['kind']) => problems.some((problem) => problem.kind === kind);
  if (has('namespace')) {
    const request = { namespace, workflowExecutionRetentionPeriod: retention };
    return await take('creating the namespace', () => workflowService.registerNamespace(request));
  }
  if (has('retention')) {
    const config = { workflowExecutionRetentionTtl: retention };
    return await take('changing the retention', () => workflowService.updateNamespace({ namespace, config }));
  }
  const missing = SEARCH_ATTRIBUTES.filter(([name]) => problems.some(({ attribute }) => attribute === name));
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, ATTRIBUTE_TYPES.indexOf(type)]));
  const request = { namespace, searchAttributes };
  return await take('adding search attributes', () => operatorService.addSearchAttributes(request));
}

async function take(field: string, run: () => Promise<unknown>): Promise<NamespaceProblem | null> {
  try {
    await run();
    return null;
  } catch (error) {
    const expected = describeRefusal(error);
    if (expected === null) return null;
    return { kind: 'refused', attribute: null, field, expected };
  }
}

const ALREADY_EXISTS = 6;

/** Null for what passes by itself. @throws what is none of this */
function describeRefusal(error: unknown): string | null {
  const limit = /cannot have more than \d+ search attributes? of type \w+/.exec(String(error))?.[0];
  if (limit !== undefined) return `room for them; the namespace ${limit}`;
  const failure = classifyFailure(error);
  if (failure === 'permission' || failure === 'credentials') return 'the permission to do it; it was refused';
  if (failure === 'unimplemented') return 'a server with this call; it has none';
  if (failure === 'namespace' || (error as { code?: unknown }).code === ALREADY_EXISTS) return null;
  throw error;
}

/** The same by hand, for where this program may not do it. */
export function listSetupCommands(problems: readonly NamespaceProblem[], address: TemporalAddress): readonly string[] {
  const { namespace } = address;
  const isCloud = /\.(tmprl\.cloud|api\.temporal\.io)(:\d+)?$/.test(address.connectionOptions.address);
  const has = (kind: NamespaceProblem['kind']) => problems.some((problem) => problem.kind === kind);
  const missing = SEARCH_ATTRIBUTES.filter(
    ([name]) =>
      has('namespace') ||
      problems.some((problem) => problem.attribute === name && problem.kind === 'attribute_missing'),
  );
  if (isCloud) {
    const tcld = `tcld namespace`;
    return [
      ...(has('namespace')
        ? [`${tcld} create --namespace ${namespace} --region REGION --retention-days ${RETENTION_DAYS}`]
        : []),
      ...(has('retention')
        ? [`${tcld} retention set --namespace ${namespace} --retention-days ${RETENTION_DAYS}`]
        : []),
      ...missing.map(
        ([name, type]) => `${tcld} search-attributes add --namespace ${namespace} --search-attribute "${name}=${type}"`,
      ),
    ];
  }
  const operator = `temporal operator`;
  return [
    ...(has('namespace')
      ? [`${operator} namespace create --namespace ${namespace} --retention ${RETENTION_DAYS}d`]
      : []),
    ...(has('retention')
      ? [`${operator} namespace update --namespace ${namespace} --retention ${RETENTION_DAYS}d`]
      : []),
    ...missing.map(
      ([name, type]) => `${operator} search-attribute create --namespace ${namespace} --name ${name} --type ${type}`,
    ),
  ];
}
