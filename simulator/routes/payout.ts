import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ChosenScenario, chooseScenario, draftOrder } from '../orders/accept-order';
import { callbackTarget } from '../orders/lifecycle-plan';
import type { Order } from '../orders/order';
import type { NewVerdict } from '../request-log';
import type { Scenario } from '../scenario';
import type { Simulation } from '../simulation';
import type { ReplyFields } from '../wire/form';
import { checkPayoutFields } from '../wire/payout-fields';
import { hang, resetConnection, sendHalf } from './faulty-answers';
import { refusalFields, renderReply, sendFields, sendForbidden, sendServerError, wantsJson } from './gateway-reply';
import { bodyPairs, checkAuthenticity, type EndpointParams } from './signed-request';

/** `POST {context}/api/v4/payout/:endpoint` and `/group/:group` (protocol 1), and the same by the reference of a card. */
export function registerPayoutRoutes(app: FastifyInstance, simulation: Simulation): void {
  for (const command of ['payout', 'payout-by-ref'] as const) {
    const handler = (request: FastifyRequest, reply: FastifyReply) =>
      createPayout(simulation, { request, reply, command });
    app.post(`/api/v4/${command}/:endpoint`, handler);
    app.post(`/api/v4/${command}/group/:group`, handler);
  }
}

async function createPayout(
  simulation: Simulation,
  { request, reply, command }: Exchange & { readonly command: 'payout' | 'payout-by-ref' },
) {
  const record = (verdict: Omit<NewVerdict, 'route' | 'method'>) =>
    simulation.requests.record({ route: `v4/${command}`, method: request.method, ...verdict });
  const pairs = bodyPairs(request);
  const named = pairs.find(([name]) => name === 'client_orderid' || name === 'client-order-id')?.[1] ?? null;
  const clientOrderId = named?.slice(0, 128) ?? null;
  const authenticity = checkAuthenticity(simulation, request, command);
  if (authenticity !== 'authentic') {
    record({ verdict: authenticity, clientOrderId });
    return sendForbidden(reply);
  }

  const serialNumber = simulation.serials.next();
  const refuse = (message: string) =>
    sendFields(
      request,
      reply,
      refusalFields({ type: 'validation-error', serialNumber, clientOrderId, message, code: '1' }),
    );
  const checked = checkPayoutFields(pairs, command);
  if (!checked.valid) {
    record({ verdict: 'invalid_field', clientOrderId, field: checked.field });
    return refuse(checked.reason);
  }
  const { fields } = checked;
  const endpointId = findEndpoint(simulation, request.params as EndpointParams, fields.get('currency') ?? '');
  if (endpointId === null) {
    record({ verdict: 'unknown_endpoint', clientOrderId });
    return refuse('Endpoint not found or currency not supported');
  }

  const { duplicates } = simulation.settings();
  // Without an await when there is none: two creates of one moment must not both find nothing.
  const found = simulation.orders.findFirst(fields.get('client_orderid') ?? '');
  const first = found === undefined ? undefined : await found;
  if (first !== undefined && duplicates !== 'create') {
    record({ verdict: `duplicate_${duplicates}`, clientOrderId, orderId: first.orderId });
    if (duplicates === 'refuse') return refuse('client_orderid is already used');
    return sendFields(request, reply, acceptedFields(first, serialNumber));
  }

  const chosen = chooseScenario(simulation, fields);
  if (chosen.scenario.creation === 'never') {
    record({ verdict: `refused_${chosen.scenario.answer}`, clientOrderId, scenario: chosen.scenario.name });
    return answerWithoutOrder({ simulation, request, reply, chosen, serialNumber, clientOrderId });
  }
  const order = await simulation.orders.accept(draftOrder(simulation, { fields, chosen, endpointId, serialNumber }));
  simulation.serials.remember(serialNumber, { orderId: order.orderId, shownStatus: null });
  const verdict = first === undefined ? 'accepted' : 'accepted_duplicate';
  record({ verdict, clientOrderId, orderId: order.orderId, scenario: chosen.scenario.name });
  return answerWithOrder(simulation, order, { request, reply });
}

/** The endpoint that takes the order, or null. A group takes the currencies of its endpoints. */
function findEndpoint(simulation: Simulation, params: EndpointParams, currency: string): string | null {
  const { endpoints } = simulation.config;
  const id = params.endpoint ?? params.group ?? '';
  if (!/^\d+$/.test(id)) return null;
  if (endpoints.length === 0) return id;
  const match = endpoints.find(
    (known) => known.currency === currency && (params.group !== undefined || known.id === id),
  );
  return match?.id ?? null;
}

/** The acceptance of protocol 1.3; a repeated create gets a serial number of its own. */
function acceptedFields(order: Order, serialNumber: string): ReplyFields {
  return {
    type: 'async-response',
    'serial-number': serialNumber,
    'merchant-order-id': order.clientOrderId,
    'paynet-order-id': order.orderId,
    'end-point-id': order.endpointId,
  };
}

interface Refused {
  readonly simulation: Simulation;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly chosen: ChosenScenario;
  readonly serialNumber: string;
  readonly clientOrderId: string | null;
}

/** Nothing was created and nothing will be. */
function answerWithoutOrder({ simulation, request, reply, chosen, serialNumber, clientOrderId }: Refused) {
  const refusal = { serialNumber, clientOrderId, code: '1' };
  switch (chosen.scenario.answer) {
    case 'error':
      return sendFields(request, reply, refusalFields({ ...refusal, type: 'error', message: 'Processing refused' }));
    case 'forbidden':
      return sendForbidden(reply);
    case 'reset':
      return resetConnection(reply);
    case 'http_500':
      return sendServerError(reply);
    case 'redirect':
      return reply.redirect(`${simulation.publicBaseUrl()}/redirected`, 302);
    default:
      return sendFields(
        request,
        reply,
        refusalFields({ ...refusal, type: 'validation-error', message: 'Refused by the scenario' }),
      );
  }
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** The order exists from here on, whatever the caller gets to see of it. */
async function answerWithOrder(simulation: Simulation, order: Order, { request, reply }: Exchange) {
  const fields = acceptedFields(order, order.serialNumber);
  const { answer }: Scenario = order.scenario;
  switch (answer) {
    case 'hang':
      return hang(reply, simulation.settingsOf(order).hangMs);
    case 'reset':
      return resetConnection(reply);
    case 'http_500':
      return sendServerError(reply);
    case 'half_body':
      return sendHalf(reply, renderReply(fields, wantsJson(request)));
    case 'garbage_body':
      return reply
        .header('content-type', 'text/html;charset=utf-8')
        .send('<!doctype html><html><head><title>Maintenance</title></head><body>Back soon &amp; sorry</body></html>');
    case 'wrong_ids':
      return sendFields(request, reply, {
        ...fields,
        'merchant-order-id': `${order.clientOrderId}-other`,
        'paynet-order-id': `9${order.orderId}`,
      });
    case 'after_callback':
      if (callbackTarget(order, 'payout') !== null) {
        await simulation.orders.waitFor(order.orderId, ({ callbacks }) => (callbacks[0]?.answers.length ?? 0) > 0);
      }
      return sendFields(request, reply, fields);
    default:
      return sendFields(request, reply, fields);
  }
}
