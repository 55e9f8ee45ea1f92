import { tenantOf } from '../domain/tenants';
import type { Trouble } from '../temporal/call-failure';

/** Temporal did not answer, or cannot as it is set up: nothing is known to have happened, and nothing may be promised. */
export class TemporalUnavailable extends Error {
  override readonly name = 'TemporalUnavailable';
  readonly trouble: Trouble;
  constructor(trouble: Trouble = 'outage') {
    super(trouble);
    this.trouble = trouble;
  }
}

/** The payout exists, but what Temporal stores of it cannot be read: sealed with a key this process does not have, or not sealed at all. */
export class PayoutUnreadable extends Error {
  override readonly name = 'PayoutUnreadable';
  /** Whose payout it is, by what is stored of it unencrypted. */
  readonly tenant: string;
  constructor(
    message: string,
    { tenant, cause }: { readonly tenant?: string | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.tenant = tenantOf({ tenant });
  }
}
