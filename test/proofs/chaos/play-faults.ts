import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, drawOne } from '../../support/random';
import type { CallbackWatch } from './callback-passage';
import { FORGERIES, forge } from './forgery';
import type { Payer } from './payer';
import type { Disturbance, Plan } from './plan';
import type { ManagedProcess } from './processes';
import type { Resetter } from './resetter';
import { processesOf, type RunContext, takeTurn } from './run-context';

export interface FaultDeps {
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
  const until = (atMs: number): Promise<void> => sleep(Math.max(0, startMs + atMs - performance.now()));
  const endMs = plan.seconds * 1_000;

  async function disturb(member: ManagedProcess, disturbances: readonly Disturbance[]): Promise<void> {
    for (const { atMs, frozenMs, awayMs } of disturbances) {
      await until(atMs);
      await member.rested();
      // Late by the starts before it: what cannot be played in time is left out, or the faults would outlast its plan.
      if (performance.now() - startMs > endMs) return;
      await member.disturb(async (controls) => {
        if (frozenMs === null) {
          await controls.kill();
          await sleep(awayMs);
          return;
        }
        await controls.freeze();
        await sleep(frozenMs);
        await controls.thaw();
      });
    }
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
      const httpStatus = await fetch(`http://127.0.0.1:${port}${forge(seen, kind)}`, {
        signal: AbortSignal.timeout(8_000),
      })
        .then((response) => response.status)
        .catch(() => null);
      if (httpStatus === 403) context.faults.add(`forged callback refused: ${kind}`);
      else if (httpStatus !== null && httpStatus < 300) context.faults.add('forged callback taken');
    }
  }

  async function lookAround(): Promise<void> {
    const random = createRandom(plan.seed + 1);
    while (performance.now() - startMs < endMs) {
      await sleep(LOOK_EVERY_MS);
      const records = payer.records();
      if (records.length > 0) await payer.look(drawOne(random, records).clientOrderId);
    }
  }

  const clock = { nowMs: () => performance.now() - startMs, isOver: () => performance.now() - startMs >= endMs };
  const payouts = plan.payouts.map(async (payout) => {
    await until(payout.atMs);
    await payer.pay(payout);
  });
  await Promise.all([
    ...processesOf(context).map((member) =>
      disturb(
        member,
        plan.disturbances.filter(({ victim }) => victim === member.name),
      ),
    ),
    ...[armPoints(), forgeCallbacks(), lookAround(), resetter.play(plan.resets, clock), until(endMs)],
  ]);
  context.board.clear();
  await Promise.all(payouts);
}
