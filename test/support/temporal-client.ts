import { Client, Connection } from '@temporalio/client';
import type { Stack } from './stack';

/** A client of the test's own, which reads what the product has stored. Close its connection before the stack is stopped. */
export async function connectClient(stack: Stack): Promise<Client> {
  const connection = await Connection.connect({ address: stack.temporalAddress });
  return new Client({ connection, namespace: stack.namespace, dataConverter: stack.dataConverter });
}

/** A client for as long as `use` takes. */
export async function withClient<T>(stack: Stack, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectClient(stack);
  try {
    return await use(client);
  } finally {
    await client.connection.close();
  }
}
