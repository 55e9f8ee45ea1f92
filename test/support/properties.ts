import type * as fastCheck from 'fast-check';
import { SEED } from './seed';

/** Cases of a property at most. Only a run of mutants sets it: it plays each property for hundreds of them. */
const MOST_CASES = process.env.PROPERTY_CASES === undefined ? null : Number(process.env.PROPERTY_CASES);

/** fast-check as the tests use it: from the fixed seed. */
export function fromFixedSeed(actual: typeof fastCheck): typeof fastCheck {
  actual.configureGlobal({ seed: SEED });
  if (MOST_CASES === null) return actual;
  const assert = (property: fastCheck.IRawProperty<unknown, boolean>, parameters?: fastCheck.Parameters<unknown>) =>
    actual.assert(property, { ...parameters, numRuns: Math.min(parameters?.numRuns ?? MOST_CASES, MOST_CASES) });
  return Object.create(actual, { default: { value: Object.create(actual.default, { assert: { value: assert } }) } });
}
