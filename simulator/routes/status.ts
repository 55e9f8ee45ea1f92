import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FINAL_STATUSES, type Order } from '../orders/order';
import type { NewVerdict } from '../request-log';
import type { Simulation } from '../simulation';
import { isSameControl, statusControl } from '../wire/control';
import type { ReplyFields } from '../wire/form';
import { collectFields } from '../wire/payout-fields';
import { refusalFields, sendFields, sendForbidden, sendServerError } from './gateway-reply';
import { bodyPairs, checkAuthenticity } from './signed-request';

/** `POST {context}/api/{v2,v4}/status/:endpoint` and `/group/:group` (protocol 2), under the context path. */
export function registerStatusRoutes(app: FastifyInstance, simulation: Simulation): void {
  for (const version of ['v2', 'v4'] as const) {
    const handler = (request: FastifyRequest, reply: FastifyReply) =>
      answerStatus({ simulation, version, request, reply });
    app.post(`/api/${version}/status/:endpoint`, handler);
    app.post(`/api/${version}/status/group/:group`, handler);
  }
}

interface StatusRequest {
  readonly simulation: Simulation;
  readonly version: 'v2' | 'v4';
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function answerStatus({ simulation, version, request, reply }: StatusRequest) {
  const { serials, requests } = simulation;
  const fields: ReadonlyMap<string, string> = collectFields(bodyPairs(request)) ?? new Map();
  const clientOrderId = fields.get('client_orderid')?.slice(0, 128) ?? null;
  const record = (verdict: Omit<NewVerdict, 'route' | 'method'>) =>
    requests.record({ route: `${version}/status`, method: request.method, clientOrderId, ...verdict });
  const serialNumber = serials.next();
  const refuse = (verdict: string, message: string) => {
    record({ verdict, orderId: fields.get('orderid')?.slice(0, 20) ?? null });
    return sendFields(
      request,
      reply,
      refusalFields({ type: 'validation-error', serialNumber, clientOrderId, message, code: '1' }),
    );
  };

  if (version === 'v4') {
    const authenticity = checkAuthenticity(simulation, request, 'status');
    if (authenticity !== 'authentic') {
      record({ verdict: authenticity });
      return sendForbidden(reply);
    }
  } else if (!hasRightControl(simulation, fields)) {
    return refuse('bad_control', 'Invalid control');
  }
  if (fields.get('login') !== simulation.config.login) return refuse('unknown_login', 'Login not found');
  if (!clientOrderId) return refuse('invalid_field', 'client_orderid is required');

  const order = findOrder(simulation, fields);
  const bySerial = fields.get('by-request-sn') || null;
  const earlier = bySerial === null ? undefined : serials.find(bySerial);
  if (order === undefined || (bySerial !== null && earlier?.orderId !== order.orderId)) {
    return refuse('order_not_found', 'Order not found');
  }
  const status = earlier?.shownStatus ?? order.status;
  record({ verdict: 'answered', orderId: order.orderId, scenario: order.scenario.name });
  if (order.scenario.statusRequests === 'http_500') return sendServerError(reply);
  serials.remember(serialNumber, { orderId: order.orderId, shownStatus: status });
  return sendFields(request, reply, {
    ...statusFields(order, { serialNumber, status, publicBaseUrl: simulation.publicBaseUrl() }),
    'by-request-sn': bySerial ?? undefined,
  });
}

function hasRightControl({ config }: Simulation, fields: ReadonlyMap<string, string>): boolean {
  const expected = statusControl({
    login: fields.get('login') ?? '',
    clientOrderId: fields.get('client_orderid') ?? '',
    orderId: fields.get('orderid') ?? '',
    controlKey: config.controlKey,
  });
  return isSameControl(expected, fields.get('control') ?? '');
}

/** By both ids, or the newest with the client order id alone; orders that are not there yet are not found. */
function findOrder(simulation: Simulation, fields: ReadonlyMap<string, string>): Order | undefined {
  const orderId = fields.get('orderid') ?? '';
  return simulation.orders
    .findByClientOrderId(fields.get('client_orderid') ?? '')
    .filter((order) => order.visibleAtMs <= simulation.now())
    .findLast((order) => orderId === '' || order.orderId === orderId);
}

interface StatusView {
  readonly serialNumber: string;
  readonly status: string;
  readonly publicBaseUrl: string;
}

/** The reply of protocol 2.3, in the order real replies have. */
function statusFields(order: Order, { serialNumber, status, publicBaseUrl }: StatusView): ReplyFields {
  const isFinal = FINAL_STATUSES.includes(status);
  const asksReceiver = status === 'processing' && order.form === 'open';
  const explains = status === order.status;
  return {
    type: 'status-response',
    'serial-number': serialNumber,
    'merchant-order-id': order.clientOrderId,
    'paynet-order-id': order.orderId,
    status,
    amount: order.amount,
    'initial-amount': order.initialAmount,
    currency: order.currency,
    'redirect-to': asksReceiver ? formUrl(order, publicBaseUrl) : undefined,
    'transaction-type': latestType(order),
    'processor-tx-id': isFinal ? `PNTEST-${order.orderId}` : undefined,
    'paynet-processing-date': isFinal ? formatProcessingDate(order.statusAtMs) : undefined,
    'order-stage': asksReceiver ? 'payout_form_validating' : `payout_${status}`,
    'end-point-id': order.endpointId,
    'error-message': (explains && order.errorMessage) || undefined,
    'error-code': (explains && order.errorCode) || undefined,
  };
}

/** The order's latest transaction; a callback that was made by hand says what no order did. */
function latestType({ callbacks }: Order): string {
  return callbacks.findLast(({ type, byHand }) => type !== 'payout' && !byHand)?.type ?? 'payout';
}

/** The address of the Receiver's form (seen form: protocol 2.3). */
export function formUrl(order: Order, publicBaseUrl: string): string {
  return `${publicBaseUrl}/form/redirect/${order.orderId}/${order.formToken}`;
}

/** `2024-11-22 13:00:07 UTC`. */
function formatProcessingDate(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
