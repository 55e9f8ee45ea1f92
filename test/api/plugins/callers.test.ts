import * as crypto from 'node:crypto';
import { createCallerDirectory } from '../../../src/api/plugins/callers';
import { makeCaller } from '../app-harness';

jest.mock('node:crypto', () => {
  const actual = jest.requireActual<typeof crypto>('node:crypto');
  return { ...actual, timingSafeEqual: jest.fn(actual.timingSafeEqual) };
});

const shop = makeCaller('shop', ['payouts:write', 'payouts:read']);
const till = makeCaller('till', ['payouts:read']);
const callers = [shop, till, makeCaller('desk', ['payouts:operate'])];
const directory = createCallerDirectory(
  callers.map(({ apiKey }) => apiKey),
  () => 1_000,
);

it('knows a caller by its key', () => {
  expect(directory.identify(shop.headers.authorization)).toEqual({
    name: 'shop',
    scopes: ['payouts:write', 'payouts:read'],
  });
  expect(directory.identify(`bearer   ${till.key} `)).toEqual({ name: 'till', scopes: ['payouts:read'] });
});

it.each([
  ['nothing', undefined],
  ['an empty header', ''],
  ['no key', 'Bearer '],
  ['the key alone', shop.key],
  ['another scheme', `Basic ${shop.key}`],
  ['two keys', `Bearer ${shop.key} ${till.key}`],
  ['the beginning of a key', `Bearer ${shop.key.slice(0, -1)}`],
  ['a longer key', `Bearer ${shop.key}x`],
  ['another case', `Bearer ${shop.key.toUpperCase()}`],
  ['the hash of a key', `Bearer ${shop.apiKey.hash}`],
  ['the hash as configured', `Bearer sha256:${shop.apiKey.hash}`],
  ['a long text', `Bearer ${'x'.repeat(10_000)}`],
])('%s is nobody', (_name, header) => {
  expect(directory.identify(header)).toBeNull();
});

it('a key is refused from the moment it expires', () => {
  const { apiKey, headers } = makeCaller('shop', ['payouts:read'], 1_000);
  const at = (now: number) => createCallerDirectory([apiKey], () => now).identify(headers.authorization)?.name;
  expect([at(999), at(1_000), at(1_001)]).toEqual(['shop', undefined, undefined]);
});

it('two keys of one name are the same caller, each with its own scopes', () => {
  const next = makeCaller('shop', ['payouts:read']);
  const both = createCallerDirectory([shop.apiKey, next.apiKey], () => 1_000);
  expect(both.identify(shop.headers.authorization)?.scopes).toEqual(['payouts:write', 'payouts:read']);
  expect(both.identify(next.headers.authorization)).toEqual({ name: 'shop', scopes: ['payouts:read'] });
});

it.each([
  ['the first key', shop.headers.authorization],
  ['the last key', callers[2]!.headers.authorization],
  ['no such key', 'Bearer pk_x'],
])('compares all entries in constant time: %s', (_name, header) => {
  const compare = jest.mocked(crypto.timingSafeEqual);
  compare.mockClear();
  directory.identify(header);
  expect(compare).toHaveBeenCalledTimes(3);
});
