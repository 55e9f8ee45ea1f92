/**
 * Why a person should look. The first group passes by itself when the gateway answers well again, or approvals come; the second stays until an
 * operator settles it; the third marks a final payout about which something else was reported later.
 */
export const PASSING_ATTENTIONS = [
  'gateway_unreachable',
  'gateway_unreadable',
  'gateway_forbids',
  'endpoint_paused',
  'endpoint_not_served',
  'limit_reached',
  'hook_held',
  'hook_unanswered',
  'unlisted_status',
  'order_not_found',
  'redirect_unusable',
  'approval_blocked',
  'act_awaits_approval',
] as const;
export const LASTING_ATTENTIONS = [
  'outcome_unknown',
  'deadline_passed',
  'conflict',
  'amount_mismatch',
  'order_id_mismatch',
  'other_transaction',
  'post_payout_event',
  'never_confirmed',
  'not_followed',
  'ended_in_error',
  'adopted_unseen',
] as const;
/** Lasting ones that mean a missing answer: an answer ends them. */
export const SILENT_ATTENTIONS = ['outcome_unknown', 'deadline_passed'] as const;
export type AttentionReason = (typeof PASSING_ATTENTIONS)[number] | (typeof LASTING_ATTENTIONS)[number];
