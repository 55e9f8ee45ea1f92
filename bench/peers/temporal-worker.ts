import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { openClientConnection, readTemporalAddress } from '../../src/temporal/connection';
import { sayReady } from './front';
import { createTemporalActivities, PEER_QUEUE } from './temporal-activities';

/** The worker process of a Temporal peer, as the SDK makes it: `PEER_BUNDLE` names the bundle of its workflows. */
async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const address = readTemporalAddress();
  const { namespace } = address;
  const connection = await NativeConnection.connect(address.connectionOptions);
  const client = new Client({ connection: openClientConnection(address), namespace });
  const worker = await Worker.create({
    ...{ connection, namespace, taskQueue: PEER_QUEUE },
    workflowBundle: { codePath: process.env.PEER_BUNDLE ?? '' },
    activities: createTemporalActivities(connection, client, namespace),
  });
  const running = worker.run();
  sayReady();
  await running;
  process.exit();
}

void main();
