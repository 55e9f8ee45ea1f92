import crypto from 'node:crypto';
import { callbackControl, isSameControl, statusControl } from '../../src/gateway/control';
import vectors from '../fixtures/gateway/vectors.json';

const { sha1, controlKey } = vectors;

test.each([
  ['S0', '1111902B4FF5', '1042', 'john.smith@gmail.com', 'B17F59B4-A7DC-41B4-8FF9-37D986B43D20', sha1.S0],
  ['S1', 'cp-demo', 'PO-000001', '6768788', controlKey, sha1.S1],
  ['S2', 'cp-demo', 'PO-000001', null, controlKey, sha1.S2],
  ['S3', 'cp-demo', 'PO-Ü-000002', '6768789', controlKey, sha1.S3],
  ['R2', 'cp-demo', 'PO-000001', '67687881050EUR', controlKey, sha1.R2],
])('status control %s', (_id, login, clientOrderId, orderId, key, expected) => {
  expect(statusControl({ login, clientOrderId, orderId }, key)).toBe(expected);
});

test.each([
  ['C0', 'approved', '123', 'invoice-1', 'AF4B5DE6-3468-424C-A922-C1DAD7CB4509', sha1.C0],
  ['C1', 'approved', '6768788', 'PO-000001', controlKey, sha1.C1],
  ['C2', 'declined', '6768788', 'PO-000001', controlKey, sha1.C2],
  ['C3', 'error', '6768788', 'PO-000001', controlKey, sha1.C3],
  ['C4', 'filtered', '6768788', 'PO-000001', controlKey, sha1.C4],
  ['C5', 'unknown', '6768788', 'PO-000001', controlKey, sha1.C5],
  ['C6', 'processing', '6768788', 'PO-000001', controlKey, sha1.C6],
])('callback control %s', (_id, status, orderId, clientOrderId, key, expected) => {
  expect(callbackControl({ status, orderId, clientOrderId }, key)).toBe(expected);
});

test('an empty control key is refused: anybody could sign with it', () => {
  expect(() => callbackControl({ status: 'approved', orderId: '1', clientOrderId: 'a' }, '')).toThrow(RangeError);
});

test('compares with timingSafeEqual whatever the lengths are', () => {
  const compare = jest.spyOn(crypto, 'timingSafeEqual');
  const pairs = [
    [sha1.C1, sha1.C1],
    [sha1.C1, sha1.C2],
    [sha1.C1, ''],
    [sha1.C1, `${sha1.C1}0`],
    [sha1.C1, sha1.C1.toUpperCase()],
  ] as const;
  expect(pairs.map(([expected, given]) => isSameControl(expected, given))).toEqual([true, false, false, false, false]);
  expect(compare).toHaveBeenCalledTimes(5);
  compare.mockRestore();
});
