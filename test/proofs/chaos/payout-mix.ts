import { type Random, shuffle } from '../../support/random';

/** What the gateway's stand-in does with a payout: the digits its account number ends with, and its share of a hundred payouts. */
interface MixEntry {
  readonly scenario: string;
  readonly digits: string;
  readonly share: number;
}

/** Orders that are created but whose creation is not answered: a share of their own, the fault that matters most. */
export const UNANSWERED: readonly MixEntry[] = [
  { scenario: 'accepts_never_answers', digits: '504', share: 3 },
  { scenario: 'resets_after_accepting', digits: '506', share: 2 },
];

const FAULTS: readonly MixEntry[] = [
  { scenario: 'resets_before_accepting', digits: '505', share: 1 },
  { scenario: 'http_500', digits: '500', share: 2 },
  { scenario: 'http_500_before', digits: '501', share: 1 },
  { scenario: 'late_acceptance', digits: '714', share: 1 },
  { scenario: 'wrong_ids', digits: '716', share: 1 },
  { scenario: 'half_body', digits: '717', share: 1 },
  { scenario: 'garbage_body', digits: '718', share: 1 },
  { scenario: 'callback_before_reply', digits: '703', share: 4 },
  { scenario: 'callback_twice', digits: '701', share: 5 },
  { scenario: 'callback_only', digits: '710', share: 1 },
  { scenario: 'callback_disagrees', digits: '711', share: 1 },
  { scenario: 'callback_wrong_control', digits: '704', share: 5 },
  { scenario: 'no_callback', digits: '700', share: 6 },
  { scenario: 'other_amount', digits: '712', share: 1 },
  { scenario: 'unknown_then_approved', digits: '218', share: 2 },
  { scenario: 'unknown_then_declined', digits: '219', share: 2 },
  { scenario: 'reversal_after_approval', digits: '715', share: 1 },
];

const ORDINARY: readonly MixEntry[] = [
  { scenario: 'approved', digits: '000', share: 36 },
  { scenario: 'declined', digits: '116', share: 12 },
  { scenario: 'filtered', digits: '600', share: 3 },
  { scenario: 'error', digits: '601', share: 2 },
  { scenario: 'slow', digits: '610', share: 4 },
  { scenario: 'refuses', digits: '400', share: 1 },
  { scenario: 'refuses_error', digits: '401', share: 1 },
];

/** Every scenario of the gateway that the run plays. */
export const MIX: readonly MixEntry[] = [...UNANSWERED, ...FAULTS, ...ORDINARY];

/** The fewest payouts that hold every scenario once and ordinary ones besides. */
export const LEAST_PAYOUTS = 40;

/**
 * So many scenarios in the shares of the mix, in an order of chance: each at least once, creations without an answer at least 5 in a
 * hundred, and the first ordinary one, approved, makes up the number.
 *
 * @throws RangeError below LEAST_PAYOUTS
 */
export function dealScenarios(random: Random, payouts: number): MixEntry[] {
  if (payouts < LEAST_PAYOUTS) throw new RangeError(`at least ${LEAST_PAYOUTS} payouts`);
  const approved = MIX.filter((entry) => entry.scenario === 'approved');
  const dealt = MIX.filter((entry) => entry.scenario !== 'approved').flatMap((entry) => {
    const exact = (entry.share * payouts) / 100;
    const count = Math.max(1, UNANSWERED.includes(entry) ? Math.ceil(exact) : Math.floor(exact));
    return Array.from({ length: count }, () => entry);
  });
  const rest = approved.flatMap((entry) => Array.from({ length: payouts - dealt.length }, () => entry));
  return shuffle(random, [...dealt, ...rest]);
}
