import { setTimeout as sleep } from 'node:timers/promises';
import type { Harness } from './harness';
import type { Planned } from './payouts';
import { describeRunning, type Written } from './places';

/** Looks every second at what is only there for a while: metrics, and the pending activities of payouts that run. */
export function startWatch(harness: Harness, planned: readonly Planned[]) {
  const seen: Written[] = [];
  let isOver = false;
  const look = async (): Promise<void> => {
    const metrics = (await (await fetch(harness.metricsUrl).catch(() => null))?.text()) ?? '';
    if (metrics.includes('temporal_')) seen.push({ place: 'metrics', name: 'scrape', bytes: Buffer.from(metrics) });
    const some = planned.filter((_, nth) => (nth + seen.length) % 4 === 0).map(({ clientOrderId }) => clientOrderId);
    for (const id of some)
      await describeRunning(harness.stack, id).then(
        (written) => seen.push(written),
        () => null,
      );
  };
  const looking = (async () => {
    while (!isOver) {
      await look();
      await sleep(1_000);
    }
  })();
  return {
    look,
    stop: async (): Promise<Written[]> => {
      isOver = true;
      await looking;
      return seen;
    },
  };
}
