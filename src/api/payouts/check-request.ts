import type { AskedRequest } from '../../domain/payout-request';
import { destinationHash, fingerprintOf } from '../../store/fingerprint';
import type { AskedPayout } from '../../store/gates';
import type { PayoutInput, StartOptions } from '../../store/payouts';
import type { EndpointDirectory } from '../endpoints';
import type { Caller } from '../plugins/callers';
import type { FieldError } from '../plugins/errors';
import { findBrokenRules } from './payout-fields';

/** A request that can be started, unless errors name fields. `timeErrors` are none for the repeat of an existing payout. */
export interface CheckedRequest {
  readonly input: PayoutInput;
  readonly options: StartOptions;
  readonly errors: readonly FieldError[];
  readonly timeErrors: readonly FieldError[];
}

/**
 * The rules for a request beyond those of its body, for single requests and for rows of a batch alike.
 * @throws Problem invalid_request when no endpoint can pay it
 */
export function checkRequest(
  order: AskedRequest,
  deps: {
    readonly endpoints: EndpointDirectory;
    readonly hashKey: string;
    readonly caller: Pick<Caller, 'name' | 'tenant' | 'endpoints'>;
    readonly atMs: number;
  },
): CheckedRequest {
  const { endpoints, hashKey, caller, atMs } = deps;
  const { destination } = order;
  const { input, fieldErrors, timeErrors } = endpoints.prepare(order, { caller, atMs });
  const broken = findBrokenRules(order, atMs).map(({ field, expected }) => ({ field, expected }));
  return {
    input,
    options: {
      ...{ fingerprint: fingerprintOf(order, hashKey), madeBy: caller.name },
      destinationHash: destination === undefined ? null : destinationHash(destination, hashKey),
    },
    errors: [...broken, ...fieldErrors],
    timeErrors,
  };
}

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
