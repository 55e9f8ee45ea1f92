import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { ensureDemoKeys } from '../../scripts/demo-keys';
import { findFreePort } from '../../scripts/ports';
import { projectRoot } from '../../scripts/project';
import { buildStackEnvironment, EMPTY_TEMPORAL_CONFIG, type StackEnvironment } from '../../scripts/stack-environment';
import { prepareNamespace, type RunningTemporal, startTemporal } from '../../scripts/temporal';
import { toClientOrderId } from '../../src/domain/ids';
import { TemporalUnavailable } from '../../src/store/errors';
import { createPayoutStore } from '../../src/store/payouts';
import { createReadiness } from '../../src/store/readiness';
import { createDataConverter } from '../../src/temporal/data-converter';
import { ATTRIBUTE_TYPES, DAY_SECONDS, findNamespaceProblems, SEARCH_ATTRIBUTES } from '../../src/temporal/namespace';
import { createOutbox } from '../../src/temporal/outbox';
import { INPUT, makeApp, makeStore } from '../api/app-harness';
import { START_MS } from '../domain/samples';
import { buildOnce } from '../support/stack';

const ID = toClientOrderId('PO-000001');
const MISSING = 'nonexist';
const START = { fingerprint: 'f', madeBy: 'shop', destinationHash: null };
const dataConverter = createDataConverter(null);

let dir: string;
let temporal: RunningTemporal;
let connection: Connection;
let native: NativeConnection;

beforeAll(async () => {
  await buildOnce();
  dir = mkdtempSync(path.join(tmpdir(), 'payouts-namespace-'));
  writeFileSync(path.join(dir, 'temporal.toml'), EMPTY_TEMPORAL_CONFIG);
  temporal = await startTemporal({ dbFile: null, uiPort: 'headless', log: path.join(dir, 'temporal.log') });
  connection = await Connection.connect({ address: temporal.address });
  native = await NativeConnection.connect({ address: temporal.address });
}, 120_000);
afterAll(async () => {
  await native?.close();
  await connection?.close();
  await temporal?.stop();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

const storeIn = (namespace: string) => createPayoutStore({ connection, namespace, dataConverter });
const order = { id: 'act-1', kind: 'check', actor: 'ada', reason: 'why' } as const;
const message = { report: { source: 'callback' }, receivedAtMs: START_MS } as never;

type Store = ReturnType<typeof storeIn>;
const CALLS: readonly [string, (store: Store) => Promise<unknown>, unknown][] = [
  ['read', (store) => store.read(ID), null],
  ['wait', (store) => store.readUntil(ID, { isEnough: () => false, forMs: 200 }), null],
  ['callback', (store) => store.signalCallback(ID, message), 'unknown'],
  ['details', (store) => store.signalDetails(ID, message), false],
  ['return', (store) => store.signalReturn(ID), false],
  ['operator', (store) => store.operate(ID, order as never), null],
  [
    'resend',
    (store) => store.notifications.resend({ subscriber: 'shop', clientOrderId: ID, tenants: '*' }, order as never),
    'not_found',
  ],
];

describe('a payout that does not exist', () => {
  it.each(CALLS)('%s says so', async (_name, call, expected) => {
    expect(await call(storeIn('default'))).toEqual(expected);
  });

  it('the worker finds none either', async () => {
    expect(await createOutbox(native, { namespace: 'default', dataConverter }).findState(ID)).toBeNull();
  });
});

describe('a namespace that does not exist', () => {
  it.each([...CALLS, ['start', (store: Store) => store.start(INPUT, START), null] as const])(
    '%s says nothing of the payout',
    async (_name, call) => {
      const failure = await call(storeIn(MISSING)).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(TemporalUnavailable);
      expect((failure as TemporalUnavailable).trouble).toBe('namespace');
    },
  );

  it('the worker does not take it for a missing payout', async () => {
    const outbox = createOutbox(native, { namespace: MISSING, dataConverter });
    await expect(outbox.findState(ID)).rejects.toThrow();
  });

  it('over HTTP: 503, and readiness names it', async () => {
    const check = () => findNamespaceProblems(connection, { namespace: MISSING, isLoopback: true });
    const { app } = await makeApp({ store: makeStore(storeIn(MISSING)), readiness: createReadiness(check) });
    const answer = await app.inject(`/payouts/${ID}`);
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'temporal_unavailable']);
    const ready = await app.inject('/health/ready');
    expect(ready.statusCode).toBe(503);
    expect(ready.json().errors).toEqual([{ field: `namespace ${MISSING}`, expected: 'one of this name; found none' }]);
  });
});

/** A program of the build until it ends; killed after a minute, which no expectation fits. */
function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    const options = { env, cwd: projectRoot, timeout: 60_000 };
    execFile(process.execPath, [path.join(projectRoot, 'dist', file), ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
}

async function environmentOf(namespace: string): Promise<StackEnvironment> {
  const ports = { api: await findFreePort([]), simulator: await findFreePort([]) };
  return buildStackEnvironment({
    addresses: { ...ports, temporalAddress: temporal.address, namespace },
    temporalConfigFile: path.join(dir, 'temporal.toml'),
    keys: ensureDemoKeys(path.join(dir, 'keys')),
    simulatorLedger: path.join(dir, 'ledger.jsonl'),
    base: process.env,
  });
}

async function makeNamespace(namespace: string, types: Readonly<Record<string, string>>): Promise<void> {
  const workflowExecutionRetentionPeriod = { seconds: DAY_SECONDS as never, nanos: 0 };
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  const numbers = Object.entries(types).map(([name, type]) => [name, ATTRIBUTE_TYPES.indexOf(type as never)]);
  const searchAttributes = Object.fromEntries(numbers);
  for (let tries = 0; tries < 100; tries += 1) {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch(() => undefined);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace }).catch(() => ({
      customAttributes: {},
    }));
    if (Object.keys(types).every((name) => name in (customAttributes ?? {}))) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${namespace} never had its attributes`);
}

describe('the processes', () => {
  it.each(['worker', 'server'])(
    '%s refuses to start without its namespace, with the command that makes it',
    async (name) => {
      const environment = await environmentOf(MISSING);
      const { code, output } = await run(
        `src/${name}.js`,
        [],
        name === 'worker' ? environment.worker : environment.api,
      );
      expect(code).toBe(1);
      expect(output).toContain(`namespace ${MISSING}: expected one of this name; found none`);
      expect(output).toContain('npm run namespace -- --apply');
    },
    90_000,
  );

  it('the command checks, makes, and checks again', async () => {
    const { worker } = await environmentOf('made-anew');
    const command = (flag: string) => run('src/temporal/namespace-command.js', [flag], worker);
    const before = await command('--check');
    expect([before.code, before.output]).toEqual([1, expect.stringContaining('namespace made-anew: expected one')]);
    expect((await command('--apply')).code).toBe(0);
    expect(await command('--check')).toMatchObject({ code: 0, output: expect.stringContaining('has everything') });
    expect((await command('--apply')).code).toBe(0);
    // Payouts can be started at once.
    expect(await storeIn('made-anew').start(INPUT, START)).toMatchObject({
      clientOrderId: INPUT.request.clientOrderId,
    });
    expect(await storeIn('made-anew').read(INPUT.request.clientOrderId)).toMatchObject({ isClosed: false });
  }, 120_000);

  it('an attribute of another type is named, and left alone', async () => {
    await makeNamespace('other-type', { PayoutState: 'Text' });
    const { worker } = await environmentOf('other-type');
    const { code, output } = await run('src/temporal/namespace-command.js', ['--apply'], worker);
    expect(code).toBe(1);
    expect(output).toContain('search attribute PayoutState: expected type Keyword; found Text');
    const refused = await run('src/worker.js', [], worker);
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('PayoutState: expected type Keyword') });
  }, 120_000);

  it('a namespace that takes no more attributes says so, and a payout there is no internal error', async () => {
    await makeNamespace('full', Object.fromEntries(Array.from({ length: 10 }, (_, nth) => [`Own${nth}`, 'Keyword'])));
    const { worker } = await environmentOf('full');
    const { code, output } = await run('src/temporal/namespace-command.js', ['--apply'], worker);
    expect(code).toBe(1);
    expect(output).toMatch(/cannot have more than 10 search attributes? of type Keyword/);
    const failure = await storeIn('full')
      .start(INPUT, START)
      .catch((error: unknown) => error);
    expect((failure as TemporalUnavailable).trouble).toBe('search_attribute');
  }, 120_000);
});

it('preparing twice changes nothing', async () => {
  await prepareNamespace(temporal.address);
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
  expect(Object.keys(customAttributes ?? {}).sort()).toEqual(SEARCH_ATTRIBUTES.map(([name]) => name).sort());
});
