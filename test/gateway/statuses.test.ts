import fc from 'fast-check';
import { isFinalStatus } from '../../src/domain/order-report';
import { DEFAULT_PAYOUT_TYPES, isPayoutType, toOrderStatus, toReportSubject } from '../../src/gateway/statuses';

const LISTED = ['approved', 'declined', 'filtered', 'error', 'processing', 'unknown'];

test('listed words are themselves, an empty word is in work', () => {
  expect(LISTED.map(toOrderStatus)).toEqual(LISTED);
  expect(toOrderStatus('')).toBe('processing');
});

test('variants of listed words are unlisted, and so never final', () => {
  const variants = LISTED.flatMap((word) => [
    word.toUpperCase(),
    `${word[0]?.toUpperCase()}${word.slice(1)}`,
    ` ${word}`,
    `${word} `,
    `${word}\n`,
    `${word}\0`,
    `${word}d`,
    word.slice(1),
    word.replace('e', 'е'),
  ]).filter((word) => !LISTED.includes(word));
  expect(variants).toHaveLength(53);
  expect(variants.filter((word) => toOrderStatus(word) !== 'unlisted')).toEqual([]);
});

test('no other word is final', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('pending', 'success', 'constructor', '__proto__', 'unlisted')),
      (word) => {
        fc.pre(!LISTED.includes(word));
        expect(isFinalStatus(toOrderStatus(word))).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});

test('only a type that the endpoint lists is a payout; what comes after one is an event, listed or not', () => {
  const subjects = (types: readonly string[], listed: readonly string[]) =>
    types.map((type) => toReportSubject(type, listed));
  expect(subjects(['payout', 'Payout ', ''], DEFAULT_PAYOUT_TYPES)).toEqual(Array(3).fill('payout'));
  expect(subjects(['sale', 'transfer', 'payouts', 'reversals', 'none of it'], DEFAULT_PAYOUT_TYPES)).toEqual(
    Array(5).fill('other_transaction'),
  );
  expect(subjects(['Chargeback ', 'reversal'], ['payout', 'reversal'])).toEqual(Array(2).fill('post_payout_event'));
  expect(subjects(['payout', '', 'deposit2card'], ['deposit2card'])).toEqual([
    'other_transaction',
    'other_transaction',
    'payout',
  ]);
});

test('an endpoint may list words, but no event after a payout', () => {
  expect(['payout', 'none', 'deposit2card', 'account_verification'].map(isPayoutType)).toEqual(Array(4).fill(true));
  expect(['reversal', 'chargeback', '', 'Payout', 'a b', 'a'.repeat(65)].map(isPayoutType)).toEqual(
    Array(6).fill(false),
  );
});
