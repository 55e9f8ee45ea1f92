import type { NotificationType } from '../domain/notification';

/** A system of the caller's that gets a notification when a payout changes. */
export interface SubscriberConfig {
  readonly name: string;
  /** Never logged: it may hold a token. */
  readonly url: string;
  /** `whsec_` and base64; the first signs, older ones sign beside it while they are replaced. */
  readonly secrets: readonly [string, ...string[]];
  readonly events: readonly NotificationType[];
  /** Null: all of them. */
  readonly endpoints: readonly string[] | null;
  readonly allowPrivateAddresses: boolean;
}

/** True if this subscriber gets the events of this endpoint. */
export function subscribesTo(subscriber: Pick<SubscriberConfig, 'endpoints'>, endpoint: string): boolean {
  return subscriber.endpoints === null || subscriber.endpoints.includes(endpoint);
}
