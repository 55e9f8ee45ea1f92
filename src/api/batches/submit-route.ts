import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { BOUNDS } from '../../config/bounds';
import { openBatch } from '../../domain/batch';
import { storedTenant, tenantOf } from '../../domain/tenants';
import type { SumUp } from '../../store/batch-gates';
import { viewBatch, viewBatchGate } from '../../store/batch-view';
import type { BatchReading, BatchStore } from '../../store/batches';
import type { Gates } from '../../store/gates';
import { ifSeen } from '../../store/tenant-view';
import type { EndpointDirectory } from '../endpoints';
import { problems } from '../plugins/answers';
import { callerOf } from '../plugins/callers';
import { sendCsv } from '../plugins/csv';
import { Problem } from '../plugins/errors';
import { createShares } from '../plugins/shares';
import { batchAnswer, batchBody, batchQuery, checkedBatch } from './answers';
import { checkRows } from './check-rows';
import { isColumn, toCells } from './columns';
import { markErrors } from './files';
import { type CsvFile, readCsv, toBodies } from './read-csv';

const schema = {
  operationId: 'startBatch',
  summary: 'Start many payouts from JSON or from a CSV file',
  description:
    'Every row is checked before any is started; all errors are answered at once, with `Accept: text/csv` as the same file with a column `errors`. Repeating the request returns the existing batch. Rows are started in order; each is an ordinary payout.',
  tags: ['batches'],
  consumes: ['application/json', 'text/csv'],
  querystring: batchQuery,
  headers: z.object({
    accept: z.string().optional().meta({ description: '`text/csv`: errors as a file' }),
  }),
  body: batchBody,
  response: { 200: z.union([batchAnswer, checkedBatch]), 202: batchAnswer, ...problems(400, 409, 503) },
};

/** Takes batches, each once. */
export function submitRoute(deps: {
  readonly batches: Pick<BatchStore, 'start' | 'read'>;
  readonly endpoints: EndpointDirectory;
  readonly hashKey: string;
  readonly decide: Gates['decideAlone'];
  readonly sumUp: SumUp;
  readonly now: () => number;
}): FastifyPluginAsyncZod {
  const { batches, now, ...checking } = deps;
  const places = createShares({
    most: BOUNDS.batchesAtOnce.most,
    perTenant: BOUNDS.batchesAtOnce.most,
    perCaller: BOUNDS.batchesAtOnce.most,
  });
  const files = new WeakMap<object, CsvFile>();
  return async (app) => {
    app.addContentTypeParser<Buffer>(
      'text/csv',
      { parseAs: 'buffer' },
      async (request: FastifyRequest, bytes: Buffer) => {
        const file = await readCsv(bytes);
        files.set(request.raw, file);
        return { rows: await toBodies(file) };
      },
    );
    app.post(
      '/batches',
      {
        ...{ config: { access: 'payouts:write' }, schema, bodyLimit: BOUNDS.batchBytes.most },
        onRequest: async (request, reply) => places.demand(request, reply),
      },
      async (request, reply) => {
        const { dryRun, perSecond, window, executeAt, timeZone, batchId = request.body.batchId } = request.query;
        const asked = { ...(executeAt && { executeAt }), ...(timeZone && { timeZone }) };
        if (batchId === undefined)
          throw new Problem('invalid_request', [{ field: 'batchId', expected: 'your id of the batch' }]);
        const { rows: bodies } = request.body;
        const [caller, atMs] = [callerOf(request), now()];
        const checked = await checkRows(bodies, { ...checking, batchId, caller, atMs, asked });
        const { rows, policies, totals, contentHash, gate, warnings } = checked;
        // Of another tenant's batch nothing is said but that the id is taken.
        const readOwn = () => ifSeen(batches.read(batchId), { tenants: [caller.tenant], ownerOf: ownerOfBatch });
        const known = checked.errors.length === 0 ? await readOwn() : null;
        const errors = known === null ? [...checked.errors, ...checked.timeErrors] : [];
        if (errors.length > 0) {
          request.log.warn({ batchId, caller: caller.name, errors: errors.length }, 'batch refused');
          if (!/\btext\/csv\b/.test(request.headers.accept ?? '')) throw new Problem('invalid_batch', errors);
          const file = files.get(request.raw) ?? toFile(bodies);
          void reply.code(400).header('cache-control', 'no-store');
          return sendCsv(reply, `${batchId}-errors.csv`, markErrors(file, errors));
        }
        const shared = { warnings: [...warnings] };
        const head = {
          ...{ batchId, ...storedTenant(caller.tenant), by: caller.name, contentHash, rows: rows.length, totals },
          ...{ window, perSecond, acceptedAtMs: atMs, endpoints: checked.endpoints, ...(gate && { gate }) },
          ...(executeAt && { asked }),
        };
        if (dryRun === 'true') {
          const after = viewBatchGate({ head, record: openBatch(head) });
          return { ...shared, ...after, batchId, rows: rows.length, totals: totals.map((total) => ({ ...total })) };
        }
        const isSame = ({ head: made }: BatchReading) =>
          made.by === caller.name &&
          made.contentHash === contentHash &&
          JSON.stringify(made.asked) === JSON.stringify(head.asked);
        const isNew = known === null && (await batches.start(head, { rows, policies }));
        const reading = known ?? (await readOwn());
        if (reading === null || !isSame(reading)) throw new Problem('batch_differs');
        request.log.info({ batchId, caller: caller.name, rows: rows.length, isNew }, 'batch asked for');
        void reply.code(isNew ? 202 : 200).header('location', `/batches/${batchId}`);
        if (!isNew) void reply.header('idempotent-replayed', 'true');
        return { ...viewBatch(reading), ...shared };
      },
    );
  };
}

const ownerOfBatch = ({ head }: BatchReading) => tenantOf(head);

const MOST_COLUMNS = 200;

/** Rows that came as JSON, as a file that can be corrected and sent. What no file can hold is left out. */
function toFile(bodies: readonly unknown[]): CsvFile {
  const rows = bodies.map(toCells);
  const header = [...new Set(rows.flatMap(Object.keys))].filter(isColumn).slice(0, MOST_COLUMNS);
  return { header, rows: rows.map((cells) => header.map((name) => cells[name] ?? '')) };
}
