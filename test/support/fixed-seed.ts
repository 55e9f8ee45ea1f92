import { fromFixedSeed } from './properties';

// Jest runs this before each test file; fast-check is loaded only by those that import it.
jest.mock('fast-check', () => fromFixedSeed(jest.requireActual<typeof import('fast-check')>('fast-check')));
