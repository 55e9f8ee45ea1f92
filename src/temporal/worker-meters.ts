import type { MetricMeter } from '@temporalio/common';
import { HOOK_VERDICTS, type HookVerdict, METRICS, type MetricName } from '../domain/metrics';

/** What a worker measures of its endpoints. It goes where the SDK's metrics go; nowhere when there is no address for them. */
export interface WorkerMeters {
  onCall(call: { endpoint: string; kind: string; outcome: string; seconds: number }): void;
  /** Takes the gateway's clock minus ours, in ms. */
  onClock(endpoint: string, skewMs: number): void;
  onTurn(endpoint: string, turn: 'paused' | 'resumed'): void;
  onKeyCheck(endpoint: string, isProven: boolean): void;
  /** What the hook of a rule answered. */
  onVerdict(rule: string, verdict: HookVerdict): void;
}

/** What a worker is configured for. */
export interface Metered {
  readonly endpoints: readonly { readonly name: string }[];
  readonly hooks: readonly { readonly rule: string }[];
}

/** Each endpoint has its gauges from the start: 0 is no trouble. */
export function createWorkerMeters(meter: MetricMeter, { endpoints, hooks }: Metered): WorkerMeters {
  const createGauge = (name: MetricName, unit?: string) => {
    const gauge = meter.createGauge(name, 'float', unit, METRICS[name].help);
    for (const { name: endpoint } of endpoints) gauge.set(0, { endpoint });
    return gauge;
  };
  const breaker = createGauge('gateway_breaker_open');
  const skew = createGauge('gateway_clock_skew_seconds', 's');
  const unproven = createGauge('gateway_control_key_unproven');
  const calls = meter.createHistogram('gateway_call_seconds', 'float', 's', METRICS.gateway_call_seconds.help);
  const doubts = meter.createCounter(
    'gateway_sends_in_doubt_total',
    undefined,
    METRICS.gateway_sends_in_doubt_total.help,
  );
  // A counter that begins at its first event hides it from `increase`.
  for (const { name: endpoint } of endpoints) doubts.add(0, { endpoint });
  const verdicts = meter.createCounter('hook_verdicts_total', undefined, METRICS.hook_verdicts_total.help);
  for (const { rule } of hooks) for (const verdict of HOOK_VERDICTS) verdicts.add(0, { rule, verdict });
  return {
    onCall({ seconds, ...labels }) {
      calls.record(seconds, labels);
      if (labels.outcome === 'unconfirmed') doubts.add(1, { endpoint: labels.endpoint });
    },
    onClock: (endpoint, skewMs) => skew.set(Math.abs(skewMs) / 1_000, { endpoint }),
    onTurn: (endpoint, turn) => breaker.set(turn === 'paused' ? 1 : 0, { endpoint }),
    onKeyCheck: (endpoint, isProven) => unproven.set(isProven ? 0 : 1, { endpoint }),
    onVerdict: (rule, verdict) => verdicts.add(1, { rule, verdict }),
  };
}
