import { listExpiring } from '../config/key-expiry';
import type { KeyRing } from '../config/key-file';
import { CALLBACK_VERDICTS, type CallbackVerdict, METRICS, type MetricName } from '../domain/metrics';
import type { Agreement } from '../store/callback-intake';
import type { CountsReading, LatestCounts } from '../store/counts-reader';
import type { LimitShare } from '../store/limit-shares';
import type { RefusedCall } from '../temporal/call-failure';

/** What the API says of itself as it works. Each costs an addition in memory. */
export interface ApiMetrics {
  /** `endpoint` is null for a name that is not configured: what a stranger wrote is no label. */
  onCallback(endpoint: string | null, verdict: CallbackVerdict): void;
  onAgreement(agreement: Agreement): void;
  onRefused(trouble: RefusedCall): void;
  readonly contentType: string;
  /** All of them as text, with these counts among them. */
  render(
    counts: LatestCounts,
    ring: Pick<KeyRing, 'keys' | 'isStale'>,
    shares?: readonly LimitShare[],
  ): Promise<string>;
}

/**
 * The library is loaded here, only where somebody looks.
 * @param endpoints names of the configured ones
 */
export async function loadApiMetrics(endpoints: readonly string[], now: () => number = Date.now): Promise<ApiMetrics> {
  const { Counter, Gauge, Histogram, Registry } = await import('prom-client');
  const registry = new Registry();
  const describe = (name: MetricName) => {
    const { help, labels } = METRICS[name];
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  const callbacks = new Counter(describe('callbacks_total'));
  const refused = new Counter(describe('temporal_calls_refused_total'));
  const late = new Histogram({
    ...describe('callback_late_seconds'),
    buckets: [...METRICS.callback_late_seconds.buckets],
  });
  const payouts = new Gauge(describe('payouts'));
  const items = new Gauge(describe('attention_items'));
  const oldest = new Gauge(describe('attention_oldest_seconds'));
  const notifications = new Gauge(describe('notifications'));
  const age = new Gauge(describe('counts_age_seconds'));
  const limits = new Gauge(describe('limit_ratio'));
  const stale = new Gauge(describe('api_keys_stale'));
  const expiring = new Gauge(describe('api_key_expiry_seconds'));
  // A counter that begins at its first event hides it from `increase`.
  for (const endpoint of endpoints) for (const verdict of CALLBACK_VERDICTS) callbacks.inc({ endpoint, verdict }, 0);

  for (const trouble of ['outage', 'exhausted'] as const) refused.inc({ trouble }, 0);

  function show({ states, attention, pending, dead }: CountsReading): void {
    for (const [state, count] of Object.entries(states)) payouts.set({ state }, count);
    for (const { reason, tenant, count, sinceMs } of attention) {
      items.set({ attention: reason, tenant }, count);
      oldest.set({ attention: reason, tenant }, sinceMs === null ? 0 : Math.max(0, now() - sinceMs) / 1_000);
    }
    notifications.set({ state: 'pending' }, pending);
    notifications.set({ state: 'dead' }, dead);
  }

  return {
    onCallback: (endpoint, verdict) => callbacks.inc({ endpoint: endpoint ?? '', verdict }),
    onAgreement: ({ endpoint, settledBy, lateMs }) => late.observe({ endpoint, settled_by: settledBy }, lateMs / 1_000),
    onRefused: (trouble) => refused.inc({ trouble }),
    contentType: registry.contentType,
    async render({ reading, ageMs }, ring, shares = []) {
      if (reading !== null) show(reading);
      age.set(ageMs / 1_000);
      stale.set(ring.isStale() ? 1 : 0);
      limits.reset();
      for (const { tenant, rule, used, held } of shares) {
        limits.set({ tenant, rule, part: 'used' }, used);
        limits.set({ tenant, rule, part: 'held' }, held);
      }
      expiring.reset();
      for (const [caller, endMs] of listExpiring(ring.keys(), now())) expiring.set({ caller }, (endMs - now()) / 1_000);
      return await registry.metrics();
    },
  };
}
