import { callbackControl, isSameControl, statusControl } from '../../../simulator/wire/control';

const controlKey = '0F3C5A2E-7B1D-4C86-9E55-2A6D8B1F4E70';

test.each([
  ['S1', 'PO-000001', '6768788', '08c156334b2a98de0b751a6a1c964c13f48e4538'],
  ['S2', 'PO-000001', '', '223f6a987734d67768d7e3b0771fb845830aee24'],
  ['S3', 'PO-Ü-000002', '6768789', '4bfb93f9cfd8d660b943e2108dc65f1c172de9cf'],
])('status control %s', (_id, clientOrderId, orderId, expected) => {
  expect(statusControl({ login: 'cp-demo', clientOrderId, orderId, controlKey })).toBe(expected);
});

test.each([
  ['C1', 'approved', '4532d5c4877bd037b0edcaec3788c9eef0b561bd'],
  ['C2', 'declined', '6c6ba290fac23348394c21fdb68988711bd9cc1c'],
  ['C3', 'error', '993cc85dca21869da817a0225ca160db9d6f2629'],
  ['C4', 'filtered', '2a794526903af41f130c8bc15e18648436575c50'],
  ['C5', 'unknown', 'b0c5b0f75bb19ffbc6ce230e8247036ff71f098b'],
  ['C6', 'processing', '0300ab21bed2c16987ca55e0bde1af9fced28505'],
])('callback control %s', (_id, status, expected) => {
  expect(callbackControl({ status, orderId: '6768788', clientOrderId: 'PO-000001', controlKey })).toBe(expected);
});

test('C0, the third-party sample', () => {
  const key = 'AF4B5DE6-3468-424C-A922-C1DAD7CB4509';
  expect(callbackControl({ status: 'approved', orderId: '123', clientOrderId: 'invoice-1', controlKey: key })).toBe(
    '5bc8ee48f9ba37c0fd1e0b052a9bc105c6df87e1',
  );
});

test('controls of another length or case are not the same', () => {
  expect(isSameControl('abcd', 'abcd')).toBe(true);
  expect(isSameControl('abcd', 'ABCD')).toBe(false);
  expect(isSameControl('abcd', 'abcde')).toBe(false);
  expect(isSameControl('abcd', '')).toBe(false);
});
