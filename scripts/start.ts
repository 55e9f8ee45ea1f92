import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeNamespaceProblems, findNamespaceProblems } from '../src/temporal/namespace';
import { ensureBuilt } from './build';
import { type Child, describeExit } from './child';
import { ensureDemoKeys } from './demo-keys';
import { playDemonstration } from './demonstration';
import { openLiveLine } from './live-line';
import { claimFile, OwnedError, releaseFile } from './ownership';
import { findFreePort } from './ports';
import { identifyProcess, onParentGone } from './process-identity';
import { dataDir, describeError } from './project';
import { createReporter } from './reporter';
import { endProcesses, openRunRecords, type UsedPorts } from './running';
import { type ProgramName, STOP_GRACE_MS, startProgram } from './stack';
import { buildStackEnvironment, EMPTY_TEMPORAL_CONFIG, formatSettings, listUrls } from './stack-environment';
import { startTemporal, withServer } from './temporal';
import { findTemporal } from './temporal-bin';
import { ensureTrySubscriber, type TrySubscriber } from './try-notifications';
import { waitUntil } from './wait-until';

const PREFERRED_PORTS: UsedPorts = { api: 3000, temporal: 7233, temporalUi: 8233, simulator: 8090 };
const LEFTOVER_GRACE_MS = 8000;

const records = openRunRecords(dataDir);
const live = openLiveLine();
const reporter = createReporter(console.log, live);
const self = identifyProcess(process.pid);
const children: Child[] = [];
const stops: (() => Promise<unknown>)[] = [];
let stopping: Promise<void> | null = null;

/** Stops everything, the last started first. A second call waits for the first. */
function stopAll(exitCode: number): Promise<void> {
  stopping ??= (async () => {
    for (const stop of stops.reverse()) await stop();
    records.clear();
    releaseFile(records.lock, self);
    process.exit(exitCode);
  })();
  return stopping;
}

function watch(child: Child, stop: () => Promise<unknown>): void {
  if (stopping !== null) child.kill('SIGKILL');
  children.push(child);
  stops.push(stop);
  records.writeChildren(children.map(({ name, identity }) => ({ name, ...identity })));
  void child.exited.then((exit) => {
    if (stopping !== null) return;
    console.error(
      [`\n${child.name} stopped (${describeExit(exit)}). The end of its log:`, ...child.tail(15)].join('\n  '),
    );
    return stopAll(1);
  });
}

async function choosePorts(): Promise<UsedPorts> {
  const taken = new Set<number>();
  const remembered = records.readPorts();
  const choose = async (name: keyof UsedPorts): Promise<number> => {
    // The port of the last run first: payouts in flight have it in their callback address.
    const preferred = [remembered[name] ?? PREFERRED_PORTS[name], PREFERRED_PORTS[name]];
    const port = await findFreePort(preferred, taken);
    taken.add(port);
    if (port !== preferred[0]) reporter.note(`Port ${preferred[0]} is busy: ${name} uses ${port}`);
    return port;
  };
  const ports = {
    api: await choose('api'),
    temporal: await choose('temporal'),
    temporalUi: await choose('temporalUi'),
    simulator: await choose('simulator'),
  };
  records.writePorts(ports);
  return ports;
}

async function startOwnTemporal(ports: UsedPorts, logDir: string) {
  const binary = await reporter.step(
    'Temporal: find the server',
    () => findTemporal(),
    (found) => `${found.version}, ${found.how}`,
  );
  return reporter.step('Temporal: start', async () => {
    const temporal = await startTemporal({
      dbFile: path.join(dataDir, 'temporal.db'),
      port: ports.temporal,
      uiPort: ports.temporalUi,
      codecEndpoint: listUrls(ports).codec,
      log: path.join(logDir, 'temporal.log'),
      binaryPath: binary.path,
      onSpawn: watch,
    });
    return { address: temporal.address, uiUrl: temporal.uiUrl };
  });
}

async function useGivenTemporal(address: string) {
  const namespace = process.env.TEMPORAL_NAMESPACE || 'default';
  // As on loopback: a demonstration needs no long retention.
  const demands = { namespace, isLoopback: true };
  const ask = () => withServer(address, (connection) => findNamespaceProblems(connection, demands));
  await reporter.step('Temporal: ask TEMPORAL_ADDRESS', async () => {
    const problems = await waitUntil({ what: address, timeoutMs: 15_000, ask });
    if (problems.length > 0) throw new Error(describeNamespaceProblems(problems));
  });
  return { address, uiUrl: null };
}

function claimFolder(): boolean {
  try {
    claimFile(records.lock, self);
    return true;
  } catch (error) {
    if (!(error instanceof OwnedError)) throw error;
    const { pid } = error.owner;
    console.error(`Already running in this folder as process ${pid}. Stop it first with Ctrl-C or: kill ${pid}`);
    process.exitCode = 1;
    return false;
  }
}

function readSubscriber(): TrySubscriber | null {
  const { notify } = parseArgs({ options: { notify: { type: 'string' } } }).values;
  return notify === undefined ? null : ensureTrySubscriber(path.join(dataDir, 'notifications.json'), notify);
}

async function main(): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (!claimFolder()) return;
  const subscriber = readSubscriber();
  const leftovers = records.listLeftovers();
  if (leftovers.length > 0) {
    await reporter.step(`End ${leftovers.length} processes of a killed run`, () =>
      endProcesses(leftovers, LEFTOVER_GRACE_MS),
    );
  }
  await reporter.step('Build', ensureBuilt, (built) => (built ? 'built' : 'up to date'));
  const ports = await choosePorts();
  const logDir = path.join(dataDir, 'logs');
  const given = process.env.TEMPORAL_ADDRESS;
  const keys = ensureDemoKeys(path.join(dataDir, 'keys'));
  const temporal = given ? await useGivenTemporal(given) : await startOwnTemporal(ports, logDir);
  const temporalConfigFile = path.join(dataDir, 'temporal.toml');
  writeFileSync(temporalConfigFile, EMPTY_TEMPORAL_CONFIG);
  chmodSync(temporalConfigFile, 0o600);
  const addresses = {
    ...{ api: ports.api, simulator: ports.simulator },
    temporalAddress: temporal.address,
    namespace: (given && process.env.TEMPORAL_NAMESPACE) || 'default',
    temporalUi: temporal.uiUrl,
  };
  const environment = buildStackEnvironment({
    ...{ addresses, temporalConfigFile, keys },
    simulatorLedger: path.join(dataDir, 'simulator-ledger.jsonl'),
    base: process.env,
    notificationsFile: subscriber?.file ?? null,
  });
  writeFileSync(path.join(dataDir, 'worker.env'), formatSettings(environment.worker, process.env), { mode: 0o600 });
  for (const name of ['simulator', 'worker', 'api'] as const satisfies readonly ProgramName[]) {
    const onSpawn = (child: Child): void => watch(child, () => child.stop(STOP_GRACE_MS));
    await reporter.step(`Start ${name}`, () => startProgram({ name, environment, logDir, onSpawn }));
  }
  const urls = listUrls(addresses);
  const system = { owner: self, ...urls, temporalAddress: temporal.address, temporalUi: temporal.uiUrl };
  records.writeRunning(system);
  const tryFile = path.join(dataDir, 'try.json');
  await playDemonstration(system, { print: console.log, live, tryFile });
  if (subscriber !== null) console.log(`\nNotifications go to ${subscriber.url}, signed with ${subscriber.secret}`);
  console.log(`\nLogs: ${logDir}\nCtrl-C stops everything. Payouts in flight continue at the next start.`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    live.clear();
    if (stopping === null) console.log('\nStopping…');
    // A second signal: do not wait.
    else for (const child of children) child.kill('SIGKILL');
    void stopAll(0);
  });
}
process.stdout.on('error', () => void stopAll(1));
onParentGone(() => void stopAll(1));

main().catch((error: unknown) => {
  if (stopping !== null) return;
  console.error(`\n${describeError(error)}`);
  void stopAll(1);
});
