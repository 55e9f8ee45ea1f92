import { BATCH_PART_WORKFLOW_TYPE, BATCH_WORKFLOW_TYPE } from '../workflows/batch-messages';
import { LIMIT_WORKFLOW_TYPE } from '../workflows/limit-messages';
import {
  LATE_EVENTS_WORKFLOW_TYPE,
  PAYOUT_WORKFLOW_TYPE,
  UNMATCHED_CALLBACK_WORKFLOW_TYPE,
} from '../workflows/messages';
import { NOTIFICATION_WORKFLOW_TYPE } from '../workflows/notification-messages';
import { countRuns, type ListedRun, listRuns } from './listed-runs';
import { type ReplayOptions, replayRuns, type Verdict } from './replays';

/** Every workflow of this product. */
export const VERIFIED_TYPES = [
  PAYOUT_WORKFLOW_TYPE,
  LATE_EVENTS_WORKFLOW_TYPE,
  UNMATCHED_CALLBACK_WORKFLOW_TYPE,
  NOTIFICATION_WORKFLOW_TYPE,
  LIMIT_WORKFLOW_TYPE,
  BATCH_WORKFLOW_TYPE,
  BATCH_PART_WORKFLOW_TYPE,
] as const;

const OPEN = "ExecutionStatus = 'Running'";
const CLOSED = "ExecutionStatus != 'Running'";
const ofType = (type: string, status: string): string => `WorkflowType = '${type}' AND ${status}`;

export interface VerificationOptions extends Omit<ReplayOptions, 'onVerdict'> {
  /** How many closed ones of each type, the last first. */
  readonly closed: number;
}

/** Of each kind of trouble and type, so many are named. */
const NAMED = 10;

/** Every open run and a sample of the closed ones against one build. */
export function createVerification({ closed, ...replay }: VerificationOptions) {
  const { connection, namespace } = replay;
  const counts = new Map<string, number>();
  const troubles = new Map<string, string[]>();
  let expected = 0;
  let done = 0;
  let startedAtMs = performance.now();
  const count = (key: string): number => counts.get(key) ?? 0;

  async function* listAll(): AsyncGenerator<ListedRun> {
    for (const type of VERIFIED_TYPES) {
      yield* listRuns(connection, {
        namespace,
        query: ofType(type, OPEN),
        isOpen: true,
        most: Number.MAX_SAFE_INTEGER,
      });
      if (closed > 0)
        yield* listRuns(connection, { namespace, query: ofType(type, CLOSED), isOpen: false, most: closed });
    }
  }

  function onVerdict(run: ListedRun, verdict: Verdict): void {
    done += 1;
    const kind = `${run.type} ${run.isOpen ? 'open' : 'closed'} ${verdict.kind}`;
    counts.set(kind, count(kind) + 1);
    if (!('reason' in verdict)) return;
    const named = troubles.get(kind) ?? [];
    if (named.length < NAMED) named.push(`${run.workflowId} ${run.runId}: ${verdict.reason}`);
    troubles.set(kind, named);
  }

  const total = (kind: Verdict['kind']): number =>
    [...counts].reduce((sum, [key, number]) => sum + (key.endsWith(` ${kind}`) ? number : 0), 0);
  const rate = (): string => `${Math.round(done / ((performance.now() - startedAtMs) / 1_000))}/s`;

  return {
    /** @throws when Temporal does not answer */
    async run(): Promise<void> {
      for (const type of VERIFIED_TYPES) {
        expected += await countRuns(connection, namespace, ofType(type, OPEN));
        if (closed > 0) expected += Math.min(closed, await countRuns(connection, namespace, ofType(type, CLOSED)));
      }
      startedAtMs = performance.now();
      await replayRuns(listAll(), { ...replay, onVerdict });
    },
    describeProgress: (): string => `${done} of about ${expected}, ${total('broken')} broken, ${rate()}`,
    /** A verdict per type of workflow, and the first ids of those in trouble. */
    report(): string[] {
      const verdicts = VERIFIED_TYPES.flatMap((type) =>
        ['open', 'closed'].map((status) => {
          const of = (kind: Verdict['kind']): number => count(`${type} ${status} ${kind}`);
          const rest = `${of('undecided')} not taken up yet, ${of('unreadable')} unreadable, ${of('gone')} gone`;
          const verdict = of('broken') > 0 ? 'BROKEN' : of('unreadable') > 0 ? 'UNKNOWN' : 'ok';
          return `${verdict.padEnd(8)}${type} ${status}: ${of('replayed')} replayed, ${of('broken')} broken, ${rest}`;
        }),
      );
      const named = [...troubles].flatMap(([kind, lines]) => [
        `${kind}, the first:`,
        ...lines.map((line) => `  ${line}`),
      ]);
      return [...verdicts, ...named, `${done} runs, ${rate()}`];
    },
    /** 1: a build that must not be deployed; 2: some could not be looked at. */
    exitCode: (): number => (total('broken') > 0 ? 1 : total('unreadable') > 0 ? 2 : 0),
  };
}
