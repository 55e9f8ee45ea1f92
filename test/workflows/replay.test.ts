import { DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { HistoryEvent } from '../../src/api/recorded';
import { toClientOrderId } from '../../src/domain/ids';
import { dataConverter } from '../../src/temporal/data-converter';
import { payoutWorkflowId } from '../../src/workflows/messages';
import { bundleChanged, type Change } from './changed-workflow';
import { type RecordedHistory, readHistories } from './histories';
import { PATHS } from './paths';
import { NOTIFICATION_WORKFLOW_PATHS } from './play-notification';
import { accountOf } from './played';
import { findWorkflowBundle } from './workflow-bundle';

jest.setTimeout(60_000);

const RECORDED = readHistories();
const eventsOf = (name: string) =>
  (RECORDED.find((recorded) => recorded.name === name)?.history.events ?? []) as readonly HistoryEvent[];

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } },
    shutdownSignals: [],
  });
});

/** What replay says of every recorded history: nothing, or that it is broken. No server is needed for it. */
async function replayAll(
  workflowBundle: WorkflowBundleOption,
  recorded: readonly RecordedHistory[] = RECORDED,
): Promise<Map<string, Error | undefined>> {
  const histories = recorded.map(({ name, history }) => ({
    workflowId: payoutWorkflowId(toClientOrderId(name)),
    history,
  }));
  const verdicts = new Map<string, Error | undefined>();
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle, dataConverter }, histories))
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
    const expected = PATHS.filter(({ isRecorded }) => isRecorded !== false).map(({ name }) => name);
    expect(RECORDED.map(({ name }) => name)).toEqual(expected.sort());
  });

  it('are all replayed by the current workflow', async () => {
    const verdicts = await replayAll({ codePath: await findWorkflowBundle() });
    expect(namesOf(verdicts, true)).toEqual([]);
    expect(verdicts.size).toBe(RECORDED.length);
  });

  it.each(PATHS.filter(({ isRecorded }) => isRecorded !== false))(
    '$name folds to what its workflow said',
    async (path) => {
      const { folded, result, publishedState, failedTasks } = await accountOf(eventsOf(path.name));
      expect(failedTasks).toBe(0);
      expect(result === null).toBe(path.ends === 'open');
      if (result !== null) expect(folded).toEqual(result);
      expect(folded?.state).toBe(publishedState);
    },
  );

  it('name no machine', () => {
    const identities = RECORDED.flatMap(({ history }) =>
      (history.events ?? []).map((event) => event.workflowTaskStartedEventAttributes?.identity ?? 'recorder'),
    );
    expect([...new Set(identities)]).toEqual(['recorder']);
  });
});

describe('the recorded histories of notifications', () => {
  const recorded = readHistories('notifications');

  it('are those of every path with a subscriber, and no others', () => {
    const told = PATHS.filter(({ subscriber }) => subscriber !== undefined).map(({ name }) => name);
    const own = NOTIFICATION_WORKFLOW_PATHS.map(({ name }) => name);
    expect(recorded.map(({ name }) => name)).toEqual([...told, ...own].sort());
  });

  it('are all replayed by the current workflow', async () => {
    const verdicts = await replayAll({ codePath: await findWorkflowBundle() }, recorded);
    expect(namesOf(verdicts, true)).toEqual([]);
    expect(verdicts.size).toBe(recorded.length);
  });

  it('are broken by a telling that waits before its first attempt', async () => {
    const change: Change = {
      name: 'wait-before-telling',
      file: 'workflows/notification.ts',
      from: 'const outcome = await tell(',
      to: 'await until(() => false, 1); const outcome = await tell(',
    };
    const verdicts = await replayAll({ code: await bundleChanged(change) }, recorded);
    expect(namesOf(verdicts, true)).toEqual(recorded.map(({ name }) => name));
  });
});

const hasConfirmation = (name: string) =>
  eventsOf(name).some(({ markerRecordedEventAttributes: marker }) =>
    Buffer.from(marker?.details?.data?.payloads?.[0]?.data ?? [])
      .toString()
      .includes('"activity_type":"fetchOrderStatus"'),
  );
const hasWatch = (name: string) =>
  eventsOf(name).some((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'watchOrder');

const CHANGES: readonly (Change & { affects: (name: string) => boolean })[] = [
  {
    name: 'timer-before-submit',
    file: 'workflows/payout.ts',
    from: "if (next.step === 'submit') record.held = calls.submit(held);",
    to: "if (next.step === 'submit') { await until(() => false, 1); record.held = calls.submit(held); }",
    affects: () => true,
  },
  {
    name: 'no-confirmation',
    file: 'workflows/payout.ts',
    from: 'record.held = await calls.confirm(held);',
    to: 'record.held = { ...held, claim: held.claim && { ...held.claim, asked: true } };',
    affects: hasConfirmation,
  },
  {
    name: 'questions-instead-of-a-watch',
    file: 'workflows/payout.ts',
    from: 'calls.watch(held, next.watchUntilMs)',
    to: 'calls.ask(held)',
    affects: hasWatch,
  },
];

describe('a changed workflow', () => {
  it.each(CHANGES)('$name is caught on every history it affects, and on no other', async ({ affects, ...change }) => {
    const verdicts = await replayAll({ code: await bundleChanged(change) });
    const affected = RECORDED.map(({ name }) => name).filter(affects);
    expect(affected.length).toBeGreaterThan(0);
    expect(namesOf(verdicts, true)).toEqual(affected);
    for (const name of affected) expect(verdicts.get(name)).toMatchObject({ name: 'DeterminismViolationError' });
  });
});
