import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { createCallbackDoor } from './callback-door';
import type { EndpointDirectory } from './endpoints';
import { registerErrors } from './errors';
import type { NotificationDesk } from './notification-desk';
import { notificationWebhooks } from './notification-schemas';
import type { PayoutDesk } from './payouts';
import { callbackRoutes } from './routes/callbacks';
import { healthRoutes } from './routes/health';
import { notificationRoutes } from './routes/notifications';
import { operateRoutes } from './routes/operate';
import { payoutRoutes } from './routes/payouts';
import { receiverRoutes } from './routes/receiver';

export interface AppDeps {
  readonly desk: PayoutDesk;
  readonly notifications: NotificationDesk;
  readonly endpoints: EndpointDirectory;
  readonly hashKey: string;
  readonly publicBaseUrl: string;
  readonly log: FastifyBaseLogger;
  readonly now?: () => number;
}

/** A payout's body is a few kilobytes at most. */
const BODY_LIMIT_BYTES = 64 * 1024;

/** The HTTP side of the product, not listening. Everything it needs comes in; it reads no environment and keeps no state. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.log.child({}, { serializers: { req: describeRequest } }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 10_000,
    connectionTimeout: 0,
    keepAliveTimeout: 10_000,
    routerOptions: { maxParamLength: 200 },
    trustProxy: false,
    forceCloseConnections: 'idle',
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerErrors(app);

  await app.register(helmet, {
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: isHttps(deps.publicBaseUrl) ? [] : null } },
    strictTransportSecurity: isHttps(deps.publicBaseUrl),
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Payout orchestrator',
        version: '1',
        description: 'Starts payouts, follows each to one final status, and never sends one twice.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: deps.publicBaseUrl }],
      webhooks: notificationWebhooks(),
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());

  const { desk, endpoints, hashKey, now = Date.now } = deps;
  await app.register(payoutRoutes({ desk, endpoints, hashKey, now }));
  await app.register(operateRoutes({ desk }));
  await app.register(notificationRoutes(deps.notifications));
  await app.register(callbackRoutes({ door: createCallbackDoor(desk, now), endpoints }));
  await app.register(receiverRoutes());
  await app.register(healthRoutes({ desk }));
  return app;
}

/** The path alone: a callback's query carries the control and a Receiver's data. */
function describeRequest(request: { method: string; url: string; ip?: string }) {
  return { method: request.method, path: request.url.split('?', 1)[0], remoteAddress: request.ip };
}

function isHttps(url: string): boolean {
  return url.startsWith('https:');
}
