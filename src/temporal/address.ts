import { loadClientConnectConfig } from '@temporalio/envconfig';
import { isLoopback } from '../net/addresses';

export interface TemporalAddress {
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'] & {
    readonly address: string;
  };
  readonly namespace: string;
  /** True when the server is on this very machine, where a development server is expected. */
  readonly isLoopback: boolean;
}

/** Where Temporal is, from its own `TEMPORAL_*` variables and configuration file. */
export function readTemporalAddress(): TemporalAddress {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const address = connectionOptions.address ?? 'localhost:7233';
  const host = address.replace(/:\d+$/, '');
  return {
    connectionOptions: { ...connectionOptions, address },
    namespace: namespace ?? 'default',
    isLoopback: isLoopback(host),
  };
}

export interface Patience {
  /** Called once, when the first try found nobody. */
  readonly onWait: () => void;
  readonly signal: AbortSignal;
}

/** Tries once a second until it works: a process that starts before its server is early, not broken. Null when told to stop. */
export async function tryPatiently<T>(attempt: () => Promise<T>, { onWait, signal }: Patience): Promise<T | null> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      return await attempt();
    } catch {
      if (tries === 0) onWait();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  return null;
}
