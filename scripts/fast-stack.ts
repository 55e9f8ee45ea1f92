import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './build';
import type { Child } from './child';
import { ensureDemoKeys } from './demo-keys';
import { FAST_PRODUCT, FAST_SIMULATOR } from './fast-clock';
import { findFreePort } from './ports';
import { onParentGone } from './process-identity';
import type { RunningSystem } from './running';
import { type ProgramName, STOP_GRACE_MS, startProgram } from './stack';
import { buildStackEnvironment, EMPTY_TEMPORAL_CONFIG, listUrls } from './stack-environment';
import { startTemporal } from './temporal';

/** Runs an act on a stack of its own with a fast clock: in memory and a temporary folder, both gone afterwards. */
export async function withFastStack<T>(act: (system: Omit<RunningSystem, 'owner'>) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(path.join(tmpdir(), 'payouts-fast-'));
  const stops: (() => Promise<unknown>)[] = [() => Promise.resolve(rmSync(dir, { recursive: true, force: true }))];
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      while (stops.length > 0) await stops.pop()?.();
    })();
    return stopping;
  };
  const stopAndExit = (): void => void stop().finally(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stopAndExit);
  onParentGone(stopAndExit);
  try {
    await ensureBuilt();
    const temporal = await startTemporal({
      ...{ dbFile: null, uiPort: 'headless', log: path.join(dir, 'temporal.log') },
      onSpawn: (_child, end) => stops.push(end),
    });
    const taken = new Set<number>();
    const api = await findFreePort([], taken);
    const simulator = await findFreePort([], taken.add(api));
    const temporalConfigFile = path.join(dir, 'temporal.toml');
    writeFileSync(temporalConfigFile, EMPTY_TEMPORAL_CONFIG);
    const environment = buildStackEnvironment({
      addresses: { api, simulator, temporalAddress: temporal.address, namespace: 'default' },
      ...{ temporalConfigFile, keys: ensureDemoKeys(path.join(dir, 'keys')) },
      ...{ simulatorLedger: path.join(dir, 'simulator-ledger.jsonl'), base: process.env },
    });
    const fast = {
      simulator: environment.simulator,
      worker: { ...environment.worker, ...FAST_PRODUCT },
      api: { ...environment.api, ...FAST_PRODUCT },
    };
    for (const name of ['simulator', 'worker', 'api'] as const satisfies readonly ProgramName[]) {
      const onSpawn = (child: Child): void => void stops.push(() => child.stop(STOP_GRACE_MS));
      await startProgram({ ...{ name, environment: fast, logDir: dir }, onSpawn });
    }
    const urls = listUrls({ api, simulator });
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'PATCH', headers, body: JSON.stringify(FAST_SIMULATOR) };
    const { ok, status } = await fetch(`${urls.simulator}/control/settings`, init);
    if (!ok) throw new Error(`The simulator refused its settings with ${status}`);
    return await act({ ...urls, temporalAddress: temporal.address, temporalUi: null });
  } finally {
    await stop();
  }
}
