import type { NotificationType } from '../domain/notification';
import { tenantOf } from '../domain/tenants';

/** A system of the caller's that gets a notification when a payout changes. */
export interface SubscriberConfig {
  readonly name: string;
  /** Whose payouts it gets events of. */
  readonly tenant: string;
  /** Never logged: it may hold a token. */
  readonly url: string;
  /** `whsec_` and base64; the first signs, older ones sign beside it while they are replaced. */
  readonly secrets: readonly [string, ...string[]];
  readonly events: readonly NotificationType[];
  /** Null: all of them. */
  readonly endpoints: readonly string[] | null;
  readonly allowPrivateAddresses: boolean;
}

/** True if this subscriber gets the events of this payout. */
export function subscribesTo(
  { endpoints, tenant }: Pick<SubscriberConfig, 'endpoints' | 'tenant'>,
  payout: { readonly endpoint: string; readonly tenant?: string | undefined },
): boolean {
  return tenant === tenantOf(payout) && (endpoints === null || endpoints.includes(payout.endpoint));
}
