import { DEFECTS, type Finding, type ProductView } from './comparison';

/** All that a run ends with. */
export interface Ending {
  readonly findings: readonly Finding[];
  readonly product: readonly ProductView[];
  /** Fault kinds that never happened. */
  readonly missing: readonly string[];
  /** Forged callbacks that were not refused. */
  readonly forgeriesTaken: number;
  /** Processes that ended although nobody killed them. */
  readonly ownEnds: number;
}

/**
 * A run in which nearly everything ends in a person's hands would pass every comparison. Not more than half, because a worker that
 * is killed leaves every send it had in flight in doubt, and doubt without an order is never resolved by sending again.
 */
const LEAST_FINAL_PART = 0.5;

/** Why the run has failed; empty when it passed. */
export function judge({ findings, product, missing, forgeriesTaken, ownEnds }: Ending): string[] {
  const finals = product.filter(({ outcome }) => outcome !== null).length;
  const reasons = DEFECTS.flatMap((defect) => {
    const count = findings.filter((finding) => finding.defect === defect).length;
    return count === 0 ? [] : [`${defect}: ${count}`];
  });
  if (forgeriesTaken > 0) reasons.push(`forged callbacks taken: ${forgeriesTaken}`);
  if (ownEnds > 0) reasons.push(`processes that ended by themselves: ${ownEnds}`);
  if (finals < product.length * LEAST_FINAL_PART || product.length === 0) {
    reasons.push(`only ${finals} of ${product.length} payouts are final`);
  }
  if (missing.length > 0) reasons.push(`never happened: ${missing.join('; ')}`);
  return reasons;
}
