import { createVerification, VERIFIED_TYPES } from '../../src/temporal/verification';
import * as workflows from '../../src/workflows';

it('every workflow of the product is verified', () => {
  expect([...VERIFIED_TYPES].sort()).toEqual(Object.keys(workflows).sort());
});

it('fails, and names no verdict, when Temporal does not answer', async () => {
  const refuse = () => Promise.reject(new Error('no answer'));
  const connection = {
    withDeadline: (_deadline: unknown, call: () => unknown) => call(),
    workflowService: {
      countWorkflowExecutions: refuse,
      listWorkflowExecutions: refuse,
      getWorkflowExecutionHistory: refuse,
    },
  } as never;
  const options = { connection, namespace: 'default', dataConverter: {}, bundlePath: '', atOnce: 1, closed: 1 };
  await expect(createVerification(options).run()).rejects.toThrow('no answer');
});
