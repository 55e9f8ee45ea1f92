import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { FINAL_STATES } from '../../domain/payout';
import { RETURNED } from '../../domain/returns';
import type { Counts } from '../../store/counts';
import { LISTED_STATES, WAITING_STATES } from '../../store/list-filter';
import { LIST_PROBLEMS, type ListedPayout, type PayoutList } from '../../store/payout-list';
import { payoutAnswer, problems } from '../plugins/answers';
import { type PayoutsOf, tenantsOf } from '../plugins/callers';
import { sendCsv, writeCsv } from '../plugins/csv';
import { Problem } from '../plugins/errors';
import { tenantQuery } from '../plugins/tenant-query';
import { createCursors } from './cursor';
import { addDetails, DETAIL_COLUMNS, READ_AT_ONCE } from './export-details';
import { exportQuery, LISTED_ATTENTIONS, listQuery, requireMoney } from './list-query';

const { clientOrderId, tenant, outcome, settlement, endpoint, amount, currency, orderId, createdAt, tags } =
  payoutAnswer.shape;

/** A payout in a list, as answered. Its fields are the columns of an export, in this order. */
export const listedPayout = z
  .object({
    clientOrderId,
    state: z
      .enum(LISTED_STATES)
      .nullable()
      .meta({ description: '`open`: accepted, sending or processing. Null when it is not stored' }),
    ...{ outcome, settlement },
    attention: z.enum(LISTED_ATTENTIONS).nullable(),
    problem: z.enum(LIST_PROBLEMS).nullable().meta({
      description: '`unreadable`: its stored data cannot be read. `stuck`: its workflow keeps failing',
    }),
    ...{ endpoint: endpoint.nullable(), amount: amount.nullable(), currency: currency.nullable(), orderId },
    createdAt: createdAt.meta({ description: 'When Temporal stored it; the time filters use this' }),
    closedAt: createdAt.nullable().meta({ description: 'When nothing was left to do; null before that' }),
    deadline: createdAt.nullable().meta({ description: 'When what an open payout waits for ends' }),
    tags,
    tenant,
  })
  .meta({ id: 'ListedPayout' });

const listAnswer = z
  .object({
    payouts: z.array(listedPayout),
    nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
  })
  .meta({ id: 'PayoutList' });

/** Every reason for which something needs a person. */
export const QUEUE_ATTENTIONS = [
  ...LISTED_ATTENTIONS,
  'awaiting_approval',
  'unmatched_callback',
  'notification_dead',
] as const;

const count = z.number().int();
const countsOf = <Name extends string>(names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, count])) as Record<Name, typeof count>);

const countsAnswer = z
  .object({
    open: count,
    waiting: countsOf(WAITING_STATES),
    final: countsOf(FINAL_STATES),
    settlement: countsOf(RETURNED).meta({ description: 'Approved payouts whose money came back, all of it or a part' }),
    attention: countsOf(QUEUE_ATTENTIONS)
      .partial()
      .meta({ description: 'What needs a person, by reason; the sum is the length of `GET /attention`' }),
    hasMoreAttention: z.boolean().meta({ description: 'True when there is more than was counted' }),
  })
  .meta({ id: 'PayoutCounts' });

/** Lists of payouts, under paths that no payout's path can equal. */
export function listRoutes({
  list,
  counts,
  payoutsOf,
  hashKey,
}: {
  list: PayoutList;
  counts: Counts;
  payoutsOf: PayoutsOf;
  hashKey: string;
}): FastifyPluginAsyncZod {
  const cursors = createCursors(hashKey);
  return async (app) => {
    app.get(
      '/payouts',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'listPayouts',
          summary: 'Payouts: open ones, newest first; then closed ones, last closed first',
          description:
            'A page may have fewer payouts than `limit`, or none: continue while `nextCursor` is not null. No payout that matches throughout is missed; one that closes between two pages may appear again, as closed.',
          tags: ['lists'],
          querystring: listQuery,
          response: { 200: listAnswer, ...problems(400, 503) },
        },
      },
      async (request) => {
        const { limit, cursor, tenant: asked, ...rest } = request.query;
        const filter = { ...rest, tenants: tenantsOf(request, asked) };
        requireMoney(filter);
        const token = cursor === undefined ? null : cursors.read(cursor, filter);
        if (cursor !== undefined && token === null) {
          throw new Problem('invalid_request', [
            { field: 'cursor', expected: 'the nextCursor of a page with the same filters' },
          ]);
        }
        const { rows, next } = await list.page(filter, { token, limit });
        return { payouts: [...rows], nextCursor: next === null ? null : cursors.write(next, filter) };
      },
    );

    app.get(
      '/payouts.csv',
      {
        exposeHeadRoute: false,
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'exportPayouts',
          summary: 'All matching payouts as a CSV file, in the order of the list',
          description: 'Each payout appears once. An incomplete answer ends with a reset connection.',
          tags: ['lists'],
          querystring: exportQuery,
          produces: ['text/csv'],
          response: { 200: z.string(), ...problems(400, 503) },
        },
      },
      async (request, reply) => {
        const { detail, tenant: asked, ...rest } = request.query;
        const filter = { ...rest, tenants: tenantsOf(request, asked) };
        requireMoney(filter);
        const listed = Readable.from(list.all(filter), { highWaterMark: 1 });
        const isDetailed = detail === 'true';
        const rows = isDetailed
          ? listed.map((row: ListedPayout) => addDetails(payoutsOf(request), row), { concurrency: READ_AT_ONCE })
          : listed;
        // What fails before the first row is still answered as what it is.
        await once(rows, 'readable');
        const columns = [...Object.keys(listedPayout.shape), ...(isDetailed ? DETAIL_COLUMNS : [])];
        return sendCsv(reply, 'payouts.csv', writeCsv(rows, columns));
      },
    );

    app.get(
      '/payout-counts',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'countPayouts',
          summary: 'How many payouts there are, by state and by attention',
          description: 'Slightly behind, and cached for ten seconds.',
          tags: ['lists'],
          querystring: tenantQuery,
          response: { 200: countsAnswer, ...problems(400, 503) },
        },
      },
      async (request) => await counts.count(tenantsOf(request, request.query.tenant)),
    );
  };
}
