import { createBlockedAddresses } from '../../../src/api/plugins/limits';

let nowMs = 1_000_000;
beforeEach(() => {
  nowMs = 1_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
});
afterEach(() => void jest.restoreAllMocks());

test('an address is held up to the millisecond, and no other', () => {
  const blocked = createBlockedAddresses();
  blocked.block('192.0.2.1', 60_000);
  expect([blocked.leftMs('192.0.2.1'), blocked.leftMs('192.0.2.2')]).toEqual([60_000, null]);
  nowMs += 59_999;
  expect(blocked.leftMs('192.0.2.1')).toBe(1);
  nowMs += 1;
  expect(blocked.leftMs('192.0.2.1')).toBeNull();
  nowMs -= 1;
  expect(blocked.leftMs('192.0.2.1')).toBeNull();
});

test('what is held again is held for the later time', () => {
  const blocked = createBlockedAddresses();
  blocked.block('192.0.2.1', 1_000);
  nowMs += 500;
  blocked.block('192.0.2.1', 1_000);
  expect(blocked.leftMs('192.0.2.1')).toBe(1_000);
});

test('of too many the first is forgotten', () => {
  const blocked = createBlockedAddresses(2);
  for (const address of ['a', 'b', 'a', 'c']) blocked.block(address, 1_000);
  expect(['a', 'b', 'c'].map((address) => blocked.leftMs(address))).toEqual([1_000, null, 1_000]);
});
