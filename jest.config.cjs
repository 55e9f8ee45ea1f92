const { GROUPS, membersOf } = require('./test/support/together.cjs');

/** Two projects: `unit` needs nothing running; `e2e` runs the product, the simulator and a real Temporal as processes. */
/** In `npm test` many files run as one; otherwise each is by itself. */
const elsewhere =
  process.env.TOGETHER === '1'
    ? Object.keys(GROUPS)
        .flatMap(membersOf)
        .map((file) => `/${file}$`)
    : ['/together/'];
const INJECTED = [
  ...['Array', 'BigInt', 'Boolean', 'Error', 'Function', 'JSON', 'Map', 'Math', 'Number', 'Object', 'Promise', 'Proxy'],
  ...[
    'RangeError',
    'Date',
    'Intl',
    'Reflect',
    'RegExp',
    'Set',
    'String',
    'Symbol',
    'TypeError',
    'WeakMap',
    'WeakSet',
    'Uint8Array',
  ],
];
const base = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/fixed-seed.ts'],
  transform: {
    '(\\.ts|/(web|clients)/.+\\.js)$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  // What is imported from elsewhere is found by its path: nothing else is listed, and no folder of packages is walked through.
  roots: ['<rootDir>/test'],
  // Inside Jest's sandbox a global is slow to find. These are never replaced, as timers and `Date` are.
  sandboxInjectedGlobals: INJECTED,
  testPathIgnorePatterns: ['/node_modules/'],
};
module.exports = {
  testTimeout: 30_000,
  testSequencer: '<rootDir>/test/support/long-first.cjs',
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/test/e2e/', ...elsewhere],
    },
    {
      ...base,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...elsewhere],
    },
  ],
};
