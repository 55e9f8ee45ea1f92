import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { submitOptions, TAKEN_WITHIN_MS } from '../../src/workflows/policies';

it('a send has one attempt, the time of a send, and a limit to how long it waits for a worker', () => {
  const policy = { ...DEFAULT_POLICY, submitTimeoutMs: 45_001, answerTimeoutMs: 20_001 };
  expect(submitOptions({ endpoint: 'default', policy })).toMatchObject({
    startToCloseTimeout: 45_001,
    scheduleToStartTimeout: TAKEN_WITHIN_MS,
    retry: { maximumAttempts: 1 },
  });
});
