import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { createCallbackDoor } from './callback-door';
import type { EndpointDirectory } from './endpoints';
import { registerErrors, sendProblem } from './errors';
import type { PayoutDesk } from './payouts';
import { createReceiverLinks } from './receiver-links';
import { callbackRoutes } from './routes/callbacks';
import { healthRoutes } from './routes/health';
import { operateRoutes } from './routes/operate';
import { payoutRoutes } from './routes/payouts';
import { receiverRoutes } from './routes/receiver';

export interface AppDeps {
  readonly desk: PayoutDesk;
  readonly endpoints: EndpointDirectory;
  readonly hashKey: string;
  readonly publicBaseUrl: string;
  readonly log: FastifyBaseLogger;
  readonly now?: () => number;
}

/** Any path below the Receiver's pages that may hold a token, however it is written. */
const LINK_TOKEN = /^(\/+r\/+)(?!(?:assets|return)(?:\/|$))[^/]+/i;

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
    // Without this, a path that no router reads is repeated in the answer.
    frameworkErrors: (_error, _request, reply) => void sendProblem(reply as FastifyReply, 'not_found'),
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
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());

  const { desk, endpoints, hashKey, publicBaseUrl, now = Date.now } = deps;
  const links = createReceiverLinks({ hashKey, publicBaseUrl });
  await app.register(payoutRoutes({ desk, endpoints, hashKey, links, now }));
  await app.register(operateRoutes({ desk, links }));
  await app.register(callbackRoutes({ door: createCallbackDoor(desk, now), endpoints }));
  await app.register(receiverRoutes({ desk, endpoints, hashKey, links, publicBaseUrl, now }));
  await app.register(healthRoutes({ desk }));
  return app;
}

/** The path alone, without what lets its holder in: a query carries the control and a Receiver's data, a Receiver's link its token. */
function describeRequest(request: { method: string; url: string; ip?: string }) {
  const [path = ''] = request.url.split('?', 1);
  return { method: request.method, path: path.replace(LINK_TOKEN, '$1:token'), remoteAddress: request.ip };
}

function isHttps(url: string): boolean {
  return url.startsWith('https:');
}
