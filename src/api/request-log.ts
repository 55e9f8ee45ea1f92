import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';

/** True for a request to the callback door, where anybody may knock as often as they like. */
function isCallback(request: FastifyRequest): boolean {
  return (request.raw.url ?? '').startsWith('/callbacks/');
}

/** One line when a request comes, one when it is answered. At the callback door only the second, and none for what a limit refused. */
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
