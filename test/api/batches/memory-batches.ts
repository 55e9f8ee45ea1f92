import { openBatch } from '../../../src/domain/batch';
import { refuseBatchOrder, takeBatchOrder } from '../../../src/domain/batch-orders';
import type { BatchReading, BatchStore } from '../../../src/store/batches';
import { START_MS } from '../../domain/samples';
import { makeBatchStore } from '../app-harness';

/** Batches in memory: each is what was stored. */
export function makeMemoryBatches() {
  const known = new Map<string, BatchReading>();
  const orders: unknown[] = [];
  const rows = new Map<string, Parameters<BatchStore['start']>[1]['rows']>();
  const batches = makeBatchStore({
    read: async (batchId) => known.get(batchId) ?? null,
    async start(head, { rows: given }) {
      if (known.has(head.batchId)) return false;
      rows.set(head.batchId, given);
      known.set(head.batchId, { head: { ...head, parts: ['p'] }, record: openBatch(head), isOpen: true, attempts: 1 });
      return true;
    },
    async act(reading, order) {
      const { head, record } = known.get(reading.head.batchId) ?? reading;
      orders.push(order);
      const refusal = refuseBatchOrder(record, order, head);
      if (refusal !== null) return { refusal };
      const after = { ...reading, record: takeBatchOrder(record, order, { terms: head, atMs: START_MS }) };
      known.set(head.batchId, after);
      return after;
    },
    list: async () => ({ batches: [...known.values()], next: null }),
    async *rows() {
      yield* [...rows.values()].flat();
    },
  });
  return { known, rows, orders, batches };
}
