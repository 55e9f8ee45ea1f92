/** The tests that may kill a mutant of `src/domain` or `src/gateway`. */
module.exports = {
  rootDir: '../../..',
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  testMatch: ['<rootDir>/test/{domain,gateway}/**/*.test.ts'],
  // A property that runs a thousand cases for each mutant would take a day.
  testPathIgnorePatterns: ['/node_modules/', '\\.property\\.test\\.ts$', 'status-sequences'],
  testTimeout: 30_000,
};
