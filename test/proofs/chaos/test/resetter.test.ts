import { sendsAfterReset } from '../resetter';

const reset = { workflowTaskFailedEventAttributes: { newRunId: 'run-2' } };
const failed = { workflowTaskFailedEventAttributes: { newRunId: '' } };
const send = { activityTaskScheduledEventAttributes: { activityType: { name: 'submitPayout' } } };
const question = { activityTaskScheduledEventAttributes: { activityType: { name: 'fetchOrderStatus' } } };

test('only a send after the last reset is one', () => {
  expect(sendsAfterReset([send, failed, send])).toBe(0);
  expect(sendsAfterReset([send, reset, question])).toBe(0);
  expect(sendsAfterReset([send, reset, failed, send])).toBe(1);
  expect(sendsAfterReset([reset, send, reset, question])).toBe(0);
});
