import { createGateways } from '../../src/activities/gateways';
import { readConfig } from '../../src/config/config';
import type { ClientOrderId, OrderId } from '../../src/domain/ids';
import { isFinalStatus } from '../../src/domain/order-report';
import type { PayoutRequest } from '../../src/domain/payout-request';
import { parsePairs, verifyCallback } from '../../src/gateway/callback';

/** What a peer keeps of a payout: what it sends, and how often it asks. */
export interface Order {
  readonly request: PayoutRequest;
  readonly callbackUrl: string;
  readonly everyMs: number;
}

export interface Ids {
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId | null;
}

export const isFinal = (status: string): boolean => isFinalStatus(status as Parameters<typeof isFinalStatus>[0]);

/** The gateway as every peer calls it: through the product's own client, so that a call costs all of them the same. */
export function openGateway() {
  const { endpoints, answerTimeoutMs } = readConfig(process.env);
  const [endpoint] = endpoints;
  if (endpoint === undefined) throw new Error('expected an endpoint');
  const port = createGateways(endpoints, { answerTimeoutMs, connections: 128 }).of(endpoint.name, 'send');
  return {
    /** Creates the order. @throws when the gateway did not accept it, or that is not known */
    async create({ request, callbackUrl }: Order, recordSend = async () => true): Promise<OrderId> {
      const deadlineMs = Date.now() + answerTimeoutMs;
      const submitted = await port.submitPayout(request, { deadlineMs, callbackUrl, redirectUrl: null, recordSend });
      if (submitted.outcome === 'accepted') return submitted.orderId;
      throw Object.assign(new Error(`create call: ${submitted.outcome}`), { name: submitted.outcome });
    },
    /** The order's status and id, null for an order that the gateway does not know. @throws when it did not answer */
    async ask(ids: Ids): Promise<{ status: string; orderId: OrderId | null } | null> {
      const answer = await port.fetchOrderStatus(ids, { timeoutMs: answerTimeoutMs });
      return answer.found ? answer.report : null;
    },
    /** @throws CallbackRejected */
    readCallback: (query: string) => verifyCallback(parsePairs(query), [endpoint.controlKey]),
  };
}
