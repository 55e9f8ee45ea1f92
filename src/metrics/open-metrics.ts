import type { Server } from 'node:http';
import type { Config } from '../config/config';
import type { KeyRing } from '../config/key-file';
import { createCountsReader } from '../store/counts-reader';
import type { Visibility } from '../store/visibility';
import { type ApiMetrics, loadApiMetrics } from './api-metrics';
import { serveMetrics } from './listener';

/** The API's metrics, of which nothing is read or served yet. */
export interface OpenMetrics extends Pick<ApiMetrics, 'onCallback' | 'onAgreement' | 'onRefused'> {
  /** @throws when nothing can listen at the address */
  serve(visibility: Visibility, ring: KeyRing): Promise<void>;
  close(): void;
}

/** Null when the configuration has no address for them. */
export async function openMetrics({
  metricsAddress,
  endpoints,
}: Pick<Config, 'metricsAddress' | 'endpoints'>): Promise<OpenMetrics | null> {
  if (metricsAddress === null) return null;
  const { onCallback, onAgreement, onRefused, ...metrics } = await loadApiMetrics(endpoints.map(({ name }) => name));
  let server: Server | null = null;
  return {
    ...{ onCallback, onAgreement, onRefused },
    async serve(visibility, ring) {
      const readCounts = createCountsReader({ visibility, now: Date.now });
      const { contentType } = metrics;
      server = await serveMetrics(metricsAddress, { contentType, render: () => metrics.render(readCounts(), ring) });
    },
    close: () => void server?.close(),
  };
}
