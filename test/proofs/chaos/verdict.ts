import { countBy } from '../counts';
import { DEFECTS, type Finding, type ProductView } from './comparison';

/** All that a run ends with. */
export interface Ending {
  readonly findings: readonly Finding[];
  readonly product: readonly ProductView[];
  /** Forged callbacks that were not refused. */
  readonly forgeriesTaken: number;
  /** Payouts that were sent after a reset. */
  readonly resetSenders: readonly string[];
  /** The most that was paid or may be, at any time, of what a limit allows. In minor units. */
  readonly limited: { readonly mostMinor: bigint; readonly capMinor: bigint };
  /** Processes that ended although the run did not kill them. */
  readonly ownEnds: number;
}

/**
 * A run in which nearly everything ends in a person's hands would pass every comparison. Not more than half, because a worker that
 * is killed leaves every send it had in flight in doubt, and doubt without an order is never resolved by sending again.
 */
const LEAST_FINAL_PART = 0.5;

/** Which promises the run broke; empty when none. What never happened in it is another matter: `findMissing`. */
export function judge({ findings, product, forgeriesTaken, resetSenders, limited, ownEnds }: Ending): string[] {
  const finals = product.filter(({ outcome }) => outcome !== null).length;
  const found = countBy(findings, ({ defect }) => defect);
  const tooFew = finals < product.length * LEAST_FINAL_PART || product.length === 0;
  return [
    ...DEFECTS.flatMap((defect) => (found.has(defect) ? `${defect}: ${found.get(defect)}` : [])),
    ...(forgeriesTaken > 0 ? [`forged callbacks taken: ${forgeriesTaken}`] : []),
    ...(resetSenders.length > 0 ? [`sent after a reset: ${resetSenders.join(', ')}`] : []),
    ...(limited.mostMinor > limited.capMinor
      ? [`over the limit: ${limited.mostMinor} of ${limited.capMinor} paid or in doubt`]
      : []),
    ...(ownEnds > 0 ? [`processes that ended by themselves: ${ownEnds}`] : []),
    ...(tooFew ? [`only ${finals} of ${product.length} payouts are final`] : []),
  ];
}

/** 1: a promise was broken. 3: none was, but some fault never happened, so that the run shows nothing about it. */
export function exitCodeOf({
  failures,
  missing,
}: Readonly<Record<'failures' | 'missing', readonly string[]>>): 0 | 1 | 3 {
  if (failures.length > 0) return 1;
  return missing.length > 0 ? 3 : 0;
}
