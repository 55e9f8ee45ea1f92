import { GatewayError, type GatewayErrorKind } from '../../src/gateway/errors';

test('every kind has its own constant message', () => {
  const kinds: GatewayErrorKind[] = ['unreachable', 'no_answer', 'forbidden', 'unreadable', 'wrong_ids', 'redirected'];
  const errors = kinds.map((kind) => new GatewayError(kind));
  expect(errors.map(({ kind }) => kind)).toEqual(kinds);
  expect(new Set(errors.map(({ message }) => message)).size).toBe(6);
});
