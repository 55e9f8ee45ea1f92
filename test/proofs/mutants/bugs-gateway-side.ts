import type { PlantedBug } from './planted-bug';

/** Bugs that let requests, keys or account data go where they must not. */
export const GATEWAY_SIDE_BUGS: readonly PlantedBug[] = [
  {
    id: 'key-believed',
    promise: 'never pay twice',
    rule: 'A control key is proven by what the gateway answers to wrong ones, or not at all.',
    planted: 'a text that differs each time counts as proof',
    file: 'src/gateway/key-check.ts',
    find: 'return wrong === wrongToo && ours !== wrong;',
    replace: 'return wrong !== wrongToo || ours !== wrong;',
    tests: ['test/gateway/key-check.test.ts'],
  },
  {
    id: 'account-forgotten-early',
    promise: 'never lose a payout',
    rule: 'The account is kept while an operator may have the payout sent again.',
    planted: 'a payout in review has lost it',
    file: 'src/domain/payout.ts',
    find: 'return payout.orderId === null && !isFinalState(payout.state);',
    replace: "return payout.orderId === null && !isFinalState(payout.state) && payout.state !== 'needs_review';",
    tests: ['test/workflows/carried.test.ts'],
  },
  {
    id: 'masked-number-sent',
    promise: 'never lose a payout',
    rule: 'What was left of a request is never sent.',
    planted: 'the masked number is sent',
    file: 'src/workflows/gateway-calls.ts',
    find: 'if (input.isAccountForgotten) throw',
    replace: 'if (input.isAccountForgotten && input.carried === undefined) throw',
    tests: ['test/workflows/carried.test.ts'],
  },
  {
    id: 'forgotten-is-the-same',
    promise: 'never pay twice',
    rule: 'Another request under a known id is refused, also when the account of the first was forgotten.',
    planted: 'what cannot be compared counts as equal',
    file: 'src/api/payouts/repeats.ts',
    find: "if (known.isAccountForgotten && fields.size === 0) return ['destination or receiver'];",
    replace: '',
    tests: ['test/api/payouts/payouts-routes.test.ts'],
  },
];
