import { SEED } from './seed';

// Jest runs this before each test file; fast-check is loaded only by those that import it.
jest.mock('fast-check', () => {
  const actual = jest.requireActual<typeof import('fast-check')>('fast-check');
  actual.default.configureGlobal({ seed: SEED });
  return actual;
});
