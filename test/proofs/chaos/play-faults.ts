import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, drawOne } from '../../support/random';
import type { CallbackWatch } from './callback-passage';
import { FORGERIES, forge } from './forgery';
import type { Payer } from './payer';
import type { Plan, PlannedPayout } from './plan';
import type { ManagedProcess } from './processes';
import type { Resetter } from './resetter';
import { processesOf, type RunContext, takeTurn } from './run-context';

interface FaultDeps {
  readonly plan: Plan;
  readonly context: RunContext;
  readonly payer: Payer;
  readonly callbacks: CallbackWatch;
  readonly resetter: Resetter;
}

const LOOK_EVERY_MS = 400;

/** Plays a plan from now on. Resolves when its last fault is over and every POST has been taken. */
export async function playFaults({ plan, context, payer, callbacks, resetter }: FaultDeps): Promise<void> {
  const startMs = performance.now();
  const nowMs = (): number => performance.now() - startMs;
  const until = (atMs: number): Promise<void> => sleep(Math.max(0, atMs - nowMs()));
  const endMs = plan.seconds * 1_000;

  async function disturb(member: ManagedProcess): Promise<void> {
    const own = plan.disturbances.filter(({ victim }) => victim === member.name);
    for (const { atMs, frozenMs, awayMs } of own) {
      await until(atMs);
      await member.rested();
      // Late by the starts before it: what cannot be played in time is left out, or the faults would outlast its plan.
      if (nowMs() > endMs) return;
      await member.disturb(async (controls) => {
        await (frozenMs === null ? controls.kill() : controls.freeze());
        await sleep(frozenMs ?? awayMs);
        if (frozenMs !== null) await controls.thaw();
      });
    }
  }

  /** One alone, or the rows of a batch at the time of the first. */
  async function pay([first, ...others]: readonly PlannedPayout[]): Promise<void> {
    if (first === undefined) return;
    await until(first.atMs);
    await (first.batch === null ? payer.pay(first) : payer.payBatch(first.batch, [first, ...others]));
  }

  async function armPoints(): Promise<void> {
    for (const { atMs, name } of plan.points) {
      await until(atMs);
      context.board.arm(name);
    }
  }

  async function forgeCallbacks(): Promise<void> {
    for (const [index, atMs] of plan.forgeriesAtMs.entries()) {
      await until(atMs);
      const seen = callbacks.lastSeen();
      if (seen === null) continue;
      const kind = takeTurn(FORGERIES, index);
      const { port } = takeTurn(context.apis, index);
      const url = `http://127.0.0.1:${port}${forge(seen, kind)}`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(8_000) }).catch(() => null);
      if (answer?.status === 403) context.addFault(`forged callback refused: ${kind}`);
      else if (answer?.ok) context.addFault('forged callback taken');
    }
  }

  async function lookAround(): Promise<void> {
    const random = createRandom(plan.seed + 1);
    while (nowMs() < endMs) {
      await sleep(LOOK_EVERY_MS);
      const records = payer.records();
      if (records.length > 0) await payer.look(drawOne(random, records).clientOrderId);
    }
  }

  const payouts = plan.payouts.flatMap((payout) => (payout.batch === null ? [pay([payout])] : []));
  const names = new Set(plan.payouts.flatMap(({ batch }) => batch ?? []));
  for (const name of names) payouts.push(pay(plan.payouts.filter(({ batch }) => batch === name)));
  await Promise.all([
    ...processesOf(context).map(disturb),
    ...[armPoints(), forgeCallbacks(), lookAround(), resetter.play(plan.resets, { nowMs, endMs }), until(endMs)],
  ]);
  context.board.clear();
  await Promise.all(payouts);
}
