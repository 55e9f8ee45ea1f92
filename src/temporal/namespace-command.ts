import { parseArgs } from 'node:util';
import { openClientConnection, readTemporalAddress } from './connection';
import { describeNamespaceProblem, findNamespaceProblems, REPAIR } from './namespace';
import { listSetupCommands, setUpNamespace } from './namespace-setup';

const USAGE = `npm run namespace -- --check | --apply

Checks the namespace that TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE name, or sets up what is missing: the namespace itself,
a retention of 90 days, the search attributes.`;

/** `npm run namespace`, also in the image. Exit code 0 when nothing is missing, 1 when something is, 2 for wrong arguments. */
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
      console.log(`Namespace ${namespace} on ${address.connectionOptions.address} has everything that payouts need.`);
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

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
