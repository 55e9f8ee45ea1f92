import type { Counts } from '../counts';
import { FORGERIES } from './forgery';
import { MIX } from './payout-mix';
import { CALLBACK_FAULTS, RESET_KINDS } from './plan';
import { labelPoint, POINTS, type PointName } from './points';

/** What a run did, by kind. */
export interface Happened {
  /** By kind of process: worker, api, temporal. */
  readonly kills: Counts;
  readonly freezes: Counts;
  readonly points: Counts<PointName>;
  /** Faults on the ways between the processes. */
  readonly faults: Counts;
  /** Payouts by the gateway's scenario. */
  readonly scenarios: Counts;
}

const PROCESSES = ['worker', 'api', 'temporal'];
const WAY_FAULTS = [
  ...['probe reset', 'order status reset', 'order status 500', 'POST repeated after its answer'],
  ...['batch taken', 'refused at its limit'],
  ...CALLBACK_FAULTS.map((fault) => `callback ${fault}`),
  ...RESET_KINDS.map((kind) => `reset: ${kind}`),
  ...FORGERIES.map((kind) => `forged callback refused: ${kind}`),
];

/** The kinds that never happened: a run without them proves nothing about them. */
export function findMissing({ kills, freezes, points, faults, scenarios }: Happened): string[] {
  const missing = <Name extends string>(counts: Counts<Name>, names: readonly Name[], what: (name: Name) => string) =>
    names.filter((name) => (counts.get(name) ?? 0) === 0).map(what);
  const names = POINTS.map(({ name }) => name);
  const played = MIX.map(({ scenario }) => scenario);
  return [
    ...missing(kills, PROCESSES, (name) => `kill of ${name}`),
    ...missing(freezes, PROCESSES, (name) => `freeze of ${name}`),
    ...missing(points, names, labelPoint),
    ...missing(faults, WAY_FAULTS, (name) => name),
    ...missing(scenarios, played, (name) => `scenario ${name}`),
  ];
}
