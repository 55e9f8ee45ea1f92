import { GatewayError } from '../gateway/errors';
import type { Facts, GatewayOf, Tracing } from './tracing';

/** The same gateways, each call in a span of kind and outcome. Nothing of a request or an answer is in it but ids. */
export function traceGateways(gatewayOf: GatewayOf, run: Tracing['run']): GatewayOf {
  return (endpoint, kind) => {
    const gateway = gatewayOf(endpoint, kind);
    const factsOf = (clientOrderId: string, call: string): Facts => ({ endpoint, clientOrderId, kind: call });
    return {
      submitPayout: (request, options) => {
        const span = {
          name: 'gateway create',
          kind: 'client',
          facts: factsOf(request.clientOrderId, 'create'),
        } as const;
        return run(span, async (note) => {
          const result = await gateway.submitPayout(request, options);
          const { outcome } = result;
          note({ outcome: 'cause' in result ? `${outcome} ${result.cause}` : outcome });
          if ('orderId' in result && result.orderId !== null) note({ orderId: result.orderId });
          return result;
        });
      },
      fetchOrderStatus: (ids, options) => {
        const call = kind === 'send' ? 'probe' : kind;
        const span = { name: 'gateway status', kind: 'client', facts: factsOf(ids.clientOrderId, call) } as const;
        return run(span, async (note) => {
          try {
            const answer = await gateway.fetchOrderStatus(ids, options);
            note({ outcome: answer.found ? answer.report.status : 'not_found' });
            const orderId = answer.found ? answer.report.orderId : ids.orderId;
            if (orderId !== null) note({ orderId });
            return answer;
          } catch (error) {
            note({ outcome: error instanceof GatewayError ? error.kind : 'not_asked' });
            throw error;
          }
        });
      },
    };
  };
}
