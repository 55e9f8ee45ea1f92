import type { PollPlan } from './domain/poll-plan';

/** A field an endpoint takes beyond the documented ones, as agreed with the gateway. */
export interface ExtraField {
  readonly name: string;
  readonly required: boolean;
  readonly maxLength: number;
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
  /** Fields of a request that this endpoint requires, as paths such as `receiver.email`. */
  readonly requiredFields: readonly string[];
  /** Its own poll plan; null: that of the environment. */
  readonly pollPlan: PollPlan | null;
  /** Most calls per second of each worker; null: as many as there are. */
  readonly ratePerSecond: number | null;
  /** Hosts a Receiver may be sent to; null: every safe https URL. */
  readonly redirectHosts: readonly string[] | null;
}
