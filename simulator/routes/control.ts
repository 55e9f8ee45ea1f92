import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { callbackTarget, draftCallback, planNext } from '../orders/lifecycle-plan';
import { FINAL_STATUSES, type Order } from '../orders/order';
import { findScenario, SCENARIOS } from '../scenarios';
import { parseSettings, SettingError } from '../settings';
import type { Simulation } from '../simulation';
import { ControlError, readCallbackOrder, readForce, readSettlement } from './control-input';
import { formUrl } from './status';

/** The JSON control API under `/control`. Without a token it is open: the simulator listens on loopback. */
export function registerControlRoutes(app: FastifyInstance, simulation: Simulation): void {
  const { orders, ledger, requests, forced } = simulation;

  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const isInput = error instanceof ControlError || error instanceof SettingError;
    const httpStatus = isInput ? 400 : (error.statusCode ?? 500);
    return reply.code(httpStatus).send({ error: httpStatus < 500 ? error.message : 'internal error' });
  });

  const { controlToken } = simulation.config;
  const digest = (text: string) => createHash('sha256').update(text).digest();
  app.addHook('onRequest', async (request, reply) => {
    if (!controlToken) return;
    const given = digest(request.headers.authorization ?? '');
    if (timingSafeEqual(given, digest(`Bearer ${controlToken}`))) return;
    return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'SIMULATOR_CONTROL_TOKEN is needed' });
  });
  /** By the gateway's order id, or by that of the Connecting Party, which starts with a letter. */
  const find = (id: string) => orders.get(id) ?? orders.findByClientOrderId(id).at(-1);

  const view = (order: Order) => ({
    ...viewOrder(order, simulation.publicBaseUrl()),
    done: planNext(order, simulation.settingsOf(order)) === null && order.callbacks.every(({ done }) => done),
  });

  app.get('/orders', (request) => {
    const { clientOrderId } = request.query as { clientOrderId?: string };
    const found = clientOrderId === undefined ? [...orders.all()] : orders.findByClientOrderId(clientOrderId);
    return { orders: found.map(view) };
  });

  app.get('/ledger', (request) => {
    const { clientOrderId } = request.query as { clientOrderId?: string };
    if (clientOrderId === undefined) return { entries: ledger.entries };
    const ids = new Set(orders.findByClientOrderId(clientOrderId).map(({ orderId }) => orderId));
    return { entries: ledger.entries.filter(({ orderId }) => ids.has(orderId)) };
  });

  app.get('/requests', (request) => {
    const { clientOrderId } = request.query as { clientOrderId?: string };
    return { requests: requests.list(clientOrderId) };
  });

  app.get('/scenarios', () => ({
    scenarios: SCENARIOS.map(({ name, digits, description, expected }) => ({ name, digits, description, expected })),
  }));

  app.get('/stats', () => ({
    ordersAccepted: orders.size(),
    clientOrderIds: new Set([...orders.all()].map(({ clientOrderId }) => clientOrderId)).size,
    redirectsFollowed: requests.stats().redirected?.requests ?? 0,
    routes: requests.stats(),
  }));

  app.get('/settings', () => simulation.settings());
  app.patch('/settings', (request) => simulation.changeSettings(parseSettings(request.body)));

  app.post('/force', (request) => {
    const { clientOrderId, count, scenarioName, settings } = readForce(request.body);
    const scenario = findScenario(scenarioName);
    if (scenario === undefined) throw new ControlError('scenario: expected a name of GET /control/scenarios');
    if (clientOrderId !== null) forced.forceFor(clientOrderId, { scenario, settings });
    else forced.forceNext(count, { scenario, settings });
    return { forced: scenario.name, clientOrderId, count: clientOrderId === null ? count : null };
  });
  app.delete('/force', () => {
    forced.clear();
    return { forced: null };
  });

  app.post('/orders/:orderId/settle', async (request, reply) => {
    const found = find((request.params as { orderId: string }).orderId);
    if (found === undefined) return reply.code(404).send({ error: 'no such order' });
    const { orderId } = found;
    const input = readSettlement(request.body);
    const order = await orders.commit(orderId, (current) => ({
      kind: 'status',
      orderId,
      status: input.status,
      amount: input.amount ?? current.amount,
      errorCode: input.errorCode,
      errorMessage: input.errorMessage,
      byHand: true,
      owes: input.callback ? ['right'] : [],
      callbackStatus: input.status,
    }));
    return view(order);
  });

  app.post('/orders/:orderId/callback', async (request, reply) => {
    const order = find((request.params as { orderId: string }).orderId);
    if (order === undefined) return reply.code(404).send({ error: 'no such order' });
    const { orderId } = order;
    const input = readCallbackOrder(request.body, order);
    if (callbackTarget(order, input.type) === null) {
      return reply.code(409).send({ error: 'the order has no address for a callback of this type' });
    }
    const answers: { httpStatus: number | null; failure: string | null }[] = [];
    for (let sent = 0; sent < input.times; sent += 1) {
      const draft = draftCallback(order, { ...input.content, byHand: true, delayMs: 0, type: input.type });
      await orders.commit(orderId, () => draft);
      answers.push(await simulation.delivery.deliver(orderId, draft.callbackId));
    }
    return { answers };
  });
}

/** An order as the control API shows it. */
function viewOrder(order: Order, publicBaseUrl: string) {
  return {
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    endpointId: order.endpointId,
    scenario: order.scenario.name,
    status: order.status,
    final: FINAL_STATUSES.includes(order.status),
    amount: order.amount,
    initialAmount: order.initialAmount,
    currency: order.currency,
    errorCode: order.errorCode,
    errorMessage: order.errorMessage,
    acceptedAt: new Date(order.acceptedAtMs).toISOString(),
    visibleAt: new Date(order.visibleAtMs).toISOString(),
    form: order.form,
    formUrl: order.form === 'none' ? null : formUrl(order, publicBaseUrl),
    callbacks: order.callbacks.map(({ callbackId, status, type, variant, byHand, attempts, answers, done }) => ({
      callbackId,
      status,
      type,
      variant,
      byHand,
      attempts,
      answers,
      done,
    })),
  };
}
