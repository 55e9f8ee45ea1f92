import type { PlantedBug } from './planted-bug';

/** Bugs that show account data or secrets to somebody. */
export const SECRECY_BUGS: readonly PlantedBug[] = [
  {
    id: 'destination-unmasked',
    promise: 'never leak account data',
    rule: 'Of an account or card number only the masked tail is shown.',
    planted: 'the whole number',
    file: 'src/domain/payout-request.ts',
    find: 'return number.length >= 8 ?',
    replace: 'if (number.length >= 8) return number;\n  return number.length >= 8 ?',
    tests: ['test/domain/payout-request.test.ts', 'test/domain/payout.test.ts'],
  },
  {
    id: 'account-in-reason',
    promise: 'never leak account data',
    rule: 'Account numbers in a text of the gateway are blacked out.',
    planted: 'IBANs stay in it',
    file: 'src/gateway/report.ts',
    find: ".replaceAll(PRINTED_IBAN, '••••')",
    replace: '',
    tests: ['test/gateway/report.test.ts'],
  },
  {
    id: 'differing-values-told',
    promise: 'never leak account data',
    rule: 'A 409 names the fields that differ, never their values.',
    planted: 'it tells the new values',
    file: 'src/api/payouts/repeats.ts',
    find: "expected: 'the value of the existing payout' }));",
    replace: 'expected: JSON.stringify(existing.input.request) }));',
    tests: ['test/api/payouts/payouts-routes.test.ts'],
  },
  {
    id: 'account-searchable',
    promise: 'never leak account data',
    rule: 'Search attributes, which stand in clear, hold a keyed hash of the destination.',
    planted: 'they hold the number',
    file: 'src/store/payouts.ts',
    find: 'value: destinationHash }',
    replace: "value: Object.values(request.destination ?? {})[1] ?? '' }",
    tests: ['test/e2e/leaks.test.ts'],
  },
];
