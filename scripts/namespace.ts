import { parseArgs } from 'node:util';
import { Connection } from '@temporalio/client';
import { readTemporalAddress } from '../src/temporal/address';
import { openClientConnection } from '../src/temporal/client-connection';
import {
  describeNamespaceProblem,
  describeNamespaceProblems,
  findNamespaceProblems,
  type NamespaceProblem,
  REPAIR,
} from '../src/temporal/namespace';
import { listSetupCommands, setUpNamespace } from '../src/temporal/namespace-setup';
import { describeError } from './project';

const USAGE = `npm run namespace -- --check | --apply

Looks at the namespace that TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE name, or sets up what it lacks: the namespace itself,
a retention of 90 days, the search attributes.`;

async function askServer<T>(address: string, ask: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    return await ask(connection);
  } finally {
    await connection.close();
  }
}

/** Sets a namespace up on a server of our own. @throws when it does not answer, or naming what is missing after that */
export async function prepareNamespace(address: string, namespace = 'default'): Promise<true> {
  const problems = await askServer(address, (connection) => setUpNamespace(connection, namespace));
  if (problems.length > 0) throw new Error(describeNamespaceProblems(problems));
  return true;
}

/** What a namespace lacks for a demonstration, which may be forgotten soon. @throws when the server does not answer */
export function findLacksForDemo(address: string, namespace: string): Promise<readonly NamespaceProblem[]> {
  return askServer(address, (connection) => findNamespaceProblems(connection, { namespace, isLoopback: true }));
}

/** Exit code 0 when nothing is missing, 1 when something is, 2 for a wrong call. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, apply: { type: 'boolean' } } });
  if (Boolean(values.check) === Boolean(values.apply)) {
    console.error(USAGE);
    return 2;
  }
  const address = readTemporalAddress();
  const { namespace } = address;
  const connection = openClientConnection(address);
  try {
    const problems = values.apply
      ? await setUpNamespace(connection, namespace)
      : await findNamespaceProblems(connection, address);
    if (problems.length === 0) {
      console.log(`Namespace ${namespace} on ${address.connectionOptions.address} has all that payouts need.`);
      return 0;
    }
    for (const problem of problems) console.error(describeNamespaceProblem(problem));
    const commands = listSetupCommands(problems, address);
    if (!values.apply) console.error(`To set up what is missing: ${REPAIR}`);
    if (commands.length > 0) console.error(['By hand:', ...commands].join('\n  '));
    return 1;
  } finally {
    await connection.close();
  }
}

if (require.main === module) {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(describeError(error));
      process.exitCode = 1;
    },
  );
}
