import { BANK_ACCOUNT_FIELD_LENGTHS, type ReceiverDetails } from '../domain/payout-request';
import type { PollPlan } from '../domain/poll-plan';
import { DEFAULT_PAYOUT_TYPES } from '../gateway/statuses';
import type { BankCalendar } from '../schedule/banking-days';

/** A field an endpoint takes beyond the documented ones, as agreed with the gateway. */
export interface ExtraField {
  readonly name: string;
  readonly required: boolean;
  readonly maxLength: number;
}

/** Which of the two callback addresses of a payout are sent; some gateways know only one, or send one instead of the other. */
export const CALLBACK_FIELDS = ['both', 'server_callback_url', 'notify_url'] as const;
export type CallbackFields = (typeof CALLBACK_FIELDS)[number];

/** What a Receiver can be asked for. A card only where the endpoint says so: card numbers on our page widen its PCI DSS scope. */
export const COLLECT_METHODS = ['bank_account', 'card'] as const satisfies ReceiverDetails['destination']['type'][];
export type CollectMethod = (typeof COLLECT_METHODS)[number];

/** Lengths of fields that gateways differ in, in characters. */
export interface FieldLengths {
  readonly accountNumber: number;
  readonly bankCode: number;
}

/** One entry at the gateway. Its name is ours and part of the callback URL. */
export interface EndpointConfig {
  readonly name: string;
  readonly baseUrl: string;
  readonly target: { readonly kind: 'endpoint' | 'group'; readonly id: string };
  readonly login: string;
  readonly controlKey: string;
  /** Keys it had before: callbacks signed with them are still taken. */
  readonly olderControlKeys: readonly string[];
  readonly privateKeyPem: string;
  readonly statusApi: 'v2' | 'v4';
  readonly replyFormat: 'form' | 'json';
  /** The currencies it takes; null: every one. */
  readonly currencies: readonly string[] | null;
  readonly extraFields: readonly ExtraField[];
  readonly fieldLengths: FieldLengths;
  /** What a Receiver may enter, the first by default. */
  readonly collect: readonly CollectMethod[];
  /** Transaction types that are a payout here, in lower case; `none` means a report without a type. */
  readonly payoutTypes: readonly string[];
  readonly callbackFields: CallbackFields;
  /** Fields of a request that this endpoint requires, as paths such as `receiver.email`. */
  readonly requiredFields: readonly string[];
  /** Its own poll plan; null: that of the environment. */
  readonly pollPlan: PollPlan | null;
  /** The days on which it pays; null: every day. */
  readonly calendar: BankCalendar | null;
  /** Most calls per second of each worker; null: as many as there are. */
  readonly ratePerSecond: number | null;
  /** Hosts a Receiver may be sent to; null: every safe https URL. */
  readonly redirectHosts: readonly string[] | null;
}

const { accountNumber, bankCode } = BANK_ACCOUNT_FIELD_LENGTHS;

/** What an endpoint has unless its configuration says otherwise. */
export const ENDPOINT_DEFAULTS: Pick<
  EndpointConfig,
  'fieldLengths' | 'collect' | 'payoutTypes' | 'callbackFields' | 'calendar'
> = {
  fieldLengths: { accountNumber, bankCode },
  collect: ['bank_account'],
  payoutTypes: DEFAULT_PAYOUT_TYPES,
  callbackFields: 'both',
  calendar: null,
};

/** An entry names an endpoint or a group; that it names exactly one of them is checked by its reader. */
export function toTarget(endpointId: string | undefined, groupId: string | undefined): EndpointConfig['target'] {
  return groupId === undefined ? { kind: 'endpoint', id: endpointId ?? '' } : { kind: 'group', id: groupId };
}
