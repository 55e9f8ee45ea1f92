import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Order } from '../orders/order';
import {
  FORM_FIELDS,
  type FormField,
  finalRedirectFields,
  finalRedirectUrl,
  renderFinalRedirect,
  renderFormEnd,
  renderFormUnknown,
  renderReceiverForm,
} from '../pages/receiver-form';
import type { Simulation } from '../simulation';
import { isSameControl } from '../wire/control';
import { collectFields } from '../wire/payout-fields';
import { bodyPairs } from './signed-request';

const PATH = '/form/redirect/:orderId/:token';

/** The Receiver's form, its submission and the final redirect (protocol 5), under the context path. */
export function registerReceiverFormRoutes(app: FastifyInstance, simulation: Simulation): void {
  const { orders, requests } = simulation;

  function record(request: FastifyRequest, verdict: string, order?: Order): void {
    requests.record({
      route: 'form',
      method: request.method,
      verdict,
      clientOrderId: order?.clientOrderId,
      orderId: order?.orderId,
      scenario: order?.scenario.name,
    });
  }

  function findOrder(request: FastifyRequest): Order | undefined {
    const { orderId, token } = request.params as { orderId: string; token: string };
    const order = orders.get(orderId);
    const isReachable = order?.scenario.asksReceiver === true && order.visibleAtMs <= simulation.now();
    return isReachable && isSameControl(order.formToken, token) ? order : undefined;
  }

  function sendPage(reply: FastifyReply, html: string, options: { httpStatus?: number; scriptNonce?: string } = {}) {
    const script = options.scriptNonce === undefined ? "'none'" : `'nonce-${options.scriptNonce}'`;
    return reply
      .code(options.httpStatus ?? 200)
      .headers({
        'content-type': 'text/html;charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; script-src ${script}`,
      })
      .send(html);
  }

  function sendBack(reply: FastifyReply, order: Order) {
    const url = finalRedirectUrl(order);
    if (url === null) return sendPage(reply, renderFormEnd());
    const scriptNonce = randomBytes(16).toString('base64');
    const fields = finalRedirectFields(order, simulation.config.controlKey);
    return sendPage(reply, renderFinalRedirect(url, fields, scriptNonce), { scriptNonce });
  }

  app.get(PATH, (request, reply) => {
    const order = findOrder(request);
    record(request, order === undefined ? 'form_unknown' : 'form_shown', order);
    if (order === undefined) return sendPage(reply, renderFormUnknown(), { httpStatus: 404 });
    return order.form === 'open' ? sendPage(reply, renderReceiverForm(order, [])) : sendBack(reply, order);
  });

  app.post(PATH, async (request, reply) => {
    const order = findOrder(request);
    if (order === undefined) {
      record(request, 'form_unknown');
      return sendPage(reply, renderFormUnknown(), { httpStatus: 404 });
    }
    const fields = collectFields(bodyPairs(request)) ?? new Map<string, string>();
    const refuses = fields.get('choice') === 'refuse';
    const names = Object.keys(FORM_FIELDS) as FormField[];
    const missing = refuses ? [] : names.filter((name) => !fields.get(name)?.trim());
    if (missing.length > 0 && order.form === 'open') {
      record(request, 'form_incomplete', order);
      return sendPage(reply, renderReceiverForm(order, missing), { httpStatus: 422 });
    }
    // The first submission decides; the entry holds no field of it.
    let decided = false;
    const after = await orders.commit(order.orderId, (current) => {
      if (current.form !== 'open') return null;
      decided = true;
      return { kind: 'form', orderId: current.orderId, choice: refuses ? 'refused' : 'submitted' };
    });
    record(request, decided ? `form_${after.form}` : 'form_repeated', after);
    return sendBack(reply, after);
  });
}
