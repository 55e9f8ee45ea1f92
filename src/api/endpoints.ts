import type { EndpointConfig } from '../config';
import type { PayoutRequest } from '../domain/payout-request';
import type { PayoutPolicy } from '../domain/poll-plan';
import type { PayoutInput } from '../workflows/messages';
import type { FieldError } from './errors';

/** The endpoints this process knows: which one pays a request, and with which keys a callback is checked. */
export interface EndpointDirectory {
  /** The workflow's input for a request, and what its endpoint finds wrong with it. */
  prepare(request: PayoutRequest, atMs: number): { input: PayoutInput; fieldErrors: readonly FieldError[] };
  /** The control keys of an endpoint, or null for a name nobody knows. */
  controlKeysOf(name: string): readonly string[] | null;
}

export function createEndpointDirectory(options: {
  readonly endpoints: readonly EndpointConfig[];
  readonly policy: PayoutPolicy;
  readonly publicBaseUrl: string;
}): EndpointDirectory {
  const byName = new Map(options.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const [standard] = options.endpoints;
  if (standard === undefined) throw new RangeError('endpoints: expected at least one');
  return {
    prepare(request, atMs) {
      const input: PayoutInput = {
        request,
        endpoint: standard.name,
        acceptedAtMs: atMs,
        policy: options.policy,
        callbackUrl: `${options.publicBaseUrl}/callbacks/${standard.name}`,
        redirectUrl: `${options.publicBaseUrl}/r/return`,
      };
      return { input, fieldErrors: checkExtraFields(request, standard) };
    },
    controlKeysOf(name) {
      const endpoint = byName.get(name);
      return endpoint === undefined ? null : [endpoint.controlKey];
    },
  };
}

function checkExtraFields(request: PayoutRequest, endpoint: EndpointConfig): FieldError[] {
  const errors: FieldError[] = [];
  const allowed = new Map(endpoint.extraFields.map((field) => [field.name, field]));
  for (const [name, value] of Object.entries(request.extraFields)) {
    const field = allowed.get(name);
    if (field === undefined) errors.push({ field: `extraFields.${name}`, expected: 'a field this endpoint takes' });
    else if ([...value].length > field.maxLength) {
      errors.push({ field: `extraFields.${name}`, expected: `at most ${field.maxLength} characters` });
    }
  }
  for (const field of endpoint.extraFields) {
    if (field.required && request.extraFields[field.name] === undefined) {
      errors.push({ field: `extraFields.${field.name}`, expected: 'a value: this endpoint requires it' });
    }
  }
  return errors;
}
