import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../../scripts/wait-until';
import { addTo, countBy, sumOf } from '../counts';
import { type MoneyLine, sumLedger } from '../limits/ledger-sum';
import { compareRecords, type ProductView } from './comparison';
import { findMissing } from './coverage';
import { readLedgerFile } from './ledger-file';
import { openFaultRun } from './open-run';
import { type ClientRecord, createPayer } from './payer';
import { LIMITED_CURRENCY, type Plan } from './plan';
import { playFaults } from './play-faults';
import type { ManagedProcess } from './processes';
import { createResetter } from './resetter';
import { processesOf } from './run-context';
import { judge } from './verdict';

/** Everything that is known about a run when it is over. */
export type RunResult = Awaited<ReturnType<typeof runPlan>>;

/** After the faults: how long payouts may take to come to an end. The longest path is the backoff of a payout in doubt. */
const SETTLE_WITHIN_MS = 240_000;
const LOOK_EVERY_MS = 1_500;
const LEDGER_FILE = 'simulator-ledger.jsonl';

interface RunOptions {
  readonly say?: (line: string) => void;
  /** Where logs and ledger are kept; null: nowhere. */
  readonly evidenceDir?: string | null;
}

/** Plays a plan against real processes and compares the records. @throws when the processes cannot be started at all */
export async function runPlan(plan: Plan, { say = () => {}, evidenceDir = null }: RunOptions = {}) {
  const { stack, context, callbacks, faults, endFaults, stop } = await openFaultRun(plan);
  const processes = processesOf(context);
  try {
    say(
      `up: ${plan.workers} workers, ${plan.apis} APIs; ${plan.payouts.length} payouts in ${plan.seconds} s of faults`,
    );
    let isOver = false;
    const payer = createPayer(context, () => isOver);
    const known = () => payer.records().map(({ clientOrderId }) => clientOrderId);
    const resetter = await createResetter(stack, { addFault: context.addFault, known });
    const ticker = setInterval(() => say(describeProgress(processes, payer.records())), 15_000);
    try {
      const playing = playFaults({ plan, context, payer, callbacks, resetter });
      await Promise.race([playing, sleep(plan.seconds * 1_000, null, { ref: false })]);
      endFaults();
      const patience = setTimeout(() => {
        isOver = true;
      }, SETTLE_WITHIN_MS);
      await playing;
      clearTimeout(patience);
      // One more turn of each, in which what is gone is started again.
      for (const each of processes) await each.disturb(async () => {});
      say('faults are over, everything runs again');

      const faultsEndedMs = performance.now();
      const clients = payer.records();
      const api = `http://127.0.0.1:${context.apis[0]?.port}`;
      const product = await settle(api, clients, say);
      const settledAfterMs = performance.now() - faultsEndedMs;
      const gateway = readLedgerFile(path.join(stack.dir, LEDGER_FILE));
      const resets = resetter.runsOf();
      const isLimited = new Set(
        clients.flatMap((client) => (client.currency === LIMITED_CURRENCY ? client.clientOrderId : [])),
      );
      const ofLimit = ({ orderId }: MoneyLine) => isLimited.has(payoutOf.get(orderId) ?? '');
      const payoutOf = new Map(gateway.orders.map((order) => [order.orderId, order.clientOrderId]));
      const { mostMinor } = sumLedger(gateway.entries.filter(ofLimit), LIMITED_CURRENCY);
      for (const { outcome } of product.values()) if (outcome === 'cancelled') context.addFault('refused at its limit');
      const findings = compareRecords({ clients, product, gateway: gateway.orders, reset: new Set(resets.keys()) });
      const happened = {
        kills: countDisruptions(processes, ({ kills }) => kills),
        freezes: countDisruptions(processes, ({ freezes }) => freezes),
        scenarios: countBy(
          clients.filter(({ accepted }) => accepted),
          ({ scenario }) => scenario,
        ),
        ...{ points: context.board.counts(), faults },
      };
      /** Why it failed; empty when it passed. */
      const failures = judge({
        ...{ findings, product: [...product.values()] },
        limited: { mostMinor, capMinor: plan.capMinor },
        resetSenders: await resetter.findSenders(),
        forgeriesTaken: faults.get('forged callback taken') ?? 0,
        ownEnds: sumOf(processes.map(({ disruptions }) => disruptions.ownEnds)),
      });
      /** Of the payouts with findings and of those in a person's hands, by clientOrderId. */
      const timelines = new Map<string, unknown>();
      for (const { clientOrderId, outcome } of product.values()) {
        if (outcome !== null && findings.every((finding) => finding.clientOrderId !== clientOrderId)) continue;
        timelines.set(clientOrderId, await (await fetch(`${api}/payouts/${clientOrderId}/timeline`)).json());
      }
      return {
        ...{
          plan,
          clients,
          product,
          gateway,
          mostMinor,
          findings,
          happened,
          failures,
          timelines,
          resets,
          settledAfterMs,
        },
        missing: findMissing(happened),
        incidents: processes.flatMap(({ incidents }) => incidents).sort((a, b) => a.at.localeCompare(b.at)),
      };
    } finally {
      clearInterval(ticker);
      await resetter.close();
    }
  } finally {
    if (evidenceDir !== null) await keepEvidence(stack.dir, evidenceDir);
    await stop();
  }
}

/** Logs and ledger; keys and the database stay behind. */
async function keepEvidence(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  const filter = (file: string): boolean => !/keys|temporal\.db|\.toml$/.test(path.relative(from, file));
  await cp(from, to, { recursive: true, filter });
}

function describeProgress(processes: readonly ManagedProcess[], records: readonly ClientRecord[]): string {
  const kills = sumOf(processes.map(({ disruptions }) => disruptions.kills));
  return `${records.filter(({ accepted }) => accepted).length} of ${records.length} accepted, ${kills} kills`;
}

/** Reads every payout until each is final or in a person's hands, or the time is over. */
async function settle(api: string, clients: readonly ClientRecord[], say: (line: string) => void) {
  const product = new Map<string, ProductView>();
  const untilMs = performance.now() + SETTLE_WITHIN_MS;
  const read = ({ clientOrderId }: ClientRecord): Promise<true> =>
    waitUntil({
      ...{ what: `${clientOrderId} to be read`, timeoutMs: 60_000, intervalMs: 500 },
      ask: async () => {
        const response = await fetch(`${api}/payouts/${clientOrderId}`, { signal: AbortSignal.timeout(10_000) });
        const body = (await response.json()) as ProductView;
        if (response.status === 404) product.delete(clientOrderId);
        else if (!response.ok) throw new Error(`GET /payouts answered ${response.status}`);
        else product.set(clientOrderId, body);
        return true;
      },
    });
  for (;;) {
    for (const client of clients)
      if (typeof product.get(client.clientOrderId)?.outcome !== 'string') await read(client);
    // Rows of a batch come to be after it was taken, or never if a limit has no room for it.
    for (const batch of new Set(clients.flatMap((client) => client.batch ?? [])))
      if (await wasCancelled(`${api}/batches/${batch}`))
        for (const client of clients) if (client.batch === batch) client.isUnmade = true;
    const unmade = clients.filter(
      (client) => client.accepted && !client.isUnmade && !product.has(client.clientOrderId),
    );
    const unended = [...product.values()].filter(({ outcome, state }) => outcome === null && state !== 'needs_review');
    const open = [...unmade, ...unended];
    if (open.length === 0 || performance.now() > untilMs) break;
    say(`${open.length} payouts still open`);
    await sleep(LOOK_EVERY_MS);
  }
  // Once more all of them: a final state that changes after it was read would be a wrong one.
  for (const client of clients) await read(client);
  return product;
}

/** True for a batch that its limit cancelled: nobody else cancels one here. */
async function wasCancelled(batch: string): Promise<boolean> {
  const response = await fetch(batch, { signal: AbortSignal.timeout(10_000) }).catch(() => null);
  if (response?.status !== 200) return false;
  const { state, started, acts } = (await response.json()) as {
    readonly state: string;
    readonly started: number;
    readonly acts: readonly { readonly actor: string; readonly reason: string }[];
  };
  const last = acts.at(-1);
  return state === 'cancelled' && started === 0 && last?.actor === 'policy' && last.reason.startsWith('limit_reached');
}

/** By kind of process. */
function countDisruptions(
  processes: readonly ManagedProcess[],
  countOf: (of: ManagedProcess['disruptions']) => number,
) {
  const counts = new Map<string, number>();
  for (const { name, disruptions } of processes) addTo(counts, name.replace(/-.*/, ''), countOf(disruptions));
  return counts;
}
