import { once } from 'node:events';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { BATCH_ACTIONS, BATCH_STATES, type BatchAction, type BatchOrder } from '../../domain/batch';
import { BATCH_REFUSALS, isOrderDone, isOrderIdUsed } from '../../domain/batch-orders';
import { isBatchId } from '../../domain/ids';
import { tenantOf } from '../../domain/tenants';
import { type AskedTime, latestOf } from '../../schedule/local-time';
import type { CountBatch } from '../../store/batch-counts';
import { viewBatch } from '../../store/batch-view';
import type { BatchReading, BatchStore } from '../../store/batches';
import type { PayoutList } from '../../store/payout-list';
import { ifSeen } from '../../store/tenant-view';
import type { EndpointDirectory } from '../endpoints';
import { idempotencyHeaders, identifyPerson } from '../operate/routes';
import { createCursors } from '../payouts/cursor';
import { operatorBody, rescheduleBody } from '../payouts/schemas';
import { problems } from '../plugins/answers';
import { type Asking, demandEndpoint, tenantsOf } from '../plugins/callers';
import { sendCsv } from '../plugins/csv';
import { Problem } from '../plugins/errors';
import { tenantFilter } from '../plugins/tenant-query';
import { approveBatchBody, batchAnswer } from './answers';
import { templateOf, writeResult } from './files';

const params = z.object({ batchId: z.string() });
const tags = ['batches'];
const PAGE = 20;

const ACTS = {
  pause: 'Start no further rows for now',
  resume: 'Go on with a paused batch',
  cancel: 'Start no further rows, and cancel payouts of the batch that were not sent',
  approve: 'Approve a whole batch before any row starts; never one that one asked for oneself',
  reject: 'Refuse a batch that waits for approvals: none of its rows starts',
  reschedule: 'Set another time for a batch that has not begun',
} as const satisfies Readonly<Record<BatchAction, string>>;

/** Batches as they are, and what people may do with them. */
export function batchRoutes(deps: {
  readonly batches: BatchStore;
  readonly countBatch: CountBatch;
  readonly list: PayoutList;
  readonly endpoints: Pick<EndpointDirectory, 'schedule'>;
  readonly hashKey: string;
  readonly now: () => number;
}): FastifyPluginAsyncZod {
  const { batches, countBatch, list, endpoints, hashKey, now } = deps;
  const cursors = createCursors(hashKey);

  const dueAt = ({ endpoints: names = [] }: BatchReading['head'], asked: AskedTime) =>
    latestOf(names.map((name) => endpoints.schedule(name, asked, now())));

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
            state: z.enum(BATCH_STATES, { error: 'expected a state of a batch' }).optional(),
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
        const { cursor, state, tenant } = request.query;
        const tenants = tenantsOf(request, tenant);
        const filter = { list: 'batches', tenants, state };
        const token = cursor === undefined ? null : cursors.read(cursor, filter);
        if (cursor !== undefined && token === null)
          throw new Problem('invalid_request', [{ field: 'cursor', expected: 'the nextCursor of a page' }]);
        const { batches: found, next } = await batches.list({ tenants, state, size: PAGE, token });
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
          config: { access: ['approve', 'reject'].includes(action) ? 'payouts:approve' : 'payouts:operate' },
          schema: {
            ...{ operationId: `${action}Batch`, summary: ACTS[action], tags, params, headers: idempotencyHeaders },
            body: BODIES[action],
            response: { 200: batchAnswer, ...problems(400, 404, 409, 503) },
          },
        },
        async (request) => {
          const reading = await require(request);
          // Of one that does not say its endpoints none is known to be allowed.
          for (const endpoint of reading.head.endpoints ?? ['']) demandEndpoint(request, { endpoint });
          const order = toOrder(request, action, reading);
          const outcome = await batches.act(reading, order);
          const after = outcome ?? (await require(request));
          if (!('refusal' in after) && isOrderDone(after.record, order)) return viewBatch(after);
          // A second update under one id is answered with the outcome of the first, whatever it asks for.
          const refusal = 'refusal' in after ? after.refusal : isOrderIdUsed(after.record, order) ? 'id_used' : 'over';
          if (refusal === 'id_used') throw new Problem('idempotency_key_used');
          const [field, expected] = BATCH_REFUSALS[refusal];
          throw new Problem('not_allowed', [{ field, expected }]);
        },
      );
    }
  };

  function toOrder(request: FastifyRequest, action: BatchAction, { head, record }: BatchReading): BatchOrder {
    const { reason, contentHash = '', ...asked } = request.body as ActBody;
    const by = { ...identifyPerson(request), reason };
    if (action !== 'approve' && action !== 'reschedule') return { ...by, action };
    // An approval after the cut-off is one for the next banking day.
    const { schedule, errors } = dueAt(head, asked);
    if (action === 'approve') return { ...by, action, contentHash, ...(schedule && { notBefore: schedule }) };
    // Of an act that was done, the time may have passed since.
    if (errors.length > 0 && !isOrderDone(record, { ...by, action })) throw new Problem('invalid_request', errors);
    if (schedule === null) throw new Problem('not_allowed', [{ field: 'state', expected: BATCH_REFUSALS.begun[1] }]);
    return { ...by, action, schedule };
  }
}

type ActBody = AskedTime & { readonly reason: string; readonly contentHash?: string };
const BODIES = {
  ...{ pause: operatorBody, resume: operatorBody, cancel: operatorBody, reject: operatorBody },
  ...{ approve: approveBatchBody, reschedule: rescheduleBody },
} as const satisfies Readonly<Record<BatchAction, z.ZodType>>;
