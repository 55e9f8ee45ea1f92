import type { DataConverter } from '@temporalio/common';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { toClientOrderId } from '../../src/domain/ids';
import type { HistoryEvent } from '../../src/store/recorded';
import { createDataConverter, createDecoder } from '../../src/temporal/data-converter';
import { readPayloadKeys } from '../../src/temporal/payload-keys';
import { payoutWorkflowId } from '../../src/workflows/messages';
import { TEST_PAYLOAD_KEYS } from '../support/payload-keys-of-tests';
import { bundleChanged, type ChangeName } from './changed-workflow';
import { CURRENT, KINDS, type RecordedHistory, readHistories, SEALED_PATHS, VERSIONS } from './histories';
import { PATHS } from './paths';
import { BATCH_PATHS } from './play-batch';
import { LIMIT_WORKFLOW_PATHS } from './play-limit';
import { NOTIFICATION_WORKFLOW_PATHS } from './play-notification';
import { accountOf } from './played';
import { NAMESPACE } from './skipped-time';
import { findWorkflowBundle } from './workflow-bundle';

jest.setTimeout(180_000);

const CLEAR = createDataConverter(null);
const SEALED = createDataConverter(TEST_PAYLOAD_KEYS);
const decode = createDecoder(CLEAR, { namespace: NAMESPACE, workflowId: '' });
const OTHER_KEY = `other:${Buffer.alloc(32, 9).toString('base64')}`;
const RECORDED = readHistories('clear');
const eventsOf = (name: string) =>
  (RECORDED.find((recorded) => recorded.name === name)?.history.events ?? []) as readonly HistoryEvent[];

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
    shutdownSignals: [],
  });
});

interface Replay {
  readonly dataConverter?: DataConverter;
  readonly recorded?: readonly RecordedHistory[];
}

/** What replay says of recorded histories: nothing, or that they are broken. No server is needed for it. */
async function replayAll(
  workflowBundle: WorkflowBundleOption,
  { dataConverter = CLEAR, recorded = RECORDED }: Replay = {},
): Promise<Map<string, Error | undefined>> {
  const histories = recorded.map(({ name, history }) => ({
    workflowId: payoutWorkflowId(toClientOrderId(name)),
    history,
  }));
  const verdicts = new Map<string, Error | undefined>();
  // The namespace is one of the two that payloads are sealed to.
  const options = { workflowBundle, dataConverter, namespace: NAMESPACE };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories))
    verdicts.set(workflowId.replace('payout:', ''), error);
  return verdicts;
}

const namesOf = (verdicts: ReadonlyMap<string, Error | undefined>, isBroken: boolean) =>
  [...verdicts]
    .filter(([, error]) => (error !== undefined) === isBroken)
    .map(([name]) => name)
    .sort();

describe('the recorded histories', () => {
  it('are those of every path that is recorded, and no others', () => {
    const expected = PATHS.map(({ name }) => name);
    expect(RECORDED.map(({ name }) => name)).toEqual(expected.sort());
  });

  it('are kept for every release and the current one', () => {
    expect(VERSIONS).toContain(CURRENT);
  });

  it.each(VERSIONS.flatMap((version) => KINDS.map((kind) => ({ version, kind }))))(
    'are all replayed by the current workflow: $version $kind',
    async ({ version, kind }) => {
      const recorded = readHistories(kind, version);
      const dataConverter = kind === 'sealed' ? SEALED : CLEAR;
      const verdicts = await replayAll({ codePath: await findWorkflowBundle() }, { recorded, dataConverter });
      expect(namesOf(verdicts, true)).toEqual([]);
      expect(verdicts.size).toBe(recorded.length);
      expect(recorded.length).toBeGreaterThan(0);
    },
  );

  it.each(PATHS)('$name folds to what its workflow said', async (path) => {
    const { projected, result, publishedState, failedTasks } = await accountOf(eventsOf(path.name), decode);
    expect(failedTasks).toBe(0);
    expect(result === null).toBe(path.ends === 'open');
    if (result !== null) expect(projected).toEqual(result);
    expect(projected?.state).toBe(publishedState);
  });

  it('of an API with traces on carries its trace to the calls', () => {
    const [first, ...events] = eventsOf('callback-confirmed-traced');
    const trace = first?.workflowExecutionStartedEventAttributes?.header?.fields?.['_tracer-data'];
    const calls = events.flatMap(({ activityTaskScheduledEventAttributes: call }) => (call ? [call] : []));
    expect(Buffer.from(trace?.data ?? []).toString()).toContain('"traceparent":"00-');
    expect(calls.length).toBeGreaterThanOrEqual(2);
    expect(calls.map(({ header }) => header?.fields?.['_tracer-data'])).toEqual(calls.map(() => trace));
  });

  it('name no machine', () => {
    const identities = RECORDED.flatMap(({ history }) =>
      (history.events ?? []).map((event) => event.workflowTaskStartedEventAttributes?.identity ?? 'recorder'),
    );
    expect([...new Set(identities)]).toEqual(['recorder']);
  });
});

describe('the histories recorded with payload keys', () => {
  const sealed = readHistories('sealed');

  it('are those of the paths that are recorded so', () => {
    expect(sealed.map(({ name }) => name)).toEqual([...SEALED_PATHS]);
  });

  it('are what their workflows said', async () => {
    for (const { name, history } of sealed) {
      const owner = { namespace: NAMESPACE, workflowId: payoutWorkflowId(toClientOrderId(name)) };
      const account = await accountOf((history.events ?? []) as readonly HistoryEvent[], createDecoder(SEALED, owner));
      expect(account.projected).toMatchObject(account.result ?? { state: account.publishedState });
    }
  });

  it.each([
    [
      'another key',
      createDataConverter(readPayloadKeys(OTHER_KEY)),
      'the payload key test-key-not-secret is not among the keys',
    ],
    // The sandbox told it, and a failure of the sandbox's has its message encoded.
    ['no key', CLEAR, Buffer.from('{"message":"Unknown encoding: ').toString('base64')],
  ])('are not replayed with %s, and that is what replay says', async (_how, dataConverter, reason) => {
    const verdicts = await replayAll({ codePath: await findWorkflowBundle() }, { dataConverter, recorded: sealed });
    expect(namesOf(verdicts, true)).toEqual([...SEALED_PATHS]);
    for (const [, error] of verdicts) expect(String(error)).toContain(reason);
  });

  it('those recorded in clear are refused once there are keys', async () => {
    const recorded = RECORDED.slice(0, 1);
    const verdicts = await replayAll({ codePath: await findWorkflowBundle() }, { dataConverter: SEALED, recorded });
    for (const [, error] of verdicts) expect(String(error)).toContain('a payload is not encrypted');
  });
});

const hasCall = (name: string, call: string) =>
  eventsOf(name).some((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === call);

describe('the recorded histories of notifications', () => {
  const recorded = readHistories('notifications');

  it('are those of every path with a subscriber, and no others', () => {
    const notified = PATHS.filter(({ subscriber }) => subscriber !== undefined).map(({ name }) => name);
    const own = NOTIFICATION_WORKFLOW_PATHS.map(({ name }) => name);
    expect(recorded.map(({ name }) => name)).toEqual([...notified, ...own].sort());
  });

  it('are broken by a delivery that waits before its first attempt', async () => {
    const verdicts = await replayAll({ code: await bundleChanged('wait-before-delivery') }, { recorded });
    expect(namesOf(verdicts, true)).toEqual(recorded.map(({ name }) => name));
  });
});

describe('the recorded histories of late events', () => {
  const recorded = readHistories('late');

  it('are those of every path with late events, and no others', () => {
    const late = PATHS.filter(({ hasLateEvents }) => hasLateEvents).map(({ name }) => name);
    expect(recorded.map(({ name }) => name)).toEqual(late.sort());
  });

  it('are broken by one that waits before it asks', async () => {
    const verdicts = await replayAll({ code: await bundleChanged('wait-before-asking') }, { recorded });
    expect(namesOf(verdicts, true)).toEqual(recorded.map(({ name }) => name));
  });
});

describe('the recorded histories of batches', () => {
  const recorded = readHistories('batches');

  it('are those of every path of a batch, and no others', () => {
    expect(recorded.map(({ name }) => name)).toEqual(BATCH_PATHS.map(({ name }) => name).sort());
  });

  it('are broken by one that waits before it starts rows', async () => {
    const startRows = recorded.filter(({ history }) => JSON.stringify(history).includes('"startRows"'));
    expect(startRows).toHaveLength(6);
    const verdicts = await replayAll({ code: await bundleChanged('wait-before-rows') }, { recorded });
    expect(namesOf(verdicts, true)).toEqual(startRows.map(({ name }) => name));
  });
});

describe('the recorded histories of limits', () => {
  const recorded = readHistories('limits');

  it('are those of every path of a limit, and no others', () => {
    expect(recorded.map(({ name }) => name)).toEqual(LIMIT_WORKFLOW_PATHS.map(({ name }) => name).sort());
  });

  it('are broken by one that waits before it publishes', async () => {
    const verdicts = await replayAll({ code: await bundleChanged('wait-before-publishing') }, { recorded });
    expect(namesOf(verdicts, true)).toEqual(recorded.map(({ name }) => name));
  });
});

const hasConfirmation = (name: string) =>
  eventsOf(name).some(({ markerRecordedEventAttributes: marker }) =>
    Buffer.from(marker?.details?.data?.payloads?.[0]?.data ?? [])
      .toString()
      .includes('"activity_type":"confirmSoon"'),
  );

const AFFECTS: readonly (readonly [name: ChangeName, affects: (name: string) => boolean])[] = [
  ['timer-before-submit', (name) => hasCall(name, 'submitPayout')],
  ['no-confirmation', hasConfirmation],
  ['questions-instead-of-a-watch', (name) => hasCall(name, 'watchOrder')],
];

describe('a changed workflow', () => {
  it.each(AFFECTS)('%s is caught on every history it affects, and on no other', async (change, affects) => {
    const verdicts = await replayAll({ code: await bundleChanged(change) });
    const affected = RECORDED.map(({ name }) => name).filter(affects);
    expect(affected.length).toBeGreaterThan(0);
    expect(namesOf(verdicts, true)).toEqual(affected);
    for (const name of affected) expect(verdicts.get(name)).toMatchObject({ name: 'DeterminismViolationError' });
  });
});
