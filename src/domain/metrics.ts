/** One metric as it is exposed. Labels are closed sets or configured names: never an id, an account or a caller's text. */
export interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly of: 'api' | 'worker';
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper bounds of a histogram, in seconds. */
  readonly buckets?: readonly number[];
}

/** What became of a callback. The first six are answered 200. */
export const CALLBACK_VERDICTS = [
  'taken',
  'repeated',
  'agrees',
  'late',
  'unmatched',
  'full',
  'too_many',
  'not_stored',
  'bad_control',
  'malformed',
  'unknown_endpoint',
  'turned_away',
] as const;
export type CallbackVerdict = (typeof CALLBACK_VERDICTS)[number];

/** What became of a call to a hook. */
export const HOOK_VERDICTS = ['allow', 'hold', 'deny', 'unusable', 'unanswered'] as const;
export type HookVerdict = (typeof HOOK_VERDICTS)[number];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From a quick gateway to the end of following. */
const LIFE = [1, 2, 5, 10, 20, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY, 14 * DAY];
const CALL = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60];

/** All of our metrics; a worker adds the Temporal SDK's. */
export const METRICS = {
  payouts: {
    kind: 'gauge',
    of: 'api',
    labels: ['state'],
    help: 'Payouts by state, as in lists. Closed ones as long as Temporal remembers them. The same from every API: use max',
  },
  attention_items: {
    kind: 'gauge',
    of: 'api',
    labels: ['attention', 'tenant'],
    help: 'What needs a person. At most a thousand of a kind. The same from every API: use max',
  },
  attention_oldest_seconds: {
    kind: 'gauge',
    of: 'api',
    labels: ['attention', 'tenant'],
    help: 'Age of the oldest of them. Since its payout was made or closed; 0 for none',
  },
  notifications: {
    kind: 'gauge',
    of: 'api',
    labels: ['state'],
    help: 'Notifications, pending or dead. The same from every API: use max',
  },
  counts_age_seconds: {
    kind: 'gauge',
    of: 'api',
    labels: [],
    help: 'Time since the four above were read. Since the process began when they were not',
  },
  limit_ratio: {
    kind: 'gauge',
    of: 'api',
    labels: ['tenant', 'rule', 'part'],
    help: 'Part of a limit per day or month that is `used` or `held`: 1 is its whole cap. The same from every API: use max',
  },
  api_keys_stale: {
    kind: 'gauge',
    of: 'api',
    labels: [],
    help: '1 while `API_KEYS_FILE` cannot be used. The previous keys stay',
  },
  api_key_expiry_seconds: {
    kind: 'gauge',
    of: 'api',
    labels: ['caller'],
    help: 'Time until a key of the caller expires. Only in the 14 days before',
  },
  callbacks_total: {
    kind: 'counter',
    of: 'api',
    labels: ['endpoint', 'verdict'],
    help: 'Callbacks by what became of them. Repeats too',
  },
  callback_late_seconds: {
    kind: 'histogram',
    of: 'api',
    labels: ['endpoint', 'settled_by'],
    buckets: LIFE,
    help: 'Delay of the first callback after another source settled and closed its payout. One repeated after a minute counts again',
  },
  temporal_calls_refused_total: {
    kind: 'counter',
    of: 'api',
    labels: ['trouble'],
    help: 'Calls of the API that Temporal did not serve. All tries are one',
  },
  gateway_call_seconds: {
    kind: 'histogram',
    of: 'worker',
    labels: ['endpoint', 'kind', 'outcome'],
    buckets: CALL,
    help: 'Calls to the gateway. Without the wait for their turn; each try of an activity is one',
  },
  gateway_sends_in_doubt_total: {
    kind: 'counter',
    of: 'worker',
    labels: ['endpoint'],
    help: 'Create calls whose outcome is unknown. A send that was lost with its worker is not among them',
  },
  gateway_breaker_open: {
    kind: 'gauge',
    of: 'worker',
    labels: ['endpoint'],
    help: '1 while this worker pauses sends to the endpoint',
  },
  gateway_clock_skew_seconds: {
    kind: 'gauge',
    of: 'worker',
    labels: ['endpoint'],
    help: 'Clock of the gateway minus that of the worker, by the last answer',
  },
  gateway_control_key_unproven: {
    kind: 'gauge',
    of: 'worker',
    labels: ['endpoint'],
    help: '1 when the check at start did not prove the control key right',
  },
  hook_verdicts_total: {
    kind: 'counter',
    of: 'worker',
    labels: ['rule', 'verdict'],
    help: 'Answers of the services that are asked before a send. `unanswered`: a call without one; each try counts',
  },
  payout_order_seconds: {
    kind: 'histogram',
    of: 'worker',
    labels: ['endpoint', 'tenant'],
    buckets: LIFE,
    help: 'From acceptance (or details) to a known order. A repeated workflow task or a reset counts again',
  },
  payout_final_seconds: {
    kind: 'histogram',
    of: 'worker',
    labels: ['endpoint', 'tenant', 'outcome', 'settled_by'],
    buckets: LIFE,
    help: 'From acceptance (or details) to the final state, and who settled it. A repeated workflow task or a reset counts again',
  },
  payout_agreement_seconds: {
    kind: 'histogram',
    of: 'worker',
    labels: ['endpoint', 'tenant', 'settled_by', 'source'],
    buckets: LIFE,
    help: 'Delay of each further source that agreed while the payout was open. A repeated workflow task or a reset counts again',
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;
