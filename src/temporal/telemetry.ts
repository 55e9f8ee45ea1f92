import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { METRICS, type Metric } from '../domain/metrics';
import { createWorkerMeters, type Metered, type WorkerMeters } from './worker-meters';

/**
 * Sends everything the Temporal SDK says, its native part included, to our log. Must run before anything else of the SDK.
 * @param metricsAddress `address:port` on which Prometheus finds the SDK's metrics under `/metrics`; null for none
 * @throws when nothing can listen there
 */
export function installTemporalRuntime(log: Logger, metricsAddress: string | null = null): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      log[level.toLowerCase() as 'info'](describeMeta(meta), message);
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } },
      ...(metricsAddress === null
        ? {}
        : { metrics: { prometheus: { bindAddress: metricsAddress, histogramBucketOverrides: listBuckets() } } }),
    },
    shutdownSignals: [],
  });
}

/** What workflow ids begin with, and the payout's id after it. */
const PAYOUT_ID = /^(?:payout|late|unmatched|notify):([A-Za-z][A-Za-z0-9._-]*)/;

/**
 * A line of the SDK's in our words, with the payout it is about. Without the whole activity task that the SDK logs when it cannot begin
 * one, its arguments among it: unencrypted when they came unencrypted.
 */
export function describeMeta(meta: Readonly<Record<string | symbol, unknown>> = {}): object {
  const {
    task: _task,
    taskEncoded: _taskEncoded,
    trace_id: traceId,
    span_id: _span,
    trace_flags: _flags,
    ...rest
  } = meta;
  const clientOrderId = PAYOUT_ID.exec(String(rest.workflowId))?.[1];
  return { ...rest, ...(clientOrderId && { clientOrderId }), ...(traceId === undefined ? {} : { traceId }) };
}

function listBuckets(): Record<string, number[]> {
  const metrics: [string, Metric][] = Object.entries(METRICS);
  return Object.fromEntries(metrics.flatMap(([name, { buckets }]) => (buckets ? [[name, [...buckets]]] : [])));
}

/** What a worker tells a person about its endpoints: constant texts in the log, and metrics. */
export interface EndpointAlerts extends Pick<WorkerMeters, 'onCall' | 'onClock' | 'onVerdict'> {
  onSkew(endpoint: string, skewSeconds: number): void;
  onTurn(endpoint: string, turn: 'paused' | 'resumed'): void;
  onKeyCheck(endpoint: string, check: 'proven' | 'unproven' | 'unanswered'): void;
}

const KEY_WARNINGS = {
  unproven: 'the gateway answers our control key like a wrong one: the key is wrong, or this gateway does not tell',
  unanswered: 'our control key could not be checked: the gateway gave no answer',
} as const;

/** Runs after `installTemporalRuntime`: its metrics go where that runtime's go. */
export function createEndpointAlerts(log: Pick<Logger, 'error' | 'warn' | 'info'>, metered: Metered): EndpointAlerts {
  const meters = createWorkerMeters(Runtime.instance().metricMeter, metered);
  return {
    ...{ onCall: meters.onCall, onClock: meters.onClock, onVerdict: meters.onVerdict },
    onSkew(endpoint, skewSeconds) {
      log.error(
        { endpoint, skewSeconds },
        'the clocks of the gateway and of this machine differ by more than a minute',
      );
    },
    onTurn(endpoint, turn) {
      meters.onTurn(endpoint, turn);
      if (turn === 'resumed') return log.info({ endpoint }, 'sending to the endpoint resumes');
      log.warn({ endpoint }, 'the endpoint keeps failing; sending to it pauses');
    },
    onKeyCheck(endpoint, check) {
      meters.onKeyCheck(endpoint, check === 'proven');
      if (check === 'proven') return log.info({ endpoint }, 'the gateway knows our control key');
      log.warn({ endpoint }, KEY_WARNINGS[check]);
    },
  };
}
