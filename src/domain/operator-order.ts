/** What a person may find out about a payout that no machine may decide; `processing` hands it back to the machine. */
export const RESOLUTIONS = ['approved', 'declined', 'error', 'processing'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** Everything an operator can do with a payout. */
export const ACTIONS = ['check', 'cancel', 'resend', 'resolve'] as const;
export type OperatorAction = (typeof ACTIONS)[number];

/** An operator's act on one payout. JSON-safe. `id` makes it one act however often it is sent. */
export type OperatorOrder = {
  readonly id: string;
  readonly actor: string;
  readonly reason: string;
} & (
  | { readonly action: 'check' | 'cancel' | 'resend' }
  | { readonly action: 'resolve'; readonly resolution: Resolution }
);
