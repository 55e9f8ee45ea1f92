import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { PayoutList } from '../../store/payout-list';
import { problemAnswer } from '../plugins/answers';
import { Problem } from '../plugins/errors';
import { countsAnswer, listAnswer } from './answers';
import { CSV_TYPE, writeCsv } from './csv';
import { createCursors } from './cursor';
import { filterQuery, listQuery, toListFilter } from './list-query';

/** Lists of payouts. Their addresses end in what no clientOrderId can be, so none is ever in the way of a payout's. */
export function listRoutes({ list, hashKey }: { list: PayoutList; hashKey: string }): FastifyPluginAsyncZod {
  const cursors = createCursors(hashKey);
  return async (app) => {
    app.get(
      '/payouts',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'listPayouts',
          summary: 'Payouts: open ones first, the newest first; then closed ones, the last closed first',
          description:
            'A page may hold fewer than `limit`, even none: go on while there is a `nextCursor`. No payout that matched throughout is missed; one that closes between two pages may come again, closed.',
          tags: ['lists'],
          querystring: listQuery,
          response: { 200: listAnswer, 400: problemAnswer, 503: problemAnswer },
        },
      },
      async (request) => {
        const { limit, cursor, ...query } = request.query;
        const filter = toListFilter(query);
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
          summary: 'Payouts as a CSV file, all of them, in the order of the list',
          description: 'Each payout is in it once. An answer that breaks off is not whole: its connection is reset.',
          tags: ['lists'],
          querystring: filterQuery,
          produces: ['text/csv'],
          response: { 200: z.string(), 400: problemAnswer, 503: problemAnswer },
        },
      },
      async (request, reply) => {
        const batches = list.all(toListFilter(request.query));
        // What fails before the first row is still answered as what it is.
        const first = await batches.next();
        const rows = Readable.from(first.done ? [] : prepend(first.value, batches), {
          objectMode: true,
          highWaterMark: 1,
        });
        return sendFile(reply, writeCsv(rows));
      },
    );

    app.get(
      '/payout-counts',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'countPayouts',
          summary: 'How many payouts there are, by state and by attention',
          description: 'A moment behind, and kept for ten seconds.',
          tags: ['lists'],
          response: { 200: countsAnswer, 503: problemAnswer },
        },
      },
      async () => await list.count(),
    );
  };
}

function sendFile(reply: FastifyReply, file: Readable): FastifyReply {
  return reply.type(CSV_TYPE).header('content-disposition', 'attachment; filename="payouts.csv"').send(file);
}

async function* prepend<T>(first: readonly T[], rest: AsyncGenerator<readonly T[]>): AsyncGenerator<T> {
  try {
    yield* first;
    for await (const batch of rest) yield* batch;
  } finally {
    await rest.return(undefined);
  }
}
