import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureBuilt } from '../scripts/build';
import { type Child, startChild, waitForChild } from '../scripts/child';
import { ensureDemoKeys } from '../scripts/demo-keys';
import { isReadyRecord, measureLog, readLogRecords } from '../scripts/log-file';
import { findFreePort } from '../scripts/ports';
import { projectRoot } from '../scripts/project';
import { type ProgramName, type ProgramOptions, startProgram } from '../scripts/stack';
import {
  buildStackEnvironment,
  EMPTY_TEMPORAL_CONFIG,
  listUrls,
  type StackEnvironment,
} from '../scripts/stack-environment';
import { type RunningTemporal, startTemporal } from '../scripts/temporal';
import { followLedger } from './ledger';

export interface HouseOptions {
  /** Pause between two polls. */
  readonly everyMs: number;
  readonly needsTemporal: boolean;
  /** Encrypts what the product stores. */
  readonly isSealed: boolean;
  /** What stands before the gateway. It returns the address that callers use, and is closed by who opened it. */
  readonly openProxy?: (gatewayPort: number) => Promise<string>;
}

export interface Endpoint {
  readonly name: string;
  readonly endpointId: number;
  readonly pollPlan: readonly [{ readonly every: string; readonly until: string }];
}

type Build = Pick<ProgramOptions, 'root' | 'nodeArgs'>;

/** The variables that a file of endpoints replaces. */
const ONLY_ENDPOINT = /^GATEWAY_(?!TIMEOUT$|HOSTS$)/;

/** What one contestant runs in: the gateway in a process of its own, keys, a folder, and processes that end with it. */
export type House = Awaited<ReturnType<typeof openHouse>>;

/** Starts the gateway, and Temporal with its database in a file where that is needed; the rest is the contestant's. */
export async function openHouse({ everyMs, needsTemporal, isSealed, openProxy }: HouseOptions) {
  await ensureBuilt();
  const dir = await mkdtemp(path.join(tmpdir(), 'payouts-bench-'));
  const taken = new Set<number>();
  const takePort = async (): Promise<number> => {
    const port = await findFreePort([], taken);
    taken.add(port);
    return port;
  };
  const children: Child[] = [];
  let temporal: RunningTemporal | null = null;
  const close = async (): Promise<void> => {
    // Nothing of it is needed any more.
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => child.exited));
    await temporal?.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const ports = { api: await takePort(), simulator: await takePort() };
    const urls = listUrls(ports);
    const gateway = (await openProxy?.(ports.simulator)) ?? urls.gateway;
    const ledgerFile = path.join(dir, 'ledger.jsonl');
    const [dbFile, temporalLog] = [path.join(dir, 'temporal.db'), path.join(dir, 'temporal.log')];
    if (needsTemporal) temporal = await startTemporal({ dbFile, uiPort: 'headless', log: temporalLog });
    const temporalConfigFile = path.join(dir, 'temporal.toml');
    await writeFile(temporalConfigFile, EMPTY_TEMPORAL_CONFIG, { mode: 0o600 });
    const made = ensureDemoKeys(path.join(dir, 'keys'));
    const temporalAddress = temporal?.address ?? '127.0.0.1:1';
    const built = buildStackEnvironment({
      addresses: { ...ports, temporalAddress, namespace: 'default' },
      keys: isSealed ? made : { ...made, payloadKeysFile: null },
      ...{ simulatorLedger: ledgerFile, temporalConfigFile, base: process.env },
    });
    const policy = {
      POLL_PLAN: JSON.stringify([{ every: `${everyMs}ms`, until: '2h' }]),
      UNCONFIRMED_BACKOFF: JSON.stringify({ gaps: ['1s', '1s', '1s', '2s'], every: '2s', until: '20s' }),
      GATEWAY_TIMEOUT: '5s',
    };
    const environment: StackEnvironment = {
      simulator: { ...built.simulator, SIMULATOR_PUBLIC_BASE_URL: gateway },
      worker: { ...built.worker, ...policy, GATEWAY_BASE_URL: gateway },
      api: { ...built.api, ...policy, GATEWAY_BASE_URL: gateway, API_RATE: '10000' },
    };
    const front = { PORT: String(ports.api), PEER_EVERY_MS: String(everyMs) };

    const run = async (name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv) => {
      const child = await startChild({
        name,
        command,
        args,
        env,
        cwd: projectRoot,
        log: path.join(dir, `${name}.log`),
      });
      children.push(child);
      return child;
    };
    const house = {
      ...{ dir, temporal, dbFile, temporalLog, takePort, run, close },
      ...{ front: urls.api, gateway, keys: made, requestLog: path.join(dir, 'simulator.log') },
      ledger: followLedger(ledgerFile),
      /** Starts a program of the product, or of another build of it. */
      startProgram: async (name: ProgramName, more: NodeJS.ProcessEnv = {}, build: Build = {}): Promise<Child> => {
        const withMore = { ...environment, [name]: { ...environment[name], ...more } };
        return startProgram({
          ...{ name, environment: withMore, logDir: dir, ...build },
          onSpawn: (child) => void children.push(child),
        });
      },
      /** Endpoints in place of the only one: the environment that names them. */
      nameEndpoints: async (endpoints: readonly Endpoint[]): Promise<NodeJS.ProcessEnv> => {
        const { login, controlKeyFile, privateKeyFile } = made;
        const shared = { login, controlKeyFile, privateKeyFile, baseUrl: gateway };
        const file = path.join(dir, 'endpoints.json');
        await writeFile(file, JSON.stringify(endpoints.map((each) => ({ ...shared, ...each }))), { mode: 0o600 });
        const replaced = Object.keys(environment.worker).filter((name) => ONLY_ENDPOINT.test(name));
        return { ...Object.fromEntries(replaced.map((name) => [name, ''])), ENDPOINTS_FILE: file };
      },
      /** Starts a program of `bench/peers`, in the product's environment, and waits for its word. */
      startPeer: async (file: string, more: NodeJS.ProcessEnv = {}): Promise<Child> => {
        const log = path.join(dir, `${file}.log`);
        const logStart = measureLog(log);
        const args = ['--import', 'tsx', path.join(projectRoot, 'bench', 'peers', `${file}.ts`)];
        const child = await run(file, process.execPath, args, { ...environment.worker, ...front, ...more });
        const ask = () => readLogRecords(log, logStart).some(isReadyRecord);
        await waitForChild(child, { what: file, timeoutMs: 60_000, ask });
        return child;
      },
      control: async <T>(route: string, body?: object): Promise<T> => {
        const init = { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
        const response = await fetch(`${urls.simulator}/control${route}`, body === undefined ? {} : init);
        if (!response.ok) throw new Error(`/control${route} answered ${response.status}`);
        return (await response.json()) as T;
      },
    };
    await house.startProgram('simulator');
    return house;
  } catch (error) {
    await close();
    throw error;
  }
}
