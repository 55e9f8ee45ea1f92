import fastify, { type FastifyInstance } from 'fastify';
import { startCallbackDelivery } from './callbacks/callback-delivery';
import type { SimulatorConfig } from './config';
import { createForcedScenarios } from './forced-scenarios';
import { openLedger } from './orders/ledger';
import { startLifecycle } from './orders/lifecycle';
import { createOrderBook } from './orders/order-book';
import { renderOverview } from './pages/overview';
import { createRequestLog } from './request-log';
import { registerControlRoutes } from './routes/control';
import { registerPayoutRoutes } from './routes/payout';
import { registerReceiverFormRoutes } from './routes/receiver-form';
import { formUrl, registerStatusRoutes } from './routes/status';
import type { Simulation } from './simulation';
import { decodeForm } from './wire/form';
import { createNonceMemory } from './wire/nonce-memory';
import { createSerialNumbers } from './wire/serial-numbers';

export interface SimulatorAddresses {
  readonly baseUrl: string;
  readonly controlUrl: string;
}

export interface Simulator {
  /** Not listening yet. */
  readonly app: FastifyInstance;
  /** Listens and takes up what the ledger left open. */
  start(): Promise<SimulatorAddresses>;
  /** Ends connections and timers, then closes the ledger. */
  stop(): Promise<void>;
}

const RECENT_ORDERS = 50;

/** Builds the stand-in gateway on its ledger; `writeLine` gets its JSON log lines. */
export async function buildSimulator(
  config: SimulatorConfig,
  writeLine: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<Simulator> {
  const now = Date.now;
  let settings = config.settings;
  let publicBaseUrl = config.publicBaseUrl ?? `http://${config.host}:${config.port}/paynet`;
  let stopping = false;

  const ledger = await openLedger(config.ledgerPath, now);
  const orders = createOrderBook(ledger);
  const settingsOf: Simulation['settingsOf'] = (order) => ({ ...settings, ...order.settings });
  const onFailure = (reason: unknown) => {
    if (stopping) return;
    writeLine(JSON.stringify({ event: 'failure', message: reason instanceof Error ? reason.message : 'unknown' }));
  };
  const shared = { orders, settingsOf, now, onFailure };
  const lifecycle = startLifecycle(shared);
  const delivery = startCallbackDelivery({ ...shared, controlKey: config.controlKey });
  const serials = createSerialNumbers(now());
  for (const { serialNumber, orderId } of orders.all()) serials.remember(serialNumber, { orderId, shownStatus: null });

  const simulation: Simulation = {
    config,
    ledger,
    orders,
    lifecycle,
    delivery,
    requests: createRequestLog(writeLine, now),
    serials,
    nonces: createNonceMemory(),
    forced: createForcedScenarios(),
    now,
    settings: () => settings,
    changeSettings(change) {
      settings = { ...settings, ...change };
      lifecycle.replanAll();
      delivery.replanAll();
      return settings;
    },
    settingsOf,
    publicBaseUrl: () => publicBaseUrl,
  };
  const app = buildApp(simulation);

  return {
    app,
    async start() {
      const origin = await app.listen({ host: config.host, port: config.port });
      if (config.publicBaseUrl === null) publicBaseUrl = `${origin}/paynet`;
      lifecycle.replanAll();
      delivery.replanAll();
      return { baseUrl: publicBaseUrl, controlUrl: `${origin}/control` };
    },
    async stop() {
      stopping = true;
      lifecycle.stop();
      delivery.stop();
      await app.close();
      await ledger.close();
    },
  };
}

function buildApp(simulation: Simulation): FastifyInstance {
  const { requests, orders } = simulation;
  // Held sockets of the scenarios must not keep the program alive.
  const app = fastify({ forceCloseConnections: true });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, decodeForm(body.toString()));
    } catch (error) {
      done(error instanceof Error ? error : new Error('the body is not form-encoded'));
    }
  });
  app.setNotFoundHandler((request, reply) => {
    requests.record({ route: 'other', method: request.method, verdict: 'no_such_route' });
    return reply.code(404).send({ error: 'no such route' });
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const httpStatus = error.statusCode ?? 500;
    requests.record({
      route: 'other',
      method: request.method,
      verdict: httpStatus < 500 ? 'malformed_request' : 'failed',
    });
    return reply.code(httpStatus).send({ error: httpStatus < 500 ? 'malformed request' : 'internal error' });
  });

  const contextPath = new URL(simulation.publicBaseUrl()).pathname.replace(/\/+$/, '');
  void app.register(
    async (gateway) => {
      registerPayoutRoutes(gateway, simulation);
      registerStatusRoutes(gateway, simulation);
      registerReceiverFormRoutes(gateway, simulation);
      gateway.all('/redirected', (request) => {
        requests.record({ route: 'redirected', method: request.method, verdict: 'redirect_followed' });
        return 'a redirect was followed here';
      });
    },
    { prefix: contextPath },
  );
  void app.register(async (control) => registerControlRoutes(control, simulation), { prefix: '/control' });
  app.get('/', (_request, reply) => {
    const recent = [...orders.all()].slice(-RECENT_ORDERS).reverse();
    const views = recent.map((order) => ({
      order,
      formUrl: order.form === 'open' ? formUrl(order, simulation.publicBaseUrl()) : null,
    }));
    return reply.header('content-type', 'text/html;charset=utf-8').send(renderOverview(views, orders.size()));
  });
  return app;
}
