import { define, type Scenario } from './scenario';

const APPROVED = define({
  name: 'approved',
  digits: '000',
  description: 'Accepted, processed, approved, one callback. Also for numbers not listed.',
  expected: 'approved',
});

/** The one table of scenarios: behaviour, documentation and the digits that choose them. */
export const SCENARIOS: readonly Scenario[] = [
  APPROVED,
  define({
    name: 'declined',
    digits: '116 101 119 209',
    description: 'Declined with the error code of the digits.',
    expected: 'declined',
    steps: [{ status: 'declined', after: 'processingMs' }],
  }),
  define({
    name: 'filtered',
    digits: '600',
    description: 'Refused by fraud control.',
    expected: 'filtered',
    steps: [{ status: 'filtered', after: 'processingMs' }],
  }),
  define({
    name: 'error',
    digits: '601',
    description: 'Ends with status error.',
    expected: 'error',
    steps: [{ status: 'error', after: 'processingMs' }],
  }),
  define({
    name: 'slow',
    digits: '610',
    description: 'Approved, but only after slowMs.',
    expected: 'approved',
    steps: [{ status: 'approved', after: 'slowMs' }],
  }),
  define({
    name: 'stays_processing',
    digits: '611',
    description: 'Stays processing, no callback.',
    expected: 'processing; needs_review at the horizon',
    steps: [],
  }),
  define({
    name: 'needs_receiver',
    digits: '321',
    description: 'The Receiver must submit a form; submitting approves, refusing or waiting declines.',
    expected: 'awaiting_receiver, then approved (declined when refused or late)',
    asksReceiver: true,
    steps: [],
  }),
  define({
    name: 'refuses',
    digits: '400',
    description: 'Create answers validation-error; nothing is created.',
    expected: 'rejected',
    creation: 'never',
    answer: 'validation_error',
  }),
  define({
    name: 'refuses_error',
    digits: '401',
    description: 'Create answers type=error without an order id; nothing is created.',
    expected: 'rejected',
    creation: 'never',
    answer: 'error',
  }),
  define({
    name: 'forbidden',
    digits: '403',
    description: 'Create answers HTTP 403; nothing is created.',
    expected: 'not sent, with an alert: never approved',
    creation: 'never',
    answer: 'forbidden',
  }),
  define({
    name: 'accepts_never_answers',
    digits: '504',
    description: 'The order is created, no reply; the socket closes after hangMs.',
    expected: 'approved, by the callback or after unconfirmed',
    answer: 'hang',
  }),
  define({
    name: 'resets_after_accepting',
    digits: '506',
    description: 'The order is created, then the connection is reset.',
    expected: 'unconfirmed, then approved',
    answer: 'reset',
  }),
  define({
    name: 'resets_before_accepting',
    digits: '505',
    description: 'The connection is reset; nothing is created.',
    expected: 'unconfirmed, then needs_review',
    creation: 'never',
    answer: 'reset',
  }),
  define({
    name: 'http_500',
    digits: '500',
    description: 'The order is created, the reply is HTTP 500.',
    expected: 'unconfirmed, then approved',
    answer: 'http_500',
  }),
  define({
    name: 'http_500_before',
    digits: '501',
    description: 'The reply is HTTP 500; nothing is created.',
    expected: 'unconfirmed, then needs_review',
    creation: 'never',
    answer: 'http_500',
  }),
  define({
    name: 'callback_before_reply',
    digits: '703',
    description: 'The final callback comes before the reply to create.',
    expected: 'approved',
    answer: 'after_callback',
    steps: [{ status: 'approved', after: 'at_once' }],
  }),
  define({
    name: 'callback_twice',
    digits: '701',
    description: 'The same final callback is delivered twice, also after a 200.',
    expected: 'approved',
    callbacks: ['right', 'right'],
  }),
  define({
    name: 'callback_only',
    digits: '710',
    description: 'Status requests for the order always answer HTTP 500; the callback says approved.',
    expected: 'approved, unconfirmed by any status',
    statusRequests: 'http_500',
  }),
  define({
    name: 'no_callback',
    digits: '700',
    description: 'Approved, but no callback is ever sent.',
    expected: 'approved',
    callbacks: [],
  }),
  define({
    name: 'callback_disagrees',
    digits: '711',
    description: 'The callback says approved, the status says declined.',
    expected: 'needs_review, or declined with a recorded conflict; never approved',
    steps: [{ status: 'declined', after: 'processingMs' }],
    callbackStatus: 'approved',
  }),
  define({
    name: 'other_amount',
    digits: '712',
    description: 'Approved with another amount in status and callback.',
    expected: 'needs_review',
    otherAmount: true,
  }),
  define({
    name: 'unknown_status_word',
    digits: '713',
    description: 'The status stays on_hold, an unlisted word; no callback.',
    expected: 'processing with an alert; needs_review at the horizon',
    steps: [{ status: 'on_hold', after: 'processingMs' }],
    callbacks: [],
  }),
  define({
    name: 'late_acceptance',
    digits: '714',
    description:
      'Create is reset; the order appears only after lateMs (not found before), then approved and a callback.',
    expected: 'unconfirmed, then approved',
    creation: 'late',
    answer: 'reset',
  }),
  define({
    name: 'reversal_after_approval',
    digits: '715',
    description: 'Approved with a callback; after reversalDelayMs a callback of type reversal to notify_url.',
    expected: 'approved, the reversal recorded as a later event',
    reverses: true,
  }),
  define({
    name: 'unknown',
    digits: '217',
    description: 'The status stays unknown, with a callback that says so.',
    expected: 'processing; needs_review at the horizon',
    steps: [{ status: 'unknown', after: 'processingMs' }],
  }),
  define({
    name: 'unknown_then_approved',
    digits: '218',
    description: 'Unknown, then approved after unknownMs, a callback for each.',
    expected: 'approved',
    steps: [
      { status: 'unknown', after: 'processingMs' },
      { status: 'approved', after: 'unknownMs' },
    ],
  }),
  define({
    name: 'unknown_then_declined',
    digits: '219',
    description: 'Unknown, then declined after unknownMs, a callback for each.',
    expected: 'declined',
    steps: [
      { status: 'unknown', after: 'processingMs' },
      { status: 'declined', after: 'unknownMs' },
    ],
  }),
  define({
    name: 'wrong_ids',
    digits: '716',
    description: 'The reply to create names other ids; the real order is approved.',
    expected: 'unconfirmed, then approved under the real order id',
    answer: 'wrong_ids',
  }),
  define({
    name: 'half_body',
    digits: '717',
    description: 'The order is created; the reply stops half-way through its Content-Length.',
    expected: 'unconfirmed, then approved',
    answer: 'half_body',
  }),
  define({
    name: 'garbage_body',
    digits: '718',
    description: 'The order is created; the reply is an HTML page.',
    expected: 'unconfirmed, then approved',
    answer: 'garbage_body',
  }),
  define({
    name: 'redirect',
    digits: '719',
    description: 'Create answers 302 to a path that counts its hits; nothing is created.',
    expected: 'unconfirmed, then needs_review; the redirect is never followed',
    creation: 'never',
    answer: 'redirect',
  }),
  define({
    name: 'callback_wrong_control',
    digits: '704',
    description: 'A callback with a wrong control comes before the right one.',
    expected: 'approved',
    callbacks: ['wrong_control', 'right'],
  }),
];

const BY_NAME = new Map(SCENARIOS.map((scenario) => [scenario.name, scenario]));
const BY_DIGITS = new Map(SCENARIOS.flatMap((scenario) => scenario.digits.map((digits) => [digits, scenario])));

/** A scenario by its name in the table. */
export function findScenario(name: string): Scenario | undefined {
  return BY_NAME.get(name);
}

/** The scenario that the last three digits choose; unmatched numbers are approved. */
export function scenarioOfDigits(digits: string): Scenario {
  return BY_DIGITS.get(digits) ?? APPROVED;
}
