import helmet from '@fastify/helmet';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { type ApiKey, approversFor } from '../config/api-keys';
import { BOUNDS, type ConnectionBounds } from '../config/bounds';
import type { Brand } from '../config/branding-file';
import type { AccessSettings } from '../config/config';
import type { PolicyRule } from '../domain/policies';
import { createCountBatch } from '../store/batch-counts';
import { createSumUp } from '../store/batch-gates';
import type { BatchStore } from '../store/batches';
import { type Agreement, createCallbackIntake } from '../store/callback-intake';
import { createCounts } from '../store/counts';
import { createDay } from '../store/day';
import { createGates } from '../store/gates';
import type { LimitReader } from '../store/limits';
import type { NotificationStore } from '../store/notifications';
import { createPayoutList } from '../store/payout-list';
import type { OwnerOf, PayoutStore } from '../store/payouts';
import type { Readiness } from '../store/readiness';
import { viewStore } from '../store/tenant-view';
import type { Visibility } from '../store/visibility';
import type { Tracing } from '../tracing/tracing';
import { batchRoutes } from './batches/routes';
import { submitRoute } from './batches/submit-route';
import { registerTurningAway } from './callbacks/refused-callbacks';
import { callbackRoutes, type OnVerdict } from './callbacks/routes';
import { type CodecSettings, codecRoutes } from './codec/routes';
import type { EndpointDirectory } from './endpoints';
import { healthRoutes } from './health/routes';
import { limitRoutes } from './limits/routes';
import { deliveryRoutes } from './notifications/delivery-routes';
import { notificationRoutes } from './notifications/routes';
import { registerOpenApi } from './openapi/openapi';
import { acknowledgeRoutes } from './operate/acknowledge-routes';
import { dayRoute } from './operate/day-route';
import { meRoute } from './operate/me-route';
import { operatePage } from './operate/page';
import { queueRoutes } from './operate/queue-routes';
import { operateRoutes } from './operate/routes';
import { unmatchedRoutes } from './operate/unmatched-routes';
import { eventRoutes } from './payouts/event-routes';
import { listRoutes } from './payouts/list-routes';
import { readRoutes } from './payouts/read-routes';
import { startRoutes } from './payouts/start-routes';
import { registerAccess } from './plugins/access';
import { type PayoutsOf, tenantsOf } from './plugins/callers';
import { registerErrors } from './plugins/errors';
import { named } from './plugins/named';
import { describeRequest, RequestLog } from './plugins/request-log';
import { registerRequestTraces } from './plugins/request-trace';
import { serverOptions } from './plugins/server-options';
import { createShares } from './plugins/shares';
import { registerStrictDecoding } from './plugins/strict-decoding';
import { createBrands } from './receiver/brands';
import { createReceiverLinks } from './receiver/receiver-links';
import { receiverRoutes } from './receiver/routes';
import { createFormSeal } from './receiver/sealed-form';
import { startPageRoutes } from './start/routes';

export interface AppDeps {
  readonly store: PayoutStore;
  readonly ownerOf: OwnerOf;
  readonly visibility: Visibility;
  /** Between two pages of an export; the default leaves half of what Temporal takes to others. */
  readonly exportPauseMs?: number;
  readonly notifications: NotificationStore;
  readonly batches: BatchStore;
  readonly readiness: Readiness;
  /** What is wrong although everything is served; default: nothing. */
  readonly listWarnings?: () => readonly string[];
  readonly endpoints: EndpointDirectory;
  /** What has to happen before payouts are sent; by default nothing. */
  readonly policies?: readonly PolicyRule[];
  readonly limits: LimitReader;
  /** Who pays, as Receivers see it; without any the pages name no payer. */
  readonly brands?: readonly Brand[];
  readonly hashKey: string;
  readonly receiverLinkKeys: readonly string[];
  readonly publicBaseUrl: string;
  readonly access: AccessSettings;
  /** The keys as they are now; the default is those of `access`. */
  readonly keys?: () => readonly ApiKey[];
  /** Null: no payloads are read through this API. */
  readonly codec?: CodecSettings | null;
  readonly connections?: ConnectionBounds;
  /** What metrics are made of; by default nobody counts. */
  readonly observer?: { readonly onCallback: OnVerdict; readonly onAgreement: (agreement: Agreement) => void };
  /** Default null: no traces. */
  readonly tracing?: Tracing | null;
  readonly log: FastifyBaseLogger;
  readonly now?: () => number;
}

/** The HTTP side of the product, not listening. Everything it needs comes in; it reads no environment and keeps no state. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.log.child({}, { serializers: { req: describeRequest } }),
    logController: new RequestLog(),
    trustProxy: deps.access.trustedProxies.length > 0 ? [...deps.access.trustedProxies] : false,
    ...serverOptions(deps.publicBaseUrl, deps.connections),
  });
  app.server.maxConnections = deps.connections?.most ?? BOUNDS.connections.most;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerTurningAway(app);
  const { store, batches, ownerOf, endpoints, hashKey, publicBaseUrl, now = Date.now } = deps;
  registerErrors(app, { publicBaseUrl });
  const { apiKeys } = deps.access;
  const { keys = () => apiKeys } = deps;
  await registerAccess(app, { settings: deps.access, keys, now });
  registerStrictDecoding(app);
  const { tracing = null } = deps;
  if (tracing !== null) registerRequestTraces(app, { tracing, hasKeys: deps.access.apiKeys.length > 0 });

  await app.register(helmet, {
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: isHttps(deps.publicBaseUrl) ? [] : null } },
    strictTransportSecurity: isHttps(deps.publicBaseUrl),
  });
  await registerOpenApi(app, { publicBaseUrl, hasKeys: deps.access.apiKeys.length > 0 });

  const links = createReceiverLinks({ receiverLinkKeys: deps.receiverLinkKeys, publicBaseUrl });
  const list = createPayoutList({ visibility: deps.visibility, exportPauseMs: deps.exportPauseMs });
  const counts = createCounts({ visibility: deps.visibility, list, now });
  const countBatch = createCountBatch({ visibility: deps.visibility, now });
  const waits = createShares({
    most: BOUNDS.waits.most,
    perTenant: BOUNDS.waitsPerTenant.most,
    perCaller: BOUNDS.waitsPerCaller.most,
  });
  const payoutsOf: PayoutsOf = (request) => viewStore(store, tenantsOf(request));
  const deciding = {
    rules: deps.policies ?? [],
    approversFor: (tenant: string) => approversFor(keys(), { tenant, nowMs: now() }),
  };
  const gates = createGates({ ...deciding, visibility: deps.visibility });
  const brands = createBrands(deps.brands ?? []);
  const seal = createFormSeal(deps.receiverLinkKeys);
  const hasKeys = apiKeys.length > 0;
  const plugins: Record<string, FastifyPluginAsync> = {
    start: startRoutes({ store, endpoints, hashKey, links, now, waits, gates }),
    read: readRoutes({ payoutsOf, links, waits, now }),
    list: listRoutes({ list, counts, payoutsOf, hashKey }),
    events: eventRoutes({ payoutsOf, links }),
    operate: operateRoutes({ payoutsOf, endpoints, now }),
    acknowledge: acknowledgeRoutes(payoutsOf),
    unmatched: unmatchedRoutes(payoutsOf),
    queue: queueRoutes(counts),
    limits: limitRoutes({ rules: deps.policies ?? [], limits: deps.limits, now }),
    day: dayRoute(createDay({ visibility: deps.visibility, now })),
    me: meRoute({ temporalUi: deps.codec ? linkToWorkflows(deps.codec) : null, keys }),
    operatePage,
    submitBatch: submitRoute({
      ...{ batches, endpoints, hashKey, now },
      ...{ decide: gates.decideAlone, sumUp: createSumUp(deciding) },
    }),
    batches: batchRoutes({ batches, countBatch, list, endpoints, hashKey, now }),
    notifications: notificationRoutes({ store: deps.notifications, hashKey }),
    delivery: deliveryRoutes(deps.notifications),
    callbacks: callbackRoutes({
      intake: createCallbackIntake(store, now, deps.observer?.onAgreement),
      ...{ endpoints, onVerdict: deps.observer?.onCallback },
    }),
    receiver: receiverRoutes({ store, endpoints, brands, seal, hashKey, links, publicBaseUrl, now }),
    ...(deps.codec && {
      codec: codecRoutes({ ...deps.codec, hasKeys, ownerOf, now, isHttps: isHttps(publicBaseUrl) }),
    }),
    health: healthRoutes({ readiness: deps.readiness, listWarnings: deps.listWarnings ?? (() => []) }),
    startPage: startPageRoutes({ publicBaseUrl, temporalUi: hasKeys ? null : (deps.codec?.origin ?? null) }),
  };
  for (const [name, plugin] of Object.entries(plugins)) await app.register(named(name, plugin));
  return app;
}

function linkToWorkflows({ origin, namespace }: CodecSettings): string {
  return `${origin}/namespaces/${encodeURIComponent(namespace)}/workflows/`;
}

function isHttps(url: string): boolean {
  return url.startsWith('https:');
}
