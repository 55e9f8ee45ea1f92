import type { PlantedBug } from './planted-bug';

/** Bugs in what is read of payouts, and in acts on what was read. */
export const LIST_BUGS: readonly PlantedBug[] = [
  {
    id: 'act-on-changed-payout',
    promise: 'never pay twice',
    rule: 'An act is done on the payout as it was seen.',
    planted: 'it is done whatever has happened since',
    file: 'src/api/operate/routes.ts',
    find: "throw new Problem('changed');",
    replace: 'void now;',
    tests: ['test/api/operate/routes.test.ts'],
  },
  {
    id: 'unreadable-is-unknown',
    promise: 'never pay twice',
    rule: 'A payout that cannot be read exists: only the server says that there is none.',
    planted: 'it is answered like one that does not exist',
    file: 'src/api/plugins/errors.ts',
    find: "return sendProblem(reply, 'payout_unreadable', UNREADABLE);",
    replace: "return sendProblem(reply, 'not_found', UNREADABLE);",
    tests: ['test/store/payout-unreadable.test.ts'],
  },
  {
    id: 'list-shows-earlier-run',
    promise: 'never report a wrong final status',
    rule: 'A payout that was reset is listed as its last run.',
    planted: 'what an earlier run said is shown too',
    file: 'src/store/payout-list.ts',
    find: 'run.runId !== last?.runId && !isFoundByEvent',
    replace: 'last === null && !isFoundByEvent',
    tests: ['test/store/payout-list.test.ts'],
  },
  {
    id: 'query-injection',
    promise: 'never leak account data',
    rule: 'No text of a caller becomes part of a query.',
    planted: 'a value is written as it comes',
    file: 'src/store/list-filter.ts',
    find: 'if (!PLAIN.test(value)) throw',
    replace: 'if (value.length > 9_999) throw',
    tests: ['test/store/list-filter.test.ts'],
  },
];
