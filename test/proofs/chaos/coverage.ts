import { FORGERIES } from './forgery';
import { MIX } from './payout-mix';
import { CALLBACK_FAULTS, RESET_KINDS } from './plan';
import { labelPoint, POINTS, type PointName } from './points';

/** What a run did, by kind. */
export interface Happened {
  /** By kind of process: worker, api, temporal. */
  readonly kills: ReadonlyMap<string, number>;
  readonly freezes: ReadonlyMap<string, number>;
  readonly points: ReadonlyMap<PointName, number>;
  /** Faults on the ways between the processes. */
  readonly faults: ReadonlyMap<string, number>;
  /** Payouts by the gateway's scenario. */
  readonly scenarios: ReadonlyMap<string, number>;
}

const PROCESSES = ['worker', 'api', 'temporal'];
const WAY_FAULTS = [
  'probe reset',
  'order status reset',
  'order status 500',
  'POST repeated after its answer',
  ...CALLBACK_FAULTS.map((fault) => `callback ${fault}`),
  ...RESET_KINDS.map((kind) => `reset: ${kind}`),
  ...FORGERIES.map((kind) => `forged callback refused: ${kind}`),
];

/** The kinds that never happened: a run without them proves nothing about them. */
export function findMissing({ kills, freezes, points, faults, scenarios }: Happened): string[] {
  const missing = (counts: ReadonlyMap<string, number>, names: readonly string[], what: (name: string) => string) =>
    names.filter((name) => (counts.get(name) ?? 0) === 0).map(what);
  return [
    ...missing(kills, PROCESSES, (name) => `kill of ${name}`),
    ...missing(freezes, PROCESSES, (name) => `freeze of ${name}`),
    ...POINTS.filter(({ name }) => (points.get(name) ?? 0) === 0).map(({ name }) => labelPoint(name)),
    ...missing(faults, WAY_FAULTS, (name) => name),
    ...missing(
      scenarios,
      MIX.map(({ scenario }) => scenario),
      (name) => `scenario ${name}`,
    ),
  ];
}
