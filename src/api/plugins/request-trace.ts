import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isClientOrderId } from '../../domain/ids';
import type { Facts, Tracing } from '../../tracing/tracing';
import { Problem } from './errors';

/**
 * A span for every request of a caller that changes something, once caller and payout are known. A caller with an API key may continue
 * a trace of its own; nobody else's `traceparent` is read. A callback gets its span in the payout's trace, where the payout is found.
 */
export function registerRequestTraces(
  app: FastifyInstance,
  { tracing, hasKeys }: { readonly tracing: Tracing; readonly hasKeys: boolean },
): void {
  app.addHook('onRoute', (route) => {
    const { handler, url } = route;
    const methods = [route.method].flat();
    const isCallback = route.config?.access === 'gateway';
    if (!isCallback && !methods.includes('POST')) return;
    route.handler = async function traced(request, reply) {
      const handle = async () => await handler.call(this, request, reply);
      const work = async () => {
        if (isCallback || request.caller === null) return await handle();
        const parent = hasKeys ? readTraceparent(request) : null;
        return await tracing.run({ name: `POST ${url}`, kind: 'server', facts: {}, parent }, async (note) => {
          try {
            const answer = await handle();
            // Only now: an id that was refused may hold anything.
            note({ ...namePayout(request), outcome: String(reply.statusCode) });
            return answer;
          } catch (error) {
            note({ outcome: error instanceof Problem ? error.code : 'failed' });
            throw error;
          }
        });
      };
      return await tracing.follow((traceId) => nameTrace(request, reply, traceId), work);
    };
  });
}

function namePayout({ params, body }: FastifyRequest): Facts {
  const { clientOrderId } = { ...(body as object | undefined), ...(params as object | undefined) } as Facts;
  return clientOrderId !== undefined && isClientOrderId(clientOrderId) ? { clientOrderId } : {};
}

function readTraceparent({ headers }: FastifyRequest): string | null {
  return typeof headers.traceparent === 'string' ? headers.traceparent : null;
}

function nameTrace(request: FastifyRequest, reply: FastifyReply, traceId: string): void {
  request.log = request.log.child({ traceId });
  reply.log = request.log;
}
