import type { ByteGate } from '../../support/byte-gate';
import type { PointBoard, PointName } from './points';
import type { Controls, ManagedProcess } from './processes';
import type { Tally } from './tally';

/** A process and the gate between it and Temporal. */
export interface Gated {
  readonly process: ManagedProcess;
  readonly gate: ByteGate;
}

/** What everything that plays a fault shares. */
export interface RunContext {
  readonly workers: readonly Gated[];
  readonly apis: readonly (Gated & { readonly port: number })[];
  readonly temporal: ManagedProcess;
  readonly board: PointBoard;
  /** Faults other than kills and points, by kind. */
  readonly faults: Tally;
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

/**
 * Disturbs the victim at the point it has reached, from this moment on; resolves when it runs again. False, and the point is armed
 * again, when the victim is disturbed already.
 */
export async function disturbAt(
  { board, point, victim }: { board: PointBoard; point: PointName; victim: ManagedProcess },
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
