import type { OrderId } from './ids';
import type { FinalStatus, Reason } from './order-report';

/** Who said it. */
export type EvidenceSource =
  | 'submission'
  | 'poll'
  | 'callback'
  | 'clock'
  | 'operator'
  | 'receiver'
  | 'policy'
  | 'workflow';

/** One piece of evidence, or a run of equal ones (`times`, first `atMs`, last `lastAtMs`; epoch milliseconds). */
export interface EvidenceEntry {
  readonly source: EvidenceSource;
  /** What it said, in one word or the gateway's status word. */
  readonly what: string;
  readonly orderId: OrderId | null;
  readonly stage: string | null;
  readonly serialNumber: string | null;
  /** True when it contradicts what was known. */
  readonly contradicts: boolean;
  readonly atMs: number;
  readonly lastAtMs: number;
  readonly times: number;
  /** The network address that details were entered from, where it is known. Personal data: for operators alone. */
  readonly enteredFrom?: string;
  /** Who did it and why, for an operator's act. */
  readonly operator?: { readonly id: string; readonly actor: string; readonly reason: string };
  /** The rule of the policies that it is about. */
  readonly rule?: string;
  /** What a hook said about it. */
  readonly reason?: string;
}

/** A final status a valid callback claims, not yet confirmed by an order status. */
export interface Claim {
  readonly status: FinalStatus;
  readonly reason: Reason | null;
  readonly atMs: number;
  /** False until the order status was asked because of it; a reachable gateway that says "not final yet" is `reached`. */
  readonly asked: boolean;
  readonly reached: boolean;
}
