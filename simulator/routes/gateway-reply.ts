import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodeReply, type ReplyFields } from '../wire/form';

/** The `Accept` value that asks for JSON instead of the form format (protocol 1.3). */
const JSON_TYPE = 'application/vnd.pay+json';

/** True when the caller asks for JSON; the request itself stays form-encoded. */
export function wantsJson(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes(JSON_TYPE);
}

/** A whole reply before it is sent, so that a scenario can break it. */
export interface RenderedReply {
  readonly httpStatus: number;
  readonly contentType: string;
  readonly body: string;
}

/** Form mode answers 200 to everything; JSON mode answers refusals with 400 and `error-code` as a number. */
export function renderReply(fields: ReplyFields, json: boolean): RenderedReply {
  if (!json) return { httpStatus: 200, contentType: 'text/html;charset=utf-8', body: encodeReply(fields) };
  const isRefusal = fields.type === 'validation-error' || fields.type === 'error';
  const code = fields['error-code'];
  const body = JSON.stringify(code === undefined ? fields : { ...fields, 'error-code': Number(code) });
  return { httpStatus: isRefusal ? 400 : 200, contentType: `${JSON_TYPE};charset=utf-8`, body };
}

/** Answers with fields in the format the caller asked for. */
export function sendFields(request: FastifyRequest, reply: FastifyReply, fields: ReplyFields): FastifyReply {
  const { httpStatus, contentType, body } = renderReply(fields, wantsJson(request));
  return reply.code(httpStatus).header('content-type', contentType).send(body);
}

/** What a bad signature gets; the same body for every reason. */
export function sendForbidden(reply: FastifyReply): FastifyReply {
  return reply.code(403).header('content-type', 'text/html;charset=utf-8').send('<h1>403 Forbidden</h1>');
}

/** HTTP 500 with a constant body. */
export function sendServerError(reply: FastifyReply): FastifyReply {
  return reply.code(500).header('content-type', 'text/html;charset=utf-8').send('<h1>500 Internal Server Error</h1>');
}

/** A request the gateway does not take; the codes of real gateways are not documented. */
export interface Refusal {
  readonly type: 'validation-error' | 'error';
  readonly serialNumber: string;
  readonly clientOrderId: string | null;
  readonly message: string;
  readonly code: string;
}

/** The fields of a refusal: no order id, nothing was created. */
export function refusalFields(refusal: Refusal): ReplyFields {
  return {
    type: refusal.type,
    'serial-number': refusal.serialNumber,
    'merchant-order-id': refusal.clientOrderId ?? undefined,
    'error-message': refusal.message,
    'error-code': refusal.code,
  };
}
