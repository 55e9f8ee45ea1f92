import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { notFinalYet, questionFailure } from '../../src/activities/failures';
import { GatewayError } from '../../src/gateway/errors';

function asFailure(value: unknown): ApplicationFailure {
  if (value instanceof ApplicationFailure) return value;
  throw new Error('expected an ApplicationFailure');
}

it('"not final yet" is benign, retryable, without a stack', () => {
  const failure = notFinalYet(4_321);
  expect(failure).toMatchObject({
    type: 'NotFinalYet',
    message: 'not final yet',
    category: ApplicationFailureCategory.BENIGN,
    nonRetryable: false,
    nextRetryDelay: 4_321,
  });
  expect(failure.stack).toBe('ApplicationFailure: not final yet');
});

it.each([
  ['unreachable', 'GatewayUnanswered'],
  ['no_answer', 'GatewayUnanswered'],
  ['unreadable', 'GatewayUnreadable'],
  ['wrong_ids', 'GatewayUnreadable'],
  ['request_refused', 'GatewayUnreadable'],
  ['redirected', 'GatewayUnanswered'],
  ['forbidden', 'GatewayForbids'],
] as const)('%s is %s: retryable, no stack, nothing of the exchange', (kind, type) => {
  const error = new GatewayError(kind);
  error.cause = new Error('PAN 4444333322221111');
  const failure = asFailure(questionFailure(error, 8_000));
  const message = `the gateway gave no usable answer: ${kind}`;
  expect(failure).toMatchObject({ type, message, nonRetryable: false, nextRetryDelay: 8_000 });
  expect(failure.details ?? []).toEqual([]);
  expect(failure.category).not.toBe(ApplicationFailureCategory.BENIGN);
  expect(failure.stack).toBe(`ApplicationFailure: ${message}`);
  expect(failure.cause).toBeUndefined();
});

it('leaves the pause to the retry policy when none is given', () => {
  expect(asFailure(questionFailure(new GatewayError('no_answer'))).nextRetryDelay).toBeUndefined();
});

it.each([new TypeError('defect'), 'text', undefined])('%p is a defect and goes on as it is', (error) => {
  expect(questionFailure(error, 1)).toBe(error);
});
