/**
 * What takes long, the longest first: the e2e files, which wait most of their time, and the unit files that compute longest. Without
 * this, jest starts a long file last, and it runs while nothing else does.
 */
const LONG = [
  ...[
    'e2e/chaos',
    'e2e/together/keys',
    'e2e/together/workers',
    'e2e/together',
    'e2e/rotation',
    'e2e/operate-page',
    'e2e/receiver-pages',
    'e2e/bench',
  ],
  ...['e2e/faults', 'e2e/isolation', 'e2e/notifications', 'e2e/codec-server', 'e2e/leaks'],
  ...['e2e/lists', 'e2e/send-record', 'e2e/endpoints', 'e2e/'],
  ...['together/', 'workflows/replay', 'chaos/test/simulation', 'fuzz/test/'],
];

/** What jest asks a sequencer for; the rest of the files go by their size, as jest does without figures of an earlier run. */
module.exports = class LongFirst {
  sort(tests) {
    const { statSync } = require('node:fs');
    const rank = ({ path }) => {
      const at = LONG.findIndex((part) => path.includes(part));
      return at < 0 ? LONG.length : at;
    };
    const size = ({ path }) => statSync(path).size;
    return [...tests].sort((one, other) => rank(one) - rank(other) || size(other) - size(one));
  }

  shard(tests) {
    return tests;
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
};
