import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareRecords, type Finding, type ProductView } from './comparison';
import { findMissing, type Happened } from './coverage';
import { type FaultRunStack, openFaultRunStack } from './fault-run-stack';
import { playFaults } from './faults-played';
import type { Incident } from './fleet';
import { type RecordedCall, readCalls } from './histories';
import { type GatewayRecord, readLedgerFile } from './ledger-file';
import { type ClientRecord, createPayer } from './payer';
import type { Plan } from './plan';
import { createResetter, type Resetter } from './resetter';
import { membersOf, type World } from './surroundings';
import { createTally } from './tally';
import { judge } from './verdict';

/** Everything that is known about a run when it is over. */
export interface RunResult {
  readonly plan: Plan;
  readonly clients: readonly ClientRecord[];
  readonly product: ReadonlyMap<string, ProductView>;
  readonly gateway: GatewayRecord;
  readonly findings: readonly Finding[];
  readonly happened: Happened;
  readonly missing: readonly string[];
  /** Why it failed; empty when it passed. */
  readonly failures: readonly string[];
  /** Timelines of the payouts with findings and of those in a person's hands, by clientOrderId. */
  readonly timelines: ReadonlyMap<string, unknown>;
  /** The same payouts' calls to the gateway, as Temporal recorded them. */
  readonly calls: ReadonlyMap<string, readonly RecordedCall[]>;
  readonly incidents: readonly Incident[];
  /** Payouts that were reset, with each run that a reset began. */
  readonly resets: ReadonlyMap<string, readonly string[]>;
  readonly settledAfterMs: number;
}

/** After the faults: how long payouts may take to come to an end. The longest path is the backoff of a payout in doubt. */
const SETTLE_WITHIN_MS = 240_000;
const LOOK_EVERY_MS = 1_500;
const LEDGER_FILE = 'simulator-ledger.jsonl';

export interface RunOptions {
  readonly say?: (line: string) => void;
  /** Where logs and ledger are kept; null: nowhere. */
  readonly evidenceDir?: string | null;
}

/** Plays a plan against real processes and compares the records. @throws when the processes cannot be started at all */
export async function runPlan(plan: Plan, { say = () => {}, evidenceDir = null }: RunOptions = {}): Promise<RunResult> {
  const faultRunStack = await openFaultRunStack(plan);
  try {
    say(
      `up: ${plan.workers} workers, ${plan.apis} APIs; ${plan.payouts.length} payouts in ${plan.seconds} s of faults`,
    );
    const { world, callbacks } = faultRunStack;
    let isOver = false;
    const payer = createPayer(world, { isOver: () => isOver });
    const resetter = await createResetter({
      ...{ stack: faultRunStack.stack, faults: world.faults },
      known: () => payer.records().map(({ clientOrderId }) => clientOrderId),
    });
    const ticker = setInterval(() => say(describeProgress(faultRunStack, payer.records())), 15_000);
    try {
      const storm = playFaults({ plan, world, payer, callbacks, resetter });
      await Promise.race([storm, sleep(plan.seconds * 1_000, null, { ref: false })]);
      faultRunStack.clearAttention();
      const patience = setTimeout(() => {
        isOver = true;
      }, SETTLE_WITHIN_MS);
      await storm;
      clearTimeout(patience);
      // One more turn of each, in which whatever is gone is started again.
      for (const member of membersOf(world)) await member.disturb(async () => {});
      say('faults are over, everything runs again');
      const calmMs = performance.now();
      const product = await settle(faultRunStack, payer.records(), say);
      return await conclude({
        plan,
        faultRunStack,
        resetter,
        clients: payer.records(),
        product,
        settledAfterMs: performance.now() - calmMs,
      });
    } finally {
      clearInterval(ticker);
      await resetter.close();
    }
  } finally {
    if (evidenceDir !== null) await keepEvidence(faultRunStack.stack.dir, evidenceDir);
    await faultRunStack.stop();
  }
}

/** Logs and ledger; keys and the database stay behind. */
async function keepEvidence(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  const filter = (file: string): boolean => !/keys|temporal\.db|\.toml$/.test(path.relative(from, file));
  await cp(from, to, { recursive: true, filter });
}

function describeProgress({ world }: FaultRunStack, records: readonly ClientRecord[]): string {
  const kills = membersOf(world).reduce((sum, { toll }) => sum + toll().kills, 0);
  return `${records.filter(({ accepted }) => accepted).length} of ${records.length} accepted, ${kills} kills`;
}

/** Reads every payout until each is final or in a person's hands, or the time is over. */
async function settle(
  { world }: FaultRunStack,
  clients: readonly ClientRecord[],
  say: (line: string) => void,
): Promise<Map<string, ProductView>> {
  const product = new Map<string, ProductView>();
  const untilMs = performance.now() + SETTLE_WITHIN_MS;
  const port = world.apis[0]?.port ?? 0;
  const isDone = ({ clientOrderId }: ClientRecord): boolean => {
    const payout = product.get(clientOrderId);
    return payout !== undefined && payout.outcome !== null;
  };
  for (;;) {
    for (const client of clients) if (!isDone(client)) await readInto(product, port, client.clientOrderId);
    const open = clients.filter(({ clientOrderId }) => {
      const payout = product.get(clientOrderId);
      return payout !== undefined && payout.outcome === null && payout.state !== 'needs_review';
    });
    if (open.length === 0 || performance.now() > untilMs) break;
    say(`${open.length} payouts still open`);
    await sleep(LOOK_EVERY_MS);
  }
  // Once more all of them: a final state that changes after it was read would be a wrong one.
  for (const { clientOrderId } of clients) await readInto(product, port, clientOrderId);
  return product;
}

async function readInto(product: Map<string, ProductView>, port: number, clientOrderId: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/payouts/${clientOrderId}`, {
        signal: AbortSignal.timeout(10_000),
      });
      const body = (await response.json()) as ProductView;
      if (response.status === 404) product.delete(clientOrderId);
      else if (!response.ok) throw new Error(`GET /payouts answered ${response.status}`);
      else product.set(clientOrderId, body);
      return;
    } catch (error) {
      if (tries === 20) throw error;
      await sleep(500);
    }
  }
}

interface Played {
  readonly plan: Plan;
  readonly faultRunStack: FaultRunStack;
  readonly resetter: Resetter;
  readonly clients: readonly ClientRecord[];
  readonly product: ReadonlyMap<string, ProductView>;
  readonly settledAfterMs: number;
}

async function conclude({
  plan,
  faultRunStack,
  resetter,
  clients,
  product,
  settledAfterMs,
}: Played): Promise<RunResult> {
  const { world, stack } = faultRunStack;
  const gateway = readLedgerFile(path.join(stack.dir, LEDGER_FILE));
  const resets = resetter.runsOf();
  const findings = compareRecords({ clients, product, gateway: gateway.orders, reset: new Set(resets.keys()) });
  const happened = countHappened(world, clients);
  const missing = findMissing(happened);
  const resetSenders = await resetter.findSenders();
  const failures = judge({
    ...{ findings, product: [...product.values()] },
    resetSenders,
    forgeriesTaken: world.faults.counts().get('forged callback taken') ?? 0,
    ownEnds: membersOf(world).reduce((sum, { toll }) => sum + toll().ownEnds, 0),
  });
  const timelines = new Map<string, unknown>();
  for (const { clientOrderId, outcome } of product.values()) {
    const isNoteworthy = outcome === null || findings.some((finding) => finding.clientOrderId === clientOrderId);
    if (isNoteworthy) timelines.set(clientOrderId, await readTimeline(world, clientOrderId));
  }
  const calls = await readCalls(stack.temporalAddress, [...timelines.keys()]);
  const incidents = membersOf(world)
    .flatMap((member) => member.incidents())
    .sort((one, other) => one.at.localeCompare(other.at));
  return {
    ...{ plan, clients, product, gateway, findings, happened, missing, failures },
    ...{ timelines, calls, incidents, resets, settledAfterMs },
  };
}

function countHappened(world: World, clients: readonly ClientRecord[]): Happened {
  const kills = createTally();
  const freezes = createTally();
  const scenarios = createTally();
  for (const { name, toll } of membersOf(world)) {
    const kind = name.replace(/-.*/, '');
    kills.add(kind, toll().kills);
    freezes.add(kind, toll().freezes);
  }
  for (const { scenario, accepted } of clients) scenarios.add(scenario, accepted ? 1 : 0);
  return {
    ...{ kills: kills.counts(), freezes: freezes.counts(), scenarios: scenarios.counts() },
    ...{ points: world.board.counts(), faults: world.faults.counts() },
  };
}

async function readTimeline(world: World, clientOrderId: string): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${world.apis[0]?.port}/payouts/${clientOrderId}/timeline`);
  return await answer.json();
}
