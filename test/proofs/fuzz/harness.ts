import { openBatch } from '../../../src/domain/batch';
import type { BatchReading } from '../../../src/store/batches';
import { makeApp, makeBatchStore, makeNotificationStore, STORE } from '../../api/app-harness';
import { createFakeVisibility } from '../../store/fake-visibility';

export type Harness = Awaited<ReturnType<typeof openHarness>>;

/** The API in this process, before stores in memory whose calls are counted. What is logged at any level is looked at. */
export async function openHarness() {
  let [calls, starts] = [0, 0];
  const count = <T extends object>(store: T): T =>
    new Proxy(store, {
      get:
        (of, name) =>
        (...args: unknown[]) => {
          // The day is counted in the background, long after it was asked for.
          if (name !== 'count') calls += 1;
          if (name === 'start') starts += 1;
          return (Reflect.get(of, name) as (...args: unknown[]) => unknown)(...args);
        },
    });
  // What was started last is what is read.
  let made: BatchReading | null = null;
  const batches = makeBatchStore({
    read: async () => made,
    start: async (head) => {
      made = { head: { ...head, parts: [] }, record: openBatch(head), isOpen: true, attempts: 0 };
      return true;
    },
  });
  const { app, takeLog } = await makeApp({
    store: count(STORE) as never,
    notifications: count(makeNotificationStore()),
    batches: count(batches),
    visibility: count(createFakeVisibility([])),
    endpoint: { extraFields: [{ name: 'sender_tax_id', required: false, maxLength: 20 }] },
    // Rates that no run reaches: what is refused is refused for what it is.
    access: { callerRatePerSecond: 1e9, receiverRatePerSecond: 1e9 },
  });
  await app.ready();
  /** How often anything behind the API was called, and how many payouts were started. */
  return { app, takeLog, storeCalls: () => calls, starts: () => starts };
}
