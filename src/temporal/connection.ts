import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';

export interface TemporalAddress {
  readonly connectionOptions: Parameters<typeof NativeConnection.connect>[0];
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
    isLoopback: ['localhost', '127.0.0.1', '[::1]', '::1'].includes(host),
  };
}

/** One native connection per process. Fails at once when the server is away; it reconnects by itself later on. */
export async function connectTemporal({ connectionOptions }: TemporalAddress): Promise<NativeConnection> {
  return await NativeConnection.connect(connectionOptions);
}

/** Keeps trying once a second: a process that starts before its server is early, not broken. */
export async function connectPatiently(
  address: TemporalAddress,
  { onWait, signal }: { onWait: () => void; signal?: AbortSignal },
): Promise<NativeConnection | null> {
  for (let tries = 0; signal?.aborted !== true; tries += 1) {
    try {
      return await connectTemporal(address);
    } catch {
      if (tries === 0) onWait();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  return null;
}
