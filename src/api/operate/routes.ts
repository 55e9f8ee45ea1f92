import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { holdsApiKey } from '../../config/api-keys';
import { isClientOrderId } from '../../domain/ids';
import { isDone, isIdUsed, type OperatorAction, type OperatorOrder } from '../../domain/operator';
import type { Payout } from '../../domain/payout';
import { viewPayout } from '../../domain/view';
import type { EndpointDirectory } from '../endpoints';
import { etagOf, namesTag, idParams as params, requirePayout } from '../payouts/payout-answer';
import { operatorBody, rescheduleBody, resolveBody } from '../payouts/schemas';
import { payoutAnswer } from '../plugins/answers';
import { type Asking, actorOf, callerOf, demandEndpoint, type PayoutsOf } from '../plugins/callers';
import { namesCardNumber } from '../plugins/card-number';
import { Problem } from '../plugins/errors';
import { refusals } from './seen';

export const idempotencyHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[!-~]{1,128}$/, 'expected 1 to 128 visible ASCII characters')
    .refine((id) => !namesCardNumber(id), { error: 'expected no part that looks like a card number' })
    .refine((id) => !holdsApiKey(id), { error: 'expected no API key' })
    .optional()
    .meta({ description: 'A request with this key takes effect once, however often it is sent; generated if absent' }),
});
export const actHeaders = idempotencyHeaders.extend({
  'if-match': z
    .string()
    .max(128, 'expected the ETag of the payout')
    .optional()
    .meta({ description: 'The ETag of the payout as it was read; 412 if the payout has changed since' }),
});

const ACTS = {
  check: 'Ask the gateway for the order status now; of a payout that a hook holds, the hook',
  cancel: 'Cancel a payout that was provably not sent',
  reschedule: 'Set another time to send a payout that was provably not sent',
  approve: 'Approve what waits for approvals; never what one asked for oneself',
  reject: 'Refuse what waits for approvals: a payout that was not sent ends as cancelled',
  withdraw: 'Take one’s own approval back, until the send',
  resend: 'Send a payout in review again, under the same clientOrderId, after asking whether the order exists',
  resolve: 'Set the final state of a payout in review, or have it followed again',
  note: 'Write down what was found out; changes nothing',
} as const satisfies Readonly<Record<OperatorAction, string>>;

/** What operators may do with one payout. The timeline records each act with its actor, reason and time. */
export function operateRoutes(deps: {
  readonly payoutsOf: PayoutsOf;
  readonly endpoints: Pick<EndpointDirectory, 'schedule'>;
  readonly now: () => number;
}): FastifyPluginAsyncZod {
  const { payoutsOf, endpoints, now } = deps;
  return async (app) => {
    const pathOf = (action: OperatorAction) => `/payouts/:clientOrderId/${action}`;
    const describe = <Body extends z.ZodType>(action: OperatorAction, body: Body, tag = 'operators') => ({
      config: { access: tag === 'approvals' ? ('payouts:approve' as const) : ('payouts:operate' as const) },
      schema: {
        ...{ operationId: `${action}Payout`, summary: ACTS[action], tags: [tag] },
        ...{ params, headers: actHeaders, body, response: { 200: payoutAnswer, ...refusals } },
      },
    });
    for (const action of ['check', 'cancel', 'resend', 'note'] as const)
      app.post(pathOf(action), describe(action, operatorBody), (request, reply) =>
        perform(request, { ...identifyPerson(request), action, reason: request.body.reason }, reply),
      );
    app.post(pathOf('resolve'), describe('resolve', resolveBody), (request, reply) => {
      const { reason, outcome: resolution, against = null } = request.body;
      const by = identifyPerson(request);
      return perform(request, { ...by, action: 'resolve', resolution, against, reason }, reply);
    });
    app.post(pathOf('approve'), describe('approve', operatorBody, 'approvals'), async (request, reply) => {
      const { payout } = await requirePayout(payoutsOf(request), request.params.clientOrderId);
      // An approval after the cut-off is one for the next banking day.
      const { schedule: notBefore } = endpoints.schedule(payout.endpoint, {}, now());
      const by = { ...identifyPerson(request), reason: request.body.reason };
      return await perform(request, { ...by, action: 'approve', ...(notBefore && { notBefore }) }, reply);
    });
    for (const action of ['reject', 'withdraw'] as const)
      app.post(pathOf(action), describe(action, operatorBody, 'approvals'), (request, reply) =>
        perform(request, { ...identifyPerson(request), action, reason: request.body.reason }, reply),
      );
    app.post(pathOf('reschedule'), describe('reschedule', rescheduleBody), async (request, reply) => {
      const { reason, ...asked } = request.body;
      const { payout } = await requirePayout(payoutsOf(request), request.params.clientOrderId);
      const { schedule, errors } = endpoints.schedule(payout.endpoint, asked, now());
      if (schedule === null) throw new Error('a time that was asked for has a schedule');
      const order: OperatorOrder = { ...identify(request), action: 'reschedule', schedule, reason };
      // Of an act that was done, the time may have passed since.
      if (errors.length > 0 && !isDone(payout, order)) throw new Problem('invalid_request', errors);
      return await perform(request, order, reply);
    });
  };

  async function perform(request: ActRequest, order: OperatorOrder, reply: FastifyReply) {
    const { clientOrderId } = request.params;
    const { 'if-match': seen } = request.headers;
    const store = payoutsOf(request);
    const answer = (payout: Payout) => {
      void reply.header('etag', etagOf(payout));
      return viewPayout(payout);
    };
    if (!isClientOrderId(clientOrderId)) throw new Problem('not_found');
    if (seen !== undefined || callerOf(request).endpoints !== null) {
      const now = await store.read(clientOrderId);
      if (now !== null) demandEndpoint(request, now.payout);
      if (
        now !== null &&
        seen !== undefined &&
        !isDone(now.payout, order) &&
        !namesTag(seen, etagOf(now.payout, now.lateEvents))
      )
        throw new Problem('changed');
    }
    const outcome = await store.operate(clientOrderId, order);
    if (outcome !== null && !('refusal' in outcome)) return answer(outcome);
    const reading = await store.read(clientOrderId);
    if (reading === null) throw new Problem('not_found');
    if (isDone(reading.payout, order)) return answer(reading.payout);
    if (isIdUsed(reading.payout, order)) throw new Problem('idempotency_key_used');
    const field = outcome === null ? 'already_final' : outcome.refusal;
    const expected = EXPECTED[field] ?? 'another state';
    throw new Problem('not_allowed', [{ field: SUBJECTS[field] ?? 'state', expected }]);
  }
}

interface ActRequest extends Asking {
  readonly params: { readonly clientOrderId: string };
  readonly headers: { readonly 'if-match'?: string | undefined };
}

/** What an act needs, by why it was refused. */
const EXPECTED: Readonly<Record<string, string>> = {
  already_final: 'a payout that is not final',
  already_sent: 'a payout that was not sent',
  not_sent_yet: 'a payout that was sent, or that a hook holds',
  not_in_review: 'a payout in needs_review because an answer is missing',
  order_is_known: 'a payout without an order at the gateway',
  against_last_word: 'the final status that the gateway reported last, if the outcome contradicts it; else none',
  no_destination: 'a payout whose destination is known',
  not_awaiting_approval: 'a payout that waits for approvals',
  nothing_approved: 'a payout with approvals that was not sent',
  act_waits: 'a payout without another act that waits for approvals',
  act_overtaken: 'an act that still fits the last word of the gateway: reject this one, then ask anew',
  own_request: 'another person than the one who asked for it',
  already_approved: 'a person who has not approved it',
  not_approved_by_you: 'a person who has approved it',
};
/** Refusals that are not about the state. */
const SUBJECTS: Readonly<Record<string, string>> = {
  ...{ own_request: 'person', already_approved: 'person', not_approved_by_you: 'person' },
  against_last_word: 'against',
};

/** The same, with the person behind the key where that has another name. */
export function identifyPerson(request: FastifyRequest) {
  const { name, person } = callerOf(request);
  return { ...identify(request), ...(person === name ? {} : { person }) };
}

/** Who acts, and the id that makes it one act. */
export function identify(request: FastifyRequest) {
  const key = request.headers['idempotency-key'];
  return { id: typeof key === 'string' ? key : randomUUID(), actor: actorOf(request) };
}
