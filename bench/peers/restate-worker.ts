import { createServer } from 'node:http2';
import {
  createEndpointHandler,
  RestatePromise,
  type WorkflowContext,
  type WorkflowSharedContext,
  workflow,
} from '@restatedev/restate-sdk';
import { sayReady } from './front';
import { isFinal, type Order, openGateway } from './gateway';

/** The SDK needs it and Node.js 20 lacks it. */
function withResolvers<T>() {
  let [resolve, reject]: [(value: T) => void, (reason: unknown) => void] = [() => undefined, () => undefined];
  const promise = new Promise<T>((onValue, onReason) => {
    [resolve, reject] = [onValue, onReason];
  });
  return { promise, resolve, reject };
}
if (!('withResolvers' in Promise)) Object.assign(Promise, { withResolvers });

const gateway = openGateway();

/** The payout as a Restate workflow: the callback resolves a durable promise that races a timer for each poll. */
const payout = workflow({
  name: 'payout',
  handlers: {
    run: async (ctx: WorkflowContext, order: Order): Promise<string> => {
      const { clientOrderId } = order.request;
      const orderId = await ctx.run('create', () => gateway.create(order));
      const callback = ctx.promise<string>('callback').get();
      for (;;) {
        const heard = await RestatePromise.race([callback, ctx.sleep(order.everyMs).map(() => null)]);
        if (heard !== null) return heard;
        const answer = await ctx.run('status', () => gateway.ask({ clientOrderId, orderId }));
        if (answer !== null && isFinal(answer.status)) return answer.status;
      }
    },
    report: async (ctx: WorkflowSharedContext, status: string): Promise<void> => {
      await ctx.promise<string>('callback').resolve(status);
    },
  },
});

export type PayoutWorkflow = typeof payout;

const handler = createEndpointHandler({ services: [payout] });
createServer(handler).listen(Number(process.env.RESTATE_WORKER_PORT), '127.0.0.1', sayReady);
