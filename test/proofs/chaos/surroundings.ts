import type { ByteGate } from './byte-gate';
import type { Member } from './fleet';
import type { PointBoard } from './points';
import type { Tally } from './tally';

/** A process and the gate between it and Temporal. */
export interface Gated {
  readonly member: Member;
  readonly gate: ByteGate;
}

/** What everything that plays a fault shares. */
export interface World {
  readonly workers: readonly Gated[];
  readonly apis: readonly (Gated & { readonly port: number })[];
  readonly temporal: Member;
  readonly board: PointBoard;
  /** Faults other than kills and points, by kind. */
  readonly faults: Tally;
  /** False from the end of the faults on: everything then passes untouched. */
  readonly areFaultsOn: () => boolean;
}

/** Every process that is disturbed; Temporal last. */
export function membersOf({ workers, apis, temporal }: World): readonly Member[] {
  return [...[...workers, ...apis].map(({ member }) => member), temporal];
}

/** Item `index` of a list that is gone through over and over. @throws RangeError when it is empty */
export function takeTurn<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('nobody to take a turn');
  return item;
}
