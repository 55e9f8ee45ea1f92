import type { Settings } from './settings';

/** When a create call makes an order: at once, `lateMs` afterwards, or not at all. */
export type Creation = 'now' | 'late' | 'never';

/** What the caller of create sees. */
export type CreateAnswer =
  | 'async_response'
  | 'validation_error'
  | 'error'
  | 'forbidden'
  | 'hang'
  | 'reset'
  | 'http_500'
  | 'after_callback'
  | 'wrong_ids'
  | 'half_body'
  | 'garbage_body'
  | 'redirect';

export type CallbackVariant = 'right' | 'wrong_control';

type DurationName = Exclude<
  { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings],
  'callbackGapFactor' | 'callbackTries'
>;

/** A status the order takes by itself, so long after the status (or the acceptance) before it. */
export interface StatusStep {
  readonly status: string;
  readonly after: DurationName | 'at_once';
}

/** One misbehaviour (or none) of the gateway. */
export interface Scenario {
  readonly name: string;
  /** Last three digits of the account or card number that choose it. */
  readonly digits: readonly string[];
  readonly description: string;
  /** Where the payout ends in the product, in words. */
  readonly expected: string;
  readonly creation: Creation;
  readonly answer: CreateAnswer;
  readonly asksReceiver: boolean;
  readonly steps: readonly StatusStep[];
  /** The callbacks sent for each reported status, one after the other. */
  readonly callbacks: readonly CallbackVariant[];
  /** What callbacks say instead of the status, or null. */
  readonly callbackStatus: string | null;
  readonly statusRequests: 'answered' | 'http_500';
  readonly otherAmount: boolean;
  readonly reverses: boolean;
}

const APPROVES: StatusStep = { status: 'approved', after: 'processingMs' };

/** A row of the table; `digits` are separated by spaces. */
type Row = Pick<Scenario, 'name' | 'description' | 'expected'> & { digits: string } & Partial<Omit<Scenario, 'digits'>>;

/** A scenario from what makes it differ: by default an order is created, answered, approved and called back once. */
export function define({ digits, ...row }: Row): Scenario {
  return {
    creation: 'now',
    answer: 'async_response',
    asksReceiver: false,
    steps: row.creation === 'never' ? [] : [APPROVES],
    callbacks: ['right'],
    callbackStatus: null,
    statusRequests: 'answered',
    otherAmount: false,
    reverses: false,
    ...row,
    digits: digits.split(' '),
  };
}
