import { DBOS } from '@dbos-inc/dbos-sdk';
import { serveFront } from './front';
import { isFinal, type Order, openGateway } from './gateway';

const gateway = openGateway();
const TOPIC = 'callback';

/** The payout as a DBOS workflow: each pause between two polls is a durable wait for the callback's message. */
async function payout(order: Order): Promise<string> {
  const { clientOrderId } = order.request;
  const orderId = await DBOS.runStep(() => gateway.create(order), { name: 'create', retriesAllowed: true });
  for (;;) {
    const heard = await DBOS.recv<string>(TOPIC, order.everyMs / 1_000);
    if (heard !== null) return heard;
    const ask = () => gateway.ask({ clientOrderId, orderId });
    const answer = await DBOS.runStep(ask, { name: 'status', retriesAllowed: true });
    if (answer !== null && isFinal(answer.status)) return answer.status;
  }
}

/** Worker and HTTP in one process, as DBOS means it: what recovers workflows is the program that starts them. */
async function main(): Promise<void> {
  const registered = DBOS.registerWorkflow(payout, { name: 'payout' });
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: process.env.PEER_DATABASE_URL ?? '', logLevel: 'error' });
  await DBOS.launch();
  serveFront({
    async start(order) {
      await DBOS.startWorkflow(registered, { workflowID: order.request.clientOrderId })(order);
    },
    async report(clientOrderId, status) {
      await DBOS.send(clientOrderId, status, TOPIC);
    },
  });
}

void main();
