import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { notificationWebhooks } from '../notifications/schemas';
import { registerAs, SECURITY_SCHEME } from './access';

/** The description of the API at `/openapi.json`, and `/docs` to read it. Register it before the routes it describes. */
export async function registerOpenApi(app: FastifyInstance, { publicBaseUrl }: { publicBaseUrl: string }) {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Payout orchestrator',
        version: '1',
        description: 'Starts payouts, follows each to one final status, and never sends one twice.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicBaseUrl }],
      components: { securitySchemes: { [SECURITY_SCHEME]: { type: 'http', scheme: 'bearer' } } },
      webhooks: notificationWebhooks(),
    },
    transform: jsonSchemaTransform,
    transformObject: (input) => completeProblems(jsonSchemaTransformObject(input)),
  });
  // It holds nothing secret: it is the same for every installation.
  await registerAs(app, 'public', async (scope) => {
    await scope.register(swaggerUi, { routePrefix: '/docs' });
    scope.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  });
}

const PROBLEM_SCHEMA = '#/components/schemas/Problem';

interface Answer {
  content?: Record<string, { schema?: { $ref?: string } }>;
}

interface Operation {
  readonly requestBody?: object;
  responses?: Record<string, Answer>;
}

function describeProblemOf(what: string): Answer & { description: string } {
  return { description: what, content: { 'application/problem+json': { schema: { $ref: PROBLEM_SCHEMA } } } };
}

/** What any operation may answer, before its route is asked; bodies can also be too large or no JSON. */
const OF_EVERY_OPERATION = { 400: describeProblemOf('Not well-formed') };
const OF_BODIES = { 413: describeProblemOf('Too large'), 415: describeProblemOf('Not JSON') };

/**
 * Adds the problems that routes do not declare, and gives every problem its own media type: route schemas know only JSON. Changes
 * the document.
 */
export function completeProblems<Document extends object>(document: Document): Document {
  const { paths = {} } = document as { paths?: Record<string, Record<string, Operation>> };
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods))) {
    const common = operation.requestBody === undefined ? OF_EVERY_OPERATION : { ...OF_EVERY_OPERATION, ...OF_BODIES };
    operation.responses = { ...common, ...operation.responses };
    for (const answer of Object.values(operation.responses)) {
      const problem = Object.values(answer.content ?? {}).find(({ schema }) => schema?.$ref === PROBLEM_SCHEMA);
      if (problem !== undefined) answer.content = { 'application/problem+json': problem };
    }
  }
  return document;
}
