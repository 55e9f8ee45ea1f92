import type { History } from '@temporalio/common/lib/proto-utils';
import { toClientOrderId } from '../../src/domain/ids';
import { LIMIT_WORKFLOW_TYPE, type LimitInput, limitWorkflowId } from '../../src/workflows/limit-messages';
import { PAYOUTS_TASK_QUEUE } from '../../src/workflows/messages';
import { claimOf } from './paths-limits';
import type { SkippedTime } from './skipped-time';

/** What payouts do to one limit of 15.00. */
interface LimitScene {
  hold(id: string, amountMinor: number): Promise<string>;
  settle(id: string, how: 'commit' | 'release'): Promise<void>;
  sleep(duration: '3s' | '25h'): Promise<void>;
}

/** One way the workflow of a limit can go. */
interface LimitWorkflowPath {
  readonly name: string;
  /** What a former run hands to this one. */
  readonly input?: LimitInput;
  readonly act: (scene: LimitScene) => Promise<void>;
}

/** Limits whose histories are recorded: of days that pass, and of a run that goes on for a former one. */
export const LIMIT_WORKFLOW_PATHS: readonly LimitWorkflowPath[] = [
  {
    name: 'limit-over-days',
    act: async ({ hold, settle, sleep }) => {
      await hold('A', 1_000);
      await Promise.all([hold('B', 501), hold('C', 500)]);
      await settle('A', 'commit');
      await settle('C', 'release');
      await sleep('3s');
      await hold('D', 400);
      await sleep('25h');
      await hold('D', 400);
      await hold('E', 1_101);
      await sleep('3s');
    },
  },
  {
    name: 'limit-goes-on',
    input: {
      carried: {
        usage: [
          {
            ...({ key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', capMinor: 1_500 } as const),
            ...{ period: '2020-01-01', endsAtMs: Date.parse('2020-01-02T00:00:00Z') },
            ...{ committedMinor: 300, heldMinor: 1_200 },
          },
        ],
        holds: [{ from: ['daily day UTC 2020-01-01'], of: [['A', 1_200]] }],
        settled: [['B', Date.parse('2020-01-01T12:00:00Z')]],
      },
    },
    act: async ({ hold, settle, sleep }) => {
      await settle('A', 'commit');
      await hold('C', 1_500);
      await sleep('3s');
    },
  },
];

/** Plays it; nothing is asked of the limit afterwards, so it ends by itself. */
export async function playLimit(time: SkippedTime, { name, input, act }: LimitWorkflowPath): Promise<History> {
  const claim = claimOf(name);
  const { workflow } = time.env.client;
  if (input !== undefined)
    await workflow.start(LIMIT_WORKFLOW_TYPE, {
      ...{ workflowId: limitWorkflowId(claim), taskQueue: PAYOUTS_TASK_QUEUE, args: [input] },
    });
  await act({
    hold: async (id, amountMinor) => {
      const order = { clientOrderId: toClientOrderId(id), claims: [{ ...claim, amountMinor }] };
      return (await time.limits.holdLimit(order)).outcome;
    },
    settle: async (id, how) =>
      await time.limits.settleLimit({ clientOrderId: toClientOrderId(id), claims: [claim], how }),
    sleep: async (duration) => await time.env.sleep(duration),
  });
  const handle = workflow.getHandle(limitWorkflowId(claim));
  await handle.result();
  return await handle.fetchHistory();
}
