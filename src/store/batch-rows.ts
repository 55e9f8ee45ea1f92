import type { BatchOrder } from '../domain/batch';
import { clearRow } from '../domain/batch-gate';
import type { RowFailure, RowFound } from '../domain/batch-progress';
import { tenantOf } from '../domain/tenants';
import { openClientConnection, type TemporalAddress } from '../temporal/connection';
import type { BatchHead, BatchRow, StartRows } from '../workflows/batch-messages';
import type { BatchParts } from './batch-parts';
import { hashOfContent } from './fingerprint';
import { createTwinSearch } from './gates';
import { createPayoutStore, type PayoutStore, type StoreOptions } from './payouts';
import type { Visibility } from './visibility';

/**
 * The worker's way to rows: the store of the API, over a connection of the API's kind. The worker's native one retries past every
 * deadline, so that a row whose start was given up could still start.
 */
export function openBatchRows(address: TemporalAddress, options: Pick<StoreOptions, 'dataConverter' | 'tracing'>) {
  const connection = openClientConnection(address);
  const store = createPayoutStore({ connection, namespace: address.namespace, ...options });
  return {
    ...createBatchRows({ store, parts: store.batchParts, visibility: store.visibility }),
    close: () => connection.close(),
  };
}

/** What the worker does with the rows of batches: what the API does with a caller's requests and an operator's acts. */
export function createBatchRows(deps: {
  readonly store: Pick<PayoutStore, 'start' | 'read' | 'operate'>;
  readonly parts: BatchParts;
  readonly visibility: Pick<Visibility, 'count'>;
  readonly now?: () => number;
}) {
  const { store, parts, visibility, now = Date.now } = deps;
  const hasTwin = createTwinSearch(visibility);

  return {
    releasePart: parts.release,

    async hashContent({ parts: ids }: BatchHead): Promise<string> {
      const content = hashOfContent();
      for (const id of ids) for (const { fingerprint } of (await parts.read(id)).rows) content.add(fingerprint);
      return content.end();
    },

    /** The rows of a part, and how one is started. */
    async readPart(part: string) {
      const { rows, policies } = await parts.read(part);

      /** An existing payout that is this very row was started before: by an attempt that was lost, most likely. */
      async function start(
        { input, fingerprint, destinationHash, hold }: BatchRow,
        { head, cleared }: Pick<StartRows, 'head' | 'cleared'>,
      ): Promise<RowFailure | null> {
        const { by } = head;
        const policy = policies[input.endpoint];
        if (policy === undefined) throw new RangeError('expected the policy of each endpoint');
        const whole = { ...input, policy, acceptedAtMs: now() };
        const { request, batch } = input;
        const candidate = { request, tenant: tenantOf(input), destinationHash, atMs: now(), batch };
        const isTwin = hold !== undefined && (await hasTwin(candidate, hold.withinMs));
        const own = isTwin ? hold.gate : input.gate;
        const isCleared = own !== undefined && head.gate !== undefined && cleared !== undefined;
        const gate = isCleared ? clearRow(own, { id: head.batchId, gate: head.gate, ...cleared }) : own;
        const options = { fingerprint, madeBy: by, destinationHash };
        const started = await store.start({ ...whole, ...(gate && { gate }) }, options);
        if (started !== null) return null;
        const existing = await store.read(input.request.clientOrderId);
        if (existing === null) throw new Error('expected the payout that was in the way');
        const isOwn = existing.madeBy === by && existing.input.batch === input.batch;
        return isOwn && existing.fingerprint === fingerprint ? null : 'client_order_id_taken';
      }
      return { rows, start };
    },

    /** The ordinary act on one payout, once per act on the batch. A refusal is an answer: what was sent is not cancelled. */
    async cancelRow({ input }: BatchRow, { id: ofBatch, actor, reason }: BatchOrder): Promise<RowFound> {
      const { clientOrderId } = input.request;
      const existing = await store.read(clientOrderId);
      if (existing === null) return 'unknown';
      if (existing.input.batch !== input.batch) return 'taken';
      // A person may have used the same key for an act on the payout.
      const id = `${input.batch}:${ofBatch}`;
      if (!existing.isClosed) await store.operate(clientOrderId, { id, action: 'cancel', actor, reason });
      return 'done';
    },
  };
}
