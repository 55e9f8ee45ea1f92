import type { ConnectionLike } from '@temporalio/client';
import { searchAttributes } from '../workflows/messages';
import { classifyFailure } from './call-failure';
import type { TemporalAddress } from './connection';

/** A closed payout's id is remembered this long: the gateway repeats callbacks for 14 days, and a forgotten id could pay again. */
const LEAST_RETENTION_DAYS = 14;
export const RETENTION_DAYS = 90;
export const DAY_SECONDS = 24 * 60 * 60;

/** What this namespace must have and has not, in words that repeat nothing of a payout. */
export interface NamespaceProblem {
  readonly kind: 'namespace' | 'retention' | 'replicated' | 'attribute_missing' | 'attribute_type' | 'refused';
  /** Name of the search attribute, null for anything else. */
  readonly attribute: string | null;
  readonly field: string;
  readonly expected: string;
}

/** The command that sets up what is missing; the same in a checkout and in the image. */
export const REPAIR = 'npm run namespace -- --apply';

/** Which namespace, and what it must be. */
export interface NamespaceDemands extends Pick<TemporalAddress, 'namespace' | 'isLoopback'> {
  /** A failover to another cluster can run the same call in both: a process that sends must not start there unasked. */
  readonly refusesReplicated?: boolean;
}

type Checked = Pick<ConnectionLike, 'workflowService' | 'operatorService' | 'withDeadline'>;

/** Temporal's types of search attributes, by their number on the wire. */
export const ATTRIBUTE_TYPES = ['', 'Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

const TYPES: Readonly<Record<string, AttributeType>> = {
  ...{ KEYWORD: 'Keyword', KEYWORD_LIST: 'KeywordList', INT: 'Int', DATETIME: 'Datetime' },
};

/** Name and type of each of our search attributes. Never encrypted, so never personal. */
export const SEARCH_ATTRIBUTES: readonly (readonly [name: string, type: AttributeType])[] = Object.values(
  searchAttributes,
).map(({ name, type }) => [name, TYPES[type] ?? '']);

/**
 * What is missing before payouts can be made and found: namespace, retention, search attributes, permission. Empty when nothing is.
 * A development server on this machine may forget sooner.
 *
 * @throws when Temporal does not answer
 */
export async function findNamespaceProblems(
  connection: Checked,
  { namespace, isLoopback, refusesReplicated = false }: NamespaceDemands,
): Promise<readonly NamespaceProblem[]> {
  return await connection.withDeadline(Date.now() + 5_000, async () => {
    try {
      const described = await connection.workflowService.describeNamespace({ namespace });
      const { config, isGlobalNamespace, replicationConfig } = described;
      const isReplicated = isGlobalNamespace === true && (replicationConfig?.clusters ?? []).length > 1;
      const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_SECONDS;
      const retention = isLoopback || days >= LEAST_RETENTION_DAYS ? [] : [shortRetention(namespace, days)];
      const replicated = isReplicated && refusesReplicated ? [describeReplicated(namespace)] : [];
      return [...retention, ...replicated, ...(await findAttributeProblems(connection, namespace))];
    } catch (error) {
      return [describeRefusal(error, namespace)];
    }
  });
}

/** One line for a problem. */
export function describeNamespaceProblem({ field, expected }: NamespaceProblem): string {
  return `${field}: expected ${expected}`;
}

/** What a process that refuses to start says. */
export function describeNamespaceProblems(problems: readonly NamespaceProblem[]): string {
  return [...problems.map(describeNamespaceProblem), `To set up what is missing: ${REPAIR}`].join('\n');
}

/** @throws what is no refusal: the server is not there, or does not answer as it should */
function describeRefusal(error: unknown, namespace: string): NamespaceProblem {
  const failure = classifyFailure(error);
  const problem = (kind: NamespaceProblem['kind'], field: string, expected: string) => ({
    ...{ kind, attribute: null, field, expected },
  });
  if (failure === 'namespace') return problem('namespace', `namespace ${namespace}`, 'one of this name; found none');
  if (failure === 'permission') return problem('refused', 'permission', `access to namespace ${namespace}`);
  if (failure === 'credentials') return problem('refused', 'credentials', 'ones that Temporal accepts');
  throw error;
}

function describeReplicated(namespace: string): NamespaceProblem {
  const expected =
    'one cluster: activities are at-least-once when a replicated one fails over; see operating, then set ALLOW_REPLICATED_NAMESPACE=yes';
  return { kind: 'replicated', attribute: null, field: `clusters of namespace ${namespace}`, expected };
}

function shortRetention(namespace: string, days: number): NamespaceProblem {
  const expected = `at least ${LEAST_RETENTION_DAYS} days, better ${RETENTION_DAYS}; found ${days}`;
  return { kind: 'retention', attribute: null, field: `retention of namespace ${namespace}`, expected };
}

async function findAttributeProblems(connection: Checked, namespace: string): Promise<readonly NamespaceProblem[]> {
  let found: Readonly<Record<string, unknown>>;
  try {
    found = (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes ?? {};
  } catch (error) {
    const failure = classifyFailure(error);
    // A server may keep its operator's calls to itself, as Temporal Cloud does: then ask as a reader does.
    if (failure === 'permission' || failure === 'unimplemented') return await probeAttributes(connection, namespace);
    throw error;
  }
  return SEARCH_ATTRIBUTES.flatMap(([name, type]) => {
    const number = found[name];
    const known = typeof number === 'number' ? ATTRIBUTE_TYPES[number] : undefined;
    return known === type ? [] : [attributeProblem(name, type, known ?? null)];
  });
}

const SAMPLES: Partial<Record<AttributeType, string>> = { Int: '0', Datetime: "'2000-01-01T00:00:00Z'" };

/** By queries, one for all and, only when that is refused, one for each. They see a missing attribute, and most wrong types. */
async function probeAttributes(connection: Checked, namespace: string): Promise<readonly NamespaceProblem[]> {
  const isRefused = async (attributes: typeof SEARCH_ATTRIBUTES): Promise<boolean> => {
    const query = attributes.map(([name, type]) => `${name} = ${SAMPLES[type] ?? "'none'"}`).join(' AND ');
    try {
      await connection.workflowService.countWorkflowExecutions({ namespace, query });
      return false;
    } catch (error) {
      if (classifyFailure(error) === 'search_attribute') return true;
      throw error;
    }
  };
  if (!(await isRefused(SEARCH_ATTRIBUTES))) return [];
  const problems: NamespaceProblem[] = [];
  for (const [name, type] of SEARCH_ATTRIBUTES)
    if (await isRefused([[name, type]])) problems.push(attributeProblem(name, type, null));
  return problems;
}

function attributeProblem(name: string, type: AttributeType, found: AttributeType | null): NamespaceProblem {
  const kind = found === null ? 'attribute_missing' : 'attribute_type';
  const expected = `type ${type}; found ${found ?? 'none'}`;
  return { kind, attribute: name, field: `search attribute ${name}`, expected };
}
