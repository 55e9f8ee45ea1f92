import type { BatchOrder, RowFailure } from '../domain/batch';
import { openClientConnection, type TemporalAddress } from '../temporal/connection';
import type { BatchRow } from '../workflows/batch-messages';
import type { BatchParts } from './batch-parts';
import { createPayoutStore, type PayoutStore, type StoreOptions } from './payouts';

/**
 * The worker's way to rows: the store of the API, over a connection of the API's kind. The worker's native one retries past every
 * deadline, so that a row whose start was given up could still start.
 */
export function openBatchRows(address: TemporalAddress, options: Pick<StoreOptions, 'dataConverter' | 'tracing'>) {
  const connection = openClientConnection(address);
  const store = createPayoutStore({ connection, namespace: address.namespace, ...options });
  return { ...createBatchRows({ store, parts: store.batchParts }), close: () => connection.close() };
}

/** What the worker does with the rows of batches: what the API does with a caller's requests and an operator's acts. */
export function createBatchRows(deps: {
  readonly store: Pick<PayoutStore, 'start' | 'read' | 'operate'>;
  readonly parts: BatchParts;
  readonly now?: () => number;
}) {
  const { store, parts, now = Date.now } = deps;

  return {
    releasePart: parts.release,

    /** The rows of a part, and how one is started. */
    async readPart(part: string) {
      const { rows, policies } = await parts.read(part);

      /** An existing payout that is this very row was started before: by an attempt that was lost, most likely. */
      async function start({ input, fingerprint, destinationHash }: BatchRow, by: string): Promise<RowFailure | null> {
        const policy = policies[input.endpoint];
        if (policy === undefined) throw new RangeError('expected the policy of each endpoint');
        const whole = { ...input, policy, acceptedAtMs: now() };
        const started = await store.start(whole, { fingerprint, madeBy: by, destinationHash });
        if (started !== null) return null;
        const existing = await store.read(input.request.clientOrderId);
        if (existing === null) throw new Error('expected the payout that was in the way');
        const isOwn = existing.madeBy === by && existing.input.batch === input.batch;
        return isOwn && existing.fingerprint === fingerprint ? null : 'client_order_id_taken';
      }
      return { rows, start };
    },

    /** The ordinary act on one payout, once per act on the batch. A refusal is an answer: what was sent is not cancelled. */
    async cancelRow({ input }: BatchRow, { id, actor, reason }: BatchOrder): Promise<'done' | 'unknown'> {
      const { clientOrderId } = input.request;
      const existing = await store.read(clientOrderId);
      if (existing === null || existing.input.batch !== input.batch) return 'unknown';
      if (!existing.isClosed) await store.operate(clientOrderId, { id, action: 'cancel', actor, reason });
      return 'done';
    },
  };
}
