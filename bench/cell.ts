import { setTimeout as sleep } from 'node:timers/promises';
import type { Contestant, Running } from './contestants';
import { drive, waitForEnds } from './drive';
import { readTreeCpuMs } from './process-cpu';
import { judge, type Verdict } from './verdict';

/** What a payout cost in one block: every figure but the latencies is per payout. */
export interface Cell {
  readonly contestant: string;
  readonly polls: number;
  readonly payouts: number;
  readonly perSecond: number;
  readonly cpuMs: Readonly<Record<string, number>>;
  /** What the processes take in a second in which nothing is paid. It is in `cpuMs`, for as long as the block took. */
  readonly idleMsPerSecond: number;
  readonly seconds: number;
  readonly postMs: readonly number[];
  /** From the first byte of the callback to the stored final status. */
  readonly finalMs: readonly number[];
  readonly diskBytes: number;
  readonly events: number | null;
  readonly historyBytes: number | null;
  readonly actions: number | null;
  readonly statusCalls: number;
  readonly verdict: Verdict;
}

export interface CellOptions {
  readonly polls: number;
  readonly payouts: number;
  readonly everyMs: number;
  readonly prefix: string;
}

const PATIENCE_MS = 300_000;
const WARM_UP = 10;
const IDLE_MS = 2_000;
/** Payouts at once for each poll they wait for, so that a longer wait does not leave the machine idle. */
const IN_FLIGHT_PER_POLL = 10;
/** Without polls nothing is waited for: as many as keep the machine busy. */
const IN_FLIGHT_WITHOUT = 40;

/** What is done for the first time is not measured. */
export async function warmUp({ pays }: Contestant, running: Running): Promise<void> {
  await running.house.control('/settings', { processingMs: 1_500, callbackDelayMs: 0 });
  await drive(running, { prefix: 'WARM', payouts: WARM_UP, inFlight: WARM_UP, pays, patienceMs: PATIENCE_MS });
  await waitForEnds(running, WARM_UP, PATIENCE_MS);
}

/** One block: so many payouts, each called back half a pause after so many polls; at once without polls, which shows the most a second. */
export async function measureCell(
  { name, pays }: Contestant,
  running: Running,
  { polls, payouts, everyMs, prefix }: CellOptions,
): Promise<Cell> {
  const { house } = running;
  const processingMs = polls === 0 ? 0 : Math.round((polls + 0.5) * everyMs);
  await house.control('/settings', { processingMs, callbackDelayMs: 0 });
  const readCpu = () => Object.entries(running.pids()).map(([of, pid]) => [of, readTreeCpuMs(pid)] as const);
  const countCalls = async () =>
    Object.entries((await house.control<Stats>('/stats')).routes)
      .filter(([route]) => route.endsWith('/status'))
      .reduce((sum, [, { requests }]) => sum + requests, 0);
  const sumOf = (entries: ReturnType<typeof readCpu>) => entries.reduce((sum, [, ms]) => sum + ms, 0);

  const [finalsBefore, recordedBefore] = [await running.countFinals(), await running.recorded()];
  const [diskBefore, callsBefore] = [await running.diskBytes(), await countCalls()];
  const idleBefore = sumOf(readCpu());
  await sleep(IDLE_MS);
  const cpuBefore = readCpu();
  const [beganAt, beganAtMs] = [performance.now(), Date.now()];
  const inFlight = polls === 0 ? IN_FLIGHT_WITHOUT : IN_FLIGHT_PER_POLL * polls;
  const load = { prefix, payouts, pays, inFlight, patienceMs: PATIENCE_MS };
  const { ids, postMs } = await drive(running, load);
  const allFinal = await waitForEnds(running, finalsBefore + payouts, PATIENCE_MS);
  const [cpuAfter, seconds] = [new Map(readCpu()), (performance.now() - beganAt) / 1_000];

  const [finals, payments, recorded] = [await running.finals(), house.ledger(), await running.recorded()];
  const each = (after: number | undefined, before: number | undefined) =>
    after === undefined || before === undefined ? null : (after - before) / payouts;
  const lastMs = Math.max(...ids.map((id) => finals.get(id) ?? Number.NaN));
  if (!allFinal) console.error(`${name}: not all payouts were final within ${PATIENCE_MS / 1_000} s`);
  return {
    ...{ contestant: name, polls, payouts, seconds, postMs },
    perSecond: (1_000 * payouts) / (lastMs - beganAtMs),
    cpuMs: Object.fromEntries(cpuBefore.map(([of, ms]) => [of, ((cpuAfter.get(of) ?? Number.NaN) - ms) / payouts])),
    idleMsPerSecond: ((sumOf(cpuBefore) - idleBefore) * 1_000) / IDLE_MS,
    finalMs: ids.flatMap((id) => {
      const [endMs, calledMs] = [finals.get(id), payments.get(id)?.calledBackAtMs];
      return endMs === undefined || !calledMs ? [] : [endMs - calledMs];
    }),
    diskBytes: ((await running.diskBytes()) - diskBefore) / payouts,
    events: each(recorded?.events, recordedBefore?.events),
    historyBytes: each(recorded?.bytes, recordedBefore?.bytes),
    actions: each(recorded?.actions, recordedBefore?.actions),
    statusCalls: ((await countCalls()) - callsBefore) / payouts,
    verdict: judge(ids, payments, finals),
  };
}

interface Stats {
  readonly routes: Readonly<Record<string, { readonly requests: number }>>;
}
