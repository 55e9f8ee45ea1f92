import fc from 'fast-check';
import { isFinalStatus } from '../../src/domain/order-report';
import { toOrderStatus, toReportSubject } from '../../src/gateway/statuses';

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

test('only what comes after a payout is a post-payout event', () => {
  expect(toReportSubject('Chargeback ')).toBe('post_payout_event');
  expect(['payout', 'transfer', 'sale', '', 'reversals'].map(toReportSubject)).toEqual(Array(5).fill('payout'));
});
