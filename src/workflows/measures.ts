import { metricMeter } from '@temporalio/workflow';
import { METRICS } from '../domain/metrics';
import { isFinalState, type Payout, sendableSince } from '../domain/payout';
import { tenantOf } from '../domain/tenants';

/** How long a payout took, and which source was first. Adds no event and no command; nothing is measured while a history is replayed. */
export interface Measures {
  /** Takes note of the record. */
  notice(current: Payout): void;
  /** Measures, at the end of a payout, how much later than the first the other sources agreed. */
  end(current: Payout): void;
}

type Measured = 'payout_order_seconds' | 'payout_final_seconds' | 'payout_agreement_seconds';

function record(name: Measured, ms: number, labels: Readonly<Record<string, string>>): void {
  const histogram = metricMeter.createHistogram(name, 'float', 's', METRICS[name].help);
  // A clock that was set back must not stop a payout: a negative value is refused.
  histogram.record(Math.max(0, ms) / 1_000, { ...labels });
}

/** @param begun the record as this run found it: what the run before it measured is not measured again */
export function createMeasures(begun: Payout): Measures {
  let hasOrder = begun.orderId !== null;
  let isFinal = isFinalState(begun.state);
  return {
    notice(current) {
      const { endpoint, orderId, state, settledAtMs, settledBy, updatedAtMs } = current;
      const fromMs = sendableSince(current);
      const tenant = tenantOf(current);
      if (!hasOrder && orderId !== null) {
        hasOrder = true;
        record('payout_order_seconds', updatedAtMs - fromMs, { endpoint, tenant });
      }
      if (isFinal || !isFinalState(state)) return;
      isFinal = true;
      const labels = { endpoint, tenant, outcome: state, settled_by: settledBy ?? 'none' };
      record('payout_final_seconds', (settledAtMs ?? updatedAtMs) - fromMs, labels);
    },
    end({ endpoint, tenant, settledBy, settledAtMs, agreedAtMs }) {
      if (settledBy === null || settledAtMs === null) return;
      const firstMs = (settledBy === 'clock' || settledBy === 'policy' ? null : agreedAtMs[settledBy]) ?? settledAtMs;
      for (const [source, atMs] of Object.entries(agreedAtMs)) {
        if (source === settledBy) continue;
        const labels = { endpoint, tenant: tenantOf({ tenant }), settled_by: settledBy, source };
        record('payout_agreement_seconds', atMs - firstMs, labels);
      }
    },
  };
}
