import { joinPatientStack } from '../../support/patient-stack';
import { runTogether } from '../../support/run-together';
import type { Stack } from '../../support/stack';

let stack: Stack;
// It stays while one file after another uses it.
beforeAll(async () => {
  stack = await joinPatientStack();
}, 180_000);
afterAll(async () => stack?.stop(), 60_000);

runTogether('e2e/answers');
