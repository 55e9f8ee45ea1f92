import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { NOTIFICATION_WEBHOOKS } from '../notifications/schemas';
import { registerAs, SECURITY_SCHEME } from '../plugins/access';
import { readWeb } from '../plugins/assets';
import { completeDocument } from './document';

const TITLE = 'Payout orchestrator';

/** Said on `/docs` where one click could pay. */
const READS_ONLY =
  '**Only reads can be tried from this page**, because this service has API keys: a click must not pay anyone.';

export interface DocumentOptions {
  readonly publicBaseUrl: string;
  /** With keys the service may pay for real, so that `/docs` tries reads only. */
  readonly hasKeys: boolean;
}

/** The description of the API at `/openapi.json`, and `/docs` to read and try it. Register it before the routes it describes. */
export async function registerOpenApi(app: FastifyInstance, { publicBaseUrl, hasKeys }: DocumentOptions) {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: TITLE,
        version: '1',
        description: 'Starts payouts, follows each to one final status, and never sends one twice.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicBaseUrl }],
      tags: [
        { name: 'payouts', description: 'Start a payout and learn how it ends' },
        { name: 'batches', description: 'Many payouts from one request or file' },
        { name: 'lists', description: 'Find payouts; slightly behind, so never pay because of a list' },
        { name: 'operators', description: 'What a person may do with a payout that needs one' },
        { name: 'notifications', description: 'Signed webhooks to your systems' },
        { name: 'operations', description: 'Is it up?' },
      ],
      components: {
        securitySchemes: {
          [SECURITY_SCHEME]: {
            ...{ type: 'http', scheme: 'bearer' },
            description: 'A key made by `npm run keys -- api`. Without `API_KEYS`, on loopback, none is needed',
          },
        },
      },
      webhooks: NOTIFICATION_WEBHOOKS,
    },
    transform: jsonSchemaTransform,
    transformObject: (input) => completeDocument(jsonSchemaTransformObject(input)),
  });
  const icon = readWeb('operate/icon.svg');
  // It holds nothing secret: it is the same for every installation.
  await registerAs(app, 'public', async (scope) => {
    await scope.register(swaggerUi, {
      routePrefix: '/docs',
      uiConfig: {
        ...{ tryItOutEnabled: true, displayRequestDuration: true, defaultModelsExpandDepth: 0 },
        ...(hasKeys && { supportedSubmitMethods: ['get'] }),
      },
      // The page's copy alone: `/openapi.json` is the same everywhere.
      transformSpecification: (document) =>
        hasKeys
          ? { ...document, info: { ...document.info, description: `${document.info.description}\n\n${READS_ONLY}` } }
          : document,
      logo: { type: 'image/svg+xml', content: icon, href: '/' },
      theme: {
        title: `${TITLE}: the API`,
        css: [{ filename: 'docs.css', content: readWeb('docs/docs.css') }],
        favicon: [{ filename: 'icon.svg', rel: 'icon', type: 'image/svg+xml', sizes: 'any', content: icon }],
      },
    });
    scope.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  });
}
