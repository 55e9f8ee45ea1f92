import type { Server } from 'node:http';
import type { Config } from '../config/config';
import type { KeyRing } from '../config/key-file';
import { createCountsReader } from '../store/counts-reader';
import { createLimitShares } from '../store/limit-shares';
import type { LimitReader } from '../store/limits';
import type { Visibility } from '../store/visibility';
import { type ApiMetrics, loadApiMetrics } from './api-metrics';
import { serveMetrics } from './listener';

/** The keys as they are now, and the tenants that they name. */
type Keys = Pick<KeyRing, 'keys' | 'isStale'> & { readonly tenants: () => readonly string[] };

/** The API's metrics, of which nothing is read or served yet. */
export interface OpenMetrics extends Pick<ApiMetrics, 'onCallback' | 'onAgreement' | 'onRefused'> {
  /** @throws when nothing can listen at the address */
  serve(store: { readonly visibility: Visibility; readonly limits: LimitReader }, ring: Keys): Promise<void>;
  close(): void;
}

/** Null when the configuration has no address for them. */
export async function openMetrics({
  metricsAddress,
  endpoints,
  policies,
}: Pick<Config, 'metricsAddress' | 'endpoints' | 'policies'>): Promise<OpenMetrics | null> {
  if (metricsAddress === null) return null;
  const { onCallback, onAgreement, onRefused, ...metrics } = await loadApiMetrics(endpoints.map(({ name }) => name));
  let server: Server | null = null;
  return {
    ...{ onCallback, onAgreement, onRefused },
    async serve({ visibility, limits }, ring) {
      const readCounts = createCountsReader({ visibility, now: Date.now });
      const readShares = createLimitShares({ rules: policies, limits, tenants: ring.tenants, now: Date.now });
      const { contentType } = metrics;
      const render = () => metrics.render(readCounts(), ring, readShares());
      server = await serveMetrics(metricsAddress, { contentType, render });
    },
    close: () => void server?.close(),
  };
}
