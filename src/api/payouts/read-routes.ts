import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ALARM_CAUSES, deadlineOf, nextStep } from '../../domain/next-step';
import { FINAL_STATUSES } from '../../domain/order-report';
import { isFinalState } from '../../domain/payout';
import { viewLastWord, viewLateEvent, viewStep } from '../../domain/view';
import type { Reading } from '../../store/payouts';
import { payoutAnswer, problems } from '../plugins/answers';
import type { PayoutsOf } from '../plugins/callers';
import { Problem } from '../plugins/errors';
import type { Shares } from '../plugins/shares';
import type { ReceiverLinks } from '../receiver/receiver-links';
import { etagOf, namesTag, idParams as params, requireId, requirePayout, sendPayout } from './payout-answer';

export const MAX_WAIT_SECONDS = 60;
const querystring = z.object({
  wait: z
    .union([z.literal('final'), z.coerce.number().min(0).max(MAX_WAIT_SECONDS)], {
      error: `expected 0 to ${MAX_WAIT_SECONDS} seconds, or final`,
    })
    .optional()
    .meta({
      description: `Answer only when the payout changes, or after this many seconds. \`final\`: when it is final, or after ${MAX_WAIT_SECONDS}`,
    }),
});

/** The steps of a payout, oldest first. */
const timelineAnswer = z
  .object({
    clientOrderId: z.string(),
    steps: z.array(
      z.object({
        at: payoutAnswer.shape.createdAt,
        source: z.string(),
        what: z.string(),
        state: payoutAnswer.shape.state,
        orderId: z.string().nullable(),
        actor: z.string().nullable(),
        reason: z.string().nullable(),
        rule: z.string().nullable().meta({ description: 'The rule of the policies that it is about' }),
        enteredFrom: z
          .string()
          .nullable()
          .meta({ description: 'Network address from which the details were entered; null without `payouts:operate`' }),
      }),
    ),
    next: z
      .object({
        what: z
          .enum(['watch', ...ALARM_CAUSES])
          .meta({ description: '`watch`: the gateway is asked every few seconds until then' }),
        at: payoutAnswer.shape.createdAt.meta({ description: 'When it happens' }),
      })
      .nullable()
      .meta({ description: 'What happens next by itself; null when it is due now, or when nothing does' }),
    lastWord: z
      .object({
        status: z.enum(FINAL_STATUSES),
        source: z.enum(['poll', 'callback']),
        at: payoutAnswer.shape.createdAt,
      })
      .nullable()
      .meta({ description: 'The final status that the gateway reported last; null without one' }),
    deadline: payoutAnswer.shape.settledAt.meta({
      description: 'When what an open payout waits for ends: then it is final or needs a person',
    }),
  })
  .meta({ id: 'Timeline' });

/** Reads one payout, from Temporal alone: works with every worker down. */
export function readRoutes(deps: {
  readonly payoutsOf: PayoutsOf;
  readonly links: ReceiverLinks;
  readonly waits: Shares;
  readonly now: () => number;
}): FastifyPluginAsyncZod {
  const { payoutsOf, links, waits, now } = deps;
  return async (app) => {
    app.get(
      '/payouts/:clientOrderId',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readPayout',
          summary: 'Read a payout',
          description:
            'Works while every worker is down. With `wait`, answers when the payout differs from `If-None-Match`, or else from its state at the request.',
          tags: ['payouts'],
          params,
          querystring,
          response: { 200: payoutAnswer, 304: z.undefined(), ...problems(400, 404, 503) },
        },
      },
      async (request, reply) => {
        const { wait: asked = 0 } = request.query;
        const wait = asked === 'final' ? MAX_WAIT_SECONDS : asked;
        if (wait > 0) waits.demand(request, reply);
        const known = request.headers['if-none-match'];
        let base = known;
        const isEnough = (reading: Reading) => {
          const tag = etagOf(reading.payout, reading.lateEvents);
          base ??= tag;
          return isFinalState(reading.payout.state) || (asked !== 'final' && !namesTag(base, tag));
        };
        const reading = await payoutsOf(request).readUntil(requireId(request.params.clientOrderId), {
          isEnough: wait === 0 ? () => true : isEnough,
          forMs: wait * 1_000,
        });
        if (reading === null) throw new Problem('not_found');
        const tag = etagOf(reading.payout, reading.lateEvents);
        if (known !== undefined && namesTag(known, tag)) return reply.header('etag', tag).code(304).send();
        return sendPayout(reply, reading, links);
      },
    );

    app.get(
      '/payouts/:clientOrderId/timeline',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readTimeline',
          summary: 'Every step of a payout, with who reported it',
          tags: ['payouts'],
          params,
          response: { 200: timelineAnswer, ...problems(404, 503) },
        },
      },
      async (request) => {
        const reading = await requirePayout(payoutsOf(request), request.params.clientOrderId);
        const { payout, steps, lateEvents } = reading;
        const isOperator = request.caller?.scopes.includes('payouts:operate') ?? false;
        return {
          clientOrderId: payout.clientOrderId,
          steps: [
            ...steps.map((step) => viewStep(step, { isOperator })),
            ...lateEvents.map((event) => viewLateEvent(payout, event)),
          ],
          lastWord: viewLastWord(payout),
          ...viewNext(reading, now()),
        };
      },
    );
  };
}

/** What an open payout waits for, by its record and its policy. */
function viewNext({ payout, input, isClosed }: Reading, nowMs: number) {
  if (isClosed) return { next: null, deadline: null };
  const due = nextStep(payout, input.policy, nowMs);
  const deadlineMs = deadlineOf(payout, input.policy);
  const alarm =
    due.step !== 'wait'
      ? null
      : due.watchUntilMs === null
        ? due.alarm
        : { cause: 'watch' as const, atMs: due.watchUntilMs };
  return {
    next: alarm === null ? null : { what: alarm.cause, at: new Date(alarm.atMs).toISOString() },
    deadline: deadlineMs === null ? null : new Date(deadlineMs).toISOString(),
  };
}
