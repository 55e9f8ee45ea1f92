import { ENDPOINT_DEFAULTS, type EndpointConfig } from '../config/endpoint';
import { type SubscriberConfig, subscribesTo } from '../config/subscriber';
import { openPayout } from '../domain/payout';
import type { AskedRequest, Destination } from '../domain/payout-request';
import type { PayoutPolicy } from '../domain/poll-plan';
import { storedTenant } from '../domain/tenants';
import { type BankingDays, createBankingDays } from '../schedule/banking-days';
import { type AskedTime, type Due, scheduleFor } from '../schedule/local-time';
import type { PayoutInput } from '../store/payouts';
import type { Caller } from './plugins/callers';
import { type FieldError, Problem } from './plugins/errors';
import { type FormRules, methodsOf } from './receiver/receiver-form';
import { createReceiverLinks } from './receiver/receiver-links';

/** The endpoints of this process: which one pays a request, and with which keys a callback is checked. */
export interface EndpointDirectory {
  /**
   * The workflow's input for a request of a caller, and what its endpoint finds wrong with it. The endpoint is the one that the request
   * names, else the first that the caller may use and that takes the currency.
   * @throws Problem invalid_request when there is no such endpoint
   */
  prepare(
    request: AskedRequest,
    by: { readonly caller: Pick<Caller, 'tenant' | 'endpoints'>; readonly atMs: number },
  ): Prepared;
  /** When an endpoint sends what is asked for at this time, and what is wrong with that. */
  schedule(name: string, asked: AskedTime, nowMs: number): Due;
  /** What a destination may be: that of a request, or what its Receiver may enter. */
  kindsOf(input: PayoutInput): readonly Destination['type'][];
  /** What an endpoint wants of a Receiver's form; the defaults for an unknown name. */
  formRulesOf(name: string): FormRules;
  /** The control keys of an endpoint, older ones included, or null for an unknown name. */
  controlKeysOf(name: string): readonly string[] | null;
  /** The transaction types that are a payout at an endpoint. */
  payoutTypesOf(name: string): readonly string[];
}

export interface Prepared {
  readonly input: PayoutInput;
  readonly fieldErrors: readonly FieldError[];
  /** What is wrong with a new payout, and not with the repeat of one: its time may have passed since. */
  readonly timeErrors: readonly FieldError[];
}

export function createEndpointDirectory(options: {
  readonly endpoints: readonly EndpointConfig[];
  readonly policy: PayoutPolicy;
  readonly publicBaseUrl: string;
  readonly receiverLinkKeys: readonly string[];
  readonly subscribers?: readonly Pick<SubscriberConfig, 'endpoints' | 'tenant'>[];
}): EndpointDirectory {
  const byName = new Map(options.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const days = new Map(
    options.endpoints.flatMap(({ name, calendar }) =>
      calendar === null ? [] : [[name, createBankingDays(calendar)] as const],
    ),
  );
  const links = createReceiverLinks(options);
  if (options.endpoints.length === 0) throw new RangeError('endpoints: expected at least one');

  function choose(request: AskedRequest, allowed: Caller['endpoints']): EndpointConfig {
    const { currency } = request;
    const isAllowed = ({ name }: EndpointConfig) => allowed?.includes(name) ?? true;
    if (request.endpoint === undefined) {
      const endpoint = options.endpoints.find((candidate) => isAllowed(candidate) && takes(candidate, currency));
      return endpoint ?? refuse({ field: 'currency', expected: 'a currency that an endpoint accepts' });
    }
    const endpoint = byName.get(request.endpoint);
    if (endpoint === undefined || !isAllowed(endpoint)) {
      const expected = allowed === null ? 'the name of a configured endpoint' : 'an endpoint that this key may use';
      return refuse({ field: 'endpoint', expected });
    }
    if (takes(endpoint, currency)) return endpoint;
    return refuse({ field: 'currency', expected: 'a currency that the named endpoint accepts' });
  }

  /** Rows of a batch ask the same again and again, and a calendar computes longer than all that is checked of a row. */
  const lately = new Map<BankingDays | null, { readonly what: string; readonly due: Due }>();
  function schedule(name: string, asked: AskedTime, nowMs: number): Due {
    const of = days.get(name) ?? null;
    const what = JSON.stringify([asked.executeAt, asked.timeZone, nowMs]);
    const known = lately.get(of);
    if (known?.what === what) return known.due;
    const due = scheduleFor(asked, { days: of, nowMs });
    lately.set(of, { what, due });
    return due;
  }

  return {
    schedule,
    prepare(request, { caller, atMs }) {
      const endpoint = choose(request, caller.endpoints);
      const { schedule: due, errors: timeErrors } = schedule(endpoint.name, request, atMs);
      const owner = storedTenant(caller.tenant);
      const isNotified = (options.subscribers ?? []).some((each) =>
        subscribesTo(each, { endpoint: endpoint.name, ...owner }),
      );
      const input: PayoutInput = {
        request,
        endpoint: endpoint.name,
        ...owner,
        acceptedAtMs: atMs,
        policy: endpoint.pollPlan === null ? options.policy : { ...options.policy, pollPlan: endpoint.pollPlan },
        callbackUrl: `${options.publicBaseUrl}/callbacks/${endpoint.name}`,
        redirectUrl: links.returnOf(openPayout(request, { endpoint: endpoint.name, atMs })),
        ...(isNotified ? { notify: true } : {}),
        ...(due === null ? {} : { gate: { schedule: due } }),
      };
      return {
        ...{ input, timeErrors },
        fieldErrors: [
          ...checkCollecting(request, endpoint),
          ...checkRequiredFields(request, endpoint),
          ...checkFieldLengths(request, endpoint),
          ...checkExtraFields(request, endpoint),
        ],
      };
    },
    kindsOf: ({ request: { destination }, endpoint }) =>
      destination === undefined ? (byName.get(endpoint)?.collect ?? []) : [destination.type],
    formRulesOf: (name) => byName.get(name) ?? { ...ENDPOINT_DEFAULTS, requiredFields: [] },
    payoutTypesOf: (name) => byName.get(name)?.payoutTypes ?? [],
    controlKeysOf(name) {
      const endpoint = byName.get(name);
      return endpoint === undefined ? null : [endpoint.controlKey, ...endpoint.olderControlKeys];
    },
  };
}

function takes(endpoint: EndpointConfig, currency: string): boolean {
  return endpoint.currencies === null || endpoint.currencies.includes(currency);
}

function refuse(error: FieldError): never {
  throw new Problem('invalid_request', [error]);
}

function checkRequiredFields(request: AskedRequest, endpoint: EndpointConfig): FieldError[] {
  return endpoint.requiredFields
    .filter((field) => request.destination !== undefined || !isForReceiver(field))
    .filter((field) => readField(request, field.split('.')) === undefined)
    .map((field) => ({ field, expected: 'a value: this endpoint requires it' }));
}

function checkFieldLengths({ destination }: AskedRequest, { fieldLengths }: EndpointConfig): FieldError[] {
  if (destination?.type !== 'bank_account') return [];
  return (['accountNumber', 'bankCode'] as const)
    .filter((field) => [...(destination[field] ?? '')].length > fieldLengths[field])
    .map((field) => ({
      field: `destination.${field}`,
      expected: `at most ${fieldLengths[field]} characters, the limit of this endpoint`,
    }));
}

/** An endpoint may require what none of the ways has in which its Receivers may be paid. */
function checkCollecting(request: AskedRequest, endpoint: EndpointConfig): FieldError[] {
  if (request.destination !== undefined || methodsOf(endpoint).length > 0) return [];
  return [
    {
      field: 'collect',
      expected: 'an endpoint whose required fields all belong to something that a Receiver may enter there',
    },
  ];
}

/** True for a field that a Receiver who is asked for it can fill in. */
function isForReceiver(field: string): boolean {
  return field.startsWith('destination.') || field.startsWith('receiver.');
}

function readField(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  return typeof value === 'object' && value !== null ? readField(Reflect.get(value, name), rest) : undefined;
}

function checkExtraFields(request: AskedRequest, endpoint: EndpointConfig): FieldError[] {
  const errors: FieldError[] = [];
  const allowed = new Map(endpoint.extraFields.map((field) => [field.name, field]));
  for (const [name, value] of Object.entries(request.extraFields)) {
    const field = allowed.get(name);
    if (field === undefined)
      errors.push({ field: `extraFields.${name}`, expected: 'a field that this endpoint accepts' });
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
