import { DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { HistoryEvent } from '../../src/api/recorded';
import { toClientOrderId } from '../../src/domain/ids';
import { dataConverter } from '../../src/temporal/data-converter';
import { payoutWorkflowId } from '../../src/workflows/messages';
import { bundleChanged, type Change } from './changed-workflow';
import { readHistories } from './histories';
import { PATHS } from './paths';
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
async function replayAll(workflowBundle: WorkflowBundleOption): Promise<Map<string, Error | undefined>> {
  const histories = RECORDED.map(({ name, history }) => ({
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

const hasConfirmation = (name: string) => eventsOf(name).some((event) => event.markerRecordedEventAttributes);
const hasCall = (name: string, call: string) =>
  eventsOf(name).some((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === call);

const CHANGES: readonly (Change & { affects: (name: string) => boolean })[] = [
  {
    name: 'timer-before-submit',
    file: 'workflows/payout.ts',
    from: "if (next.step === 'submit') record.held = calls.submit(held);",
    to: "if (next.step === 'submit') { await until(() => false, 1); record.held = calls.submit(held); }",
    affects: (name) => hasCall(name, 'submitPayout'),
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
    affects: (name) => hasCall(name, 'watchOrder'),
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
