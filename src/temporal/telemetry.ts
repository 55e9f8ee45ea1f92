import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

/**
 * Sends everything the Temporal SDK says, its native part included, to our log. Must run before anything else of the SDK.
 * @param metricsAddress `address:port` on which Prometheus finds the SDK's metrics under `/metrics`; null for none
 * @throws when nothing can listen there
 */
export function installTemporalRuntime(log: Logger, metricsAddress: string | null = null): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      log[level.toLowerCase() as 'info'](withoutTask(meta), message);
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } },
      ...(metricsAddress === null ? {} : { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
    shutdownSignals: [],
  });
}

/** The SDK logs a whole activity task, its arguments among it, when it cannot begin one: in clear when they came in clear. */
function withoutTask(meta: Readonly<Record<string | symbol, unknown>> = {}): object {
  const { task: _task, taskEncoded: _taskEncoded, ...rest } = meta;
  return rest;
}

/** What a worker tells a person about its endpoints: constant texts in the log, and counters beside the worker's own metrics. */
export interface EndpointAlerts {
  onSkew(endpoint: string, skewSeconds: number): void;
  onTurn(endpoint: string, turn: 'paused' | 'resumed'): void;
  onKeyCheck(endpoint: string, check: 'proven' | 'unproven' | 'unanswered'): void;
}

const KEY_WARNINGS = {
  unproven: 'the gateway answers our control key like a wrong one: the key is wrong, or this gateway does not tell',
  unanswered: 'our control key could not be checked: the gateway gave no answer',
} as const;

/** Runs after `installTemporalRuntime`: the counters go where that runtime's metrics go. */
export function createEndpointAlerts(log: Pick<Logger, 'error' | 'warn' | 'info'>): EndpointAlerts {
  const { metricMeter } = Runtime.instance();
  const skews = metricMeter.createCounter('gateway_clock_skew_alerts', 'alert', 'our clock and the gateway’s parted');
  const pauses = metricMeter.createCounter('gateway_endpoint_pauses', 'pause', 'sending to an endpoint paused');
  const keys = metricMeter.createCounter(
    'gateway_control_key_unproven',
    'check',
    'our control key was not proven right',
  );
  return {
    onSkew(endpoint, skewSeconds) {
      skews.add(1, { endpoint });
      log.error(
        { endpoint, skewSeconds },
        'the clocks of the gateway and of this machine differ by more than a minute',
      );
    },
    onTurn(endpoint, turn) {
      if (turn === 'resumed') return log.info({ endpoint }, 'sending to the endpoint goes on');
      pauses.add(1, { endpoint });
      log.warn({ endpoint }, 'the endpoint keeps failing; sending to it pauses');
    },
    onKeyCheck(endpoint, check) {
      if (check === 'proven') return log.info({ endpoint }, 'the gateway knows our control key');
      keys.add(1, { endpoint, check });
      log.warn({ endpoint }, KEY_WARNINGS[check]);
    },
  };
}
