import type { AskedPayout, GateDecision } from '../../store/gates';
import type { PayoutInput } from '../../store/payouts';
import type { EndpointDirectory } from '../endpoints';
import type { Caller } from '../plugins/callers';
import type { FieldError } from '../plugins/errors';

/** A request that was checked, with what rules are about. */
export function toAskedPayout(
  { input, destinationHash }: { readonly input: PayoutInput; readonly destinationHash: string | null },
  { tenant, person }: Pick<Caller, 'tenant' | 'person'>,
  endpoints: Pick<EndpointDirectory, 'kindsOf'>,
): AskedPayout {
  const { request, endpoint, acceptedAtMs: atMs } = input;
  const { currency, amount } = request;
  const facts = { tenant, endpoint, currency, amount, destinationKinds: endpoints.kindsOf(input) };
  return { request, facts, destinationHash, requester: person, atMs };
}

/** What a rule has against a payout; null for nothing. */
export function denialOf(decision: GateDecision): FieldError | null {
  if (!decision.isDenied) return null;
  return { field: 'policy', expected: `no payout that rule ${decision.rule} denies: ${decision.reason}` };
}

/** The input with what has to happen first. */
export function withGate(input: PayoutInput, decision: GateDecision | null): PayoutInput {
  const gate = decision === null || decision.isDenied ? null : decision.gate;
  return gate === null ? input : { ...input, gate: { ...gate, ...input.gate } };
}
