/** Two projects: `unit` needs nothing running; `e2e` runs the product, the simulator and a real Temporal as processes. */
const base = {
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/support/fixed-seed.ts'],
  transform: {
    '(\\.ts|/(web|clients)/.+\\.js)$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.cache', '<rootDir>/.data'],
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
      testPathIgnorePatterns: ['/node_modules/', '/test/e2e/'],
    },
    { ...base, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
