/** The search attributes a namespace must know before a payout starts: name and Temporal type. Never encrypted, so never personal. */
export const SEARCH_ATTRIBUTES = [
  ['PayoutState', 'Keyword'],
  ['PayoutOutcome', 'Keyword'],
  ['PayoutAttention', 'Keyword'],
  ['PayoutEndpoint', 'Keyword'],
  ['PayoutCurrency', 'Keyword'],
  ['GatewayOrderId', 'Keyword'],
  ['PayoutBatch', 'Keyword'],
  ['DestinationHash', 'Keyword'],
  ['AmountMinor', 'Int'],
  ['NextDeadline', 'Datetime'],
] as const;

/** Longest time Temporal remembers a closed payout's id: below the gateway's 14 days of callbacks a repeat could pay again. */
export const RETENTION_DAYS = 90;
