import { NativeConnection } from '@temporalio/worker';
import { type Patience, type TemporalAddress, tryPatiently } from './connection';
import { describeNamespaceProblems, findNamespaceProblems } from './namespace';

/**
 * The worker's connection, once the server is there and the namespace is set up. Null when it was stopped meanwhile.
 * @throws Error that names what is missing
 */
export async function connectWorker(
  address: TemporalAddress & { readonly refusesReplicated: boolean },
  patience: Patience,
): Promise<NativeConnection | null> {
  const connection = await tryPatiently(() => NativeConnection.connect(address.connectionOptions), patience);
  if (connection === null) return null;
  const problems = await tryPatiently(() => findNamespaceProblems(connection, address), patience);
  if (problems === null) return null;
  if (problems.length > 0) throw new Error(describeNamespaceProblems(problems));
  return connection;
}
