import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { holdsApiKey } from '../../config/api-keys';
import { isClientOrderId } from '../../domain/ids';
import { namesCardNumber } from './card-number';

/**
 * What a log line says of a request. The path is the one of our route, with the clientOrderId in its place when it can be one: what
 * else a stranger writes into an address may be a card number, a key or a Receiver's token, and a callback's query holds control and names.
 * The address of a Receiver is personal, and belongs in no log.
 */
export function describeRequest(request: Pick<FastifyRequest, 'method' | 'ip' | 'params' | 'routeOptions'>) {
  const { clientOrderId } = (request.params ?? {}) as { clientOrderId?: unknown };
  const isId = typeof clientOrderId === 'string' && isClientOrderId(clientOrderId) && !namesCardNumber(clientOrderId);
  const isShown = isId && !holdsApiKey(clientOrderId);
  const route = request.routeOptions.url ?? '(no route)';
  const path = isShown ? route.replace(':clientOrderId', clientOrderId) : route;
  const isReceiver = request.routeOptions.config?.access === 'receiver';
  return { method: request.method, path, ...(isReceiver ? {} : { remoteAddress: request.ip }) };
}

/** True for a request to the callback route, which anyone may send any number of. */
function isCallback(request: FastifyRequest): boolean {
  return (request.raw.url ?? '').startsWith('/callbacks/');
}

/** One line when a request comes, one when it is answered. At the callback route only the second, and none for what a limit refused. */
export class RequestLog extends LogController {
  override incomingRequest(request: FastifyRequest, reply: FastifyReply): void {
    if (!isCallback(request)) super.incomingRequest(request, reply);
  }

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    if (!isCallback(request)) super.requestCompleted(error, request, reply);
    else if (reply.statusCode !== 429) {
      reply.log.info({ req: request, res: reply, responseTime: reply.elapsedTime }, 'request completed');
    }
  }
}
