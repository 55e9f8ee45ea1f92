import { connect } from '@restatedev/restate-sdk-clients';
import { serveFront } from './front';
import type { PayoutWorkflow } from './restate-worker';

const ingress = connect({ url: process.env.RESTATE_INGRESS ?? '' });
const payoutOf = (clientOrderId: string) => ingress.workflowClient<PayoutWorkflow>({ name: 'payout' }, clientOrderId);

serveFront({
  async start(order) {
    await payoutOf(order.request.clientOrderId).workflowSubmit(order);
  },
  async report(clientOrderId, status) {
    await payoutOf(clientOrderId).report(status);
  },
});
