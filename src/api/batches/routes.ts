import { once } from 'node:events';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { BATCH_ACTIONS, type BatchAction, isOrderDone, refuseBatchOrder, takeBatchOrder } from '../../domain/batch';
import { isBatchId } from '../../domain/ids';
import { tenantOf } from '../../domain/tenants';
import type { CountBatch } from '../../store/batch-counts';
import type { BatchReading, BatchStore } from '../../store/batches';
import type { PayoutList } from '../../store/payout-list';
import { ifSeen } from '../../store/tenant-view';
import { idempotencyHeaders, identify } from '../operate/routes';
import { createCursors } from '../payouts/cursor';
import { operatorBody } from '../payouts/schemas';
import { problems } from '../plugins/answers';
import { type Asking, tenantsOf } from '../plugins/callers';
import { sendCsv } from '../plugins/csv';
import { Problem } from '../plugins/errors';
import { tenantFilter } from '../plugins/tenant-query';
import { batchAnswer, viewBatch } from './answers';
import { templateOf, writeResult } from './files';

const params = z.object({ batchId: z.string() });
const tags = ['batches'];
const PAGE = 20;

const ACTS = {
  pause: 'Start no further rows for now',
  resume: 'Go on with a paused batch',
  cancel: 'Start no further rows, and cancel payouts of the batch that were not sent',
} as const satisfies Readonly<Record<BatchAction, string>>;

/** Batches as they are, and what people may do with them. */
export function batchRoutes(deps: {
  readonly batches: BatchStore;
  readonly countBatch: CountBatch;
  readonly list: PayoutList;
  readonly hashKey: string;
  readonly now: () => number;
}): FastifyPluginAsyncZod {
  const { batches, countBatch, list, hashKey, now } = deps;
  const cursors = createCursors(hashKey);

  /** A batch that the caller sees. @throws Problem not_found */
  async function require(request: Asking & { readonly params: { readonly batchId: string } }): Promise<BatchReading> {
    const { batchId } = request.params;
    const seen = { tenants: tenantsOf(request), ownerOf: ({ head }: BatchReading) => tenantOf(head) };
    const reading = isBatchId(batchId) ? await ifSeen(batches.read(batchId), seen) : null;
    if (reading === null) throw new Problem('not_found');
    return reading;
  }

  return async (app) => {
    const access = 'payouts:read' as const;
    app.get(
      '/batches',
      {
        config: { access },
        schema: {
          ...{
            operationId: 'listBatches',
            summary: 'Batches: open ones, newest first; then those that are over',
            tags,
          },
          querystring: z.strictObject({
            tenant: tenantFilter,
            cursor: z.string().max(2_000, 'expected the nextCursor of a page').optional(),
          }),
          response: {
            200: z
              .object({
                batches: z.array(batchAnswer),
                nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
              })
              .meta({ id: 'BatchList' }),
            ...problems(400, 503),
          },
        },
      },
      async (request) => {
        const { cursor, tenant } = request.query;
        const tenants = tenantsOf(request, tenant);
        const filter = { list: 'batches', tenants };
        const token = cursor === undefined ? null : cursors.read(cursor, filter);
        if (cursor !== undefined && token === null)
          throw new Problem('invalid_request', [{ field: 'cursor', expected: 'the nextCursor of a page' }]);
        const { batches: found, next } = await batches.list({ tenants, size: PAGE, token });
        const nextCursor = next === null ? null : cursors.write(next, filter);
        return { batches: found.map((reading) => viewBatch(reading)), nextCursor };
      },
    );

    app.get(
      '/batches/template.csv',
      {
        config: { access },
        schema: {
          ...{ operationId: 'readBatchTemplate', summary: 'The head line of a file, with every column', tags },
          produces: ['text/csv'],
          response: { 200: z.string() },
        },
      },
      async (_request, reply) => {
        return sendCsv(reply, 'batch.csv', templateOf());
      },
    );

    app.get(
      '/batches/:batchId',
      {
        config: { access },
        schema: {
          ...{ operationId: 'readBatch', summary: 'A batch and how far it is; needs no worker', tags, params },
          response: { 200: batchAnswer, ...problems(404, 503) },
        },
      },
      async (request) => {
        const reading = await require(request);
        return viewBatch(reading, await countBatch(reading.head.batchId, [tenantOf(reading.head)]));
      },
    );

    app.get(
      '/batches/:batchId/result',
      {
        config: { access },
        exposeHeadRoute: false,
        schema: {
          ...{ operationId: 'readBatchResult', summary: 'What became of every row, as a CSV file', tags, params },
          description:
            'Slightly behind: never pay because of it. `result` is `started` (a payout), `failed`, `waiting` or `not_started`. An incomplete answer ends with a reset connection.',
          produces: ['text/csv'],
          response: { 200: z.string(), ...problems(404, 503) },
        },
      },
      async (request, reply) => {
        const { batchId } = request.params;
        const rows = writeResult(await require(request), { batches, list });
        // What fails before the first row is still answered as what it is.
        await once(rows, 'readable');
        return sendCsv(reply, `${batchId}-result.csv`, rows);
      },
    );

    for (const action of BATCH_ACTIONS) {
      app.post(
        `/batches/:batchId/${action}`,
        {
          config: { access: 'payouts:operate' as const },
          schema: {
            ...{ operationId: `${action}Batch`, summary: ACTS[action], tags, params, headers: idempotencyHeaders },
            body: operatorBody,
            response: { 200: batchAnswer, ...problems(400, 404, 409, 503) },
          },
        },
        async (request) => {
          const reading = await require(request);
          const { head, record } = reading;
          const order = { ...identify(request), action, reason: request.body.reason };
          const refuse = (expected: string) => new Problem('not_allowed', [{ field: 'state', expected }]);
          const expected = refuseBatchOrder(record, order);
          if (expected !== null) throw refuse(expected);
          if (!isOrderDone(record, order) && !(await batches.order(head.batchId, order)))
            throw refuse('a batch that is not over');
          // It is stored: with no worker it counts all the same.
          return viewBatch({ ...reading, record: takeBatchOrder(record, order, now()) });
        },
      );
    }
  };
}
