import { setTimeout as sleep } from 'node:timers/promises';
import type { ByteGate, Direction } from '../../support/byte-gate';
import type { PointBoard, PointName } from './points';
import type { Controls, ManagedProcess } from './processes';

/** A process and the gate between it and Temporal. */
export interface Gated {
  readonly process: ManagedProcess;
  readonly gate: ByteGate;
  readonly port: number;
}

/** What everything that plays a fault shares. */
export interface RunContext {
  readonly workers: readonly Gated[];
  readonly apis: readonly Gated[];
  readonly temporal: ManagedProcess;
  readonly board: PointBoard;
  /** Counts a fault other than kills and points, by kind. */
  readonly addFault: (kind: string) => void;
  /** False from the end of the faults on: everything then passes untouched. */
  readonly areFaultsActive: () => boolean;
}

/** Every process that is disturbed; Temporal last. */
export function processesOf({ workers, apis, temporal }: RunContext): readonly ManagedProcess[] {
  return [...[...workers, ...apis].map(({ process }) => process), temporal];
}

/** Item `index` of a list that is gone through over and over. @throws RangeError when it is empty */
export function takeTurn<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('expected at least one item');
  return item;
}

interface AtPoint {
  readonly board: PointBoard;
  readonly point: PointName;
  readonly victim: ManagedProcess;
}

/**
 * Disturbs the victim at the point it has reached, from this moment on; resolves when it runs again. False, and the point is armed
 * again, when the victim is disturbed already.
 */
export async function disturbAt(
  { board, point, victim }: AtPoint,
  disturbance: (controls: Controls) => Promise<void>,
): Promise<boolean> {
  let isDisturbed = true;
  try {
    isDisturbed = await victim.disturb(async (controls) => {
      board.count(point);
      await disturbance(controls);
    }, true);
  } catch {
    // It could not be started again: its next turn tries once more, and the verdict counts an end that the run did not cause.
  }
  if (!isDisturbed) board.giveBack(point);
  return isDisturbed;
}

export const kill = (controls: Controls): Promise<void> => controls.kill();

/** Time for a process to read what it was sent and to call Temporal, before it is killed. */
const HELD_MS = 300;

/** Does `act` while what goes one way between the victim and Temporal is held, and then kills the victim; if it can be disturbed now. */
export async function killWhileHeld<T>(
  at: AtPoint,
  [gate, direction]: readonly [ByteGate, Direction],
  act: () => Promise<T>,
): Promise<T> {
  let acted = null as Promise<T> | null;
  await disturbAt(at, async (controls) => {
    gate.hold(direction);
    acted = act();
    await sleep(HELD_MS);
    await controls.kill();
    gate.drop();
  });
  return await (acted ?? act());
}
