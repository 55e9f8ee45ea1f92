import { createHash } from 'node:crypto';
import { apiKeys, hashApiKey, holdsApiKey, makeApiKey, readApiKeys, SCOPES } from '../../src/config/api-keys';
import { MARKER } from './environment-samples';

const HASH = `sha256:${'0123456789abcdef'.repeat(4)}`;
const OTHER = `sha256:${'f'.repeat(64)}`;
const ENTRY = { name: 'shop', scopes: ['payouts:write', 'payouts:read'], hash: HASH };

const READ = {
  ...{ name: 'shop', scopes: ['payouts:write', 'payouts:read'], tenant: 'default', tenants: ['default'] },
  ...{ person: 'shop', endpoints: null, networks: null },
};

function problemOf(list: unknown): string | undefined {
  const parsed = apiKeys.safeParse(JSON.stringify(list));
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
}

it('reads names, scopes, hashes and days', () => {
  expect(apiKeys.parse(JSON.stringify([ENTRY, { ...ENTRY, hash: OTHER, expires: '2027-01-01' }]))).toEqual([
    { ...READ, hash: HASH.slice(7), expiresAtMs: null },
    { ...READ, hash: OTHER.slice(7), expiresAtMs: Date.UTC(2027, 0, 1) },
  ]);
});

it('reads tenant, person, endpoints and networks', () => {
  const entry = {
    ...{ name: 'ops', scopes: ['payouts:operate'], hash: HASH, tenant: 'shops', person: 'maria' },
    ...{ endpoints: ['euros'], networks: ['10.0.0.0/8', '::1'] },
  };
  const { hash: _, ...rest } = entry;
  const read = (more: object) => apiKeys.parse(JSON.stringify([{ ...entry, ...more }]));
  expect(read({})).toEqual([{ ...rest, tenants: ['shops'], hash: HASH.slice(7), expiresAtMs: null }]);
  expect(read({ tenants: ['markets', 'shops'] })[0]?.tenants).toEqual(['markets', 'shops']);
  expect(read({ tenants: ['*'] })[0]?.tenants).toBe('*');
});

const CALLED = 'of at most 32 lower-case letters, digits and dashes that starts with a letter';
const EACH: readonly (readonly [field: string, values: readonly unknown[], expected: string])[] = [
  ['tenant', [MARKER, '', 7], `a tenant ${CALLED}`],
  ['person', [MARKER, '', 7], `a person ${CALLED}`],
  ['tenants', [[], [MARKER], ['*', 'shops'], MARKER, '*'], 'a list of tenants, or ["*"]'],
  ['tenants', [['shops']], "the key's own tenant among them"],
  ['endpoints', [[], [MARKER], MARKER], 'a list of names of endpoints'],
  [
    'networks',
    [[], [MARKER], MARKER, ['0.0.0.0/0'], ['10.0.0.0/33']],
    'a list of addresses and networks like "10.0.0.7" and "192.168.0.0/16"',
  ],
];
it.each(EACH)('%s of %j: expected %s', (field, values, expected) => {
  for (const value of values)
    expect([value, problemOf([{ ...ENTRY, scopes: ['payouts:operate'], [field]: value }])]).toEqual([
      value,
      `entry 1: ${field}: expected ${expected}`,
    ]);
});

it('only who looks after payouts sees those of several tenants', () => {
  const problems = SCOPES.map((scope) => problemOf([{ ...ENTRY, scopes: [scope], tenants: ['*'] }]));
  const refused = 'entry 1: tenants: expected none without one of the scopes payouts:operate, payouts:approve, codec';
  expect(problems).toEqual([refused, refused, undefined, undefined, undefined]);
});

it('keys of one name are of one tenant and one person', () => {
  const entries = (more: object) => [ENTRY, { ...ENTRY, hash: OTHER, ...more }];
  expect(problemOf(entries({ tenant: 'shops' }))).toBe(
    'entry 2: tenant: expected the tenant of the other keys of this name',
  );
  expect(problemOf(entries({ person: 'maria' }))).toBe(
    'entry 2: person: expected the person of the other keys of this name',
  );
  expect(problemOf(entries({ person: 'shop' }))).toBeUndefined();
});

it('there are at most a hundred tenants', () => {
  const of = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...{ ...ENTRY, name: `shop-${at}`, tenant: `t-${at}` },
      hash: `sha256:${String(at).padStart(64, '0')}`,
    }));
  expect([problemOf(of(100)), problemOf(of(101))]).toEqual([undefined, 'expected at most 100 tenants']);
});

it('in a text of several lines a complaint names the line', () => {
  const bad = { ...ENTRY, hash: MARKER };
  const lines = (list: unknown) => readApiKeys(JSON.stringify(list, null, 2)).problems;
  expect(lines([{ ...ENTRY, hash: OTHER }, bad])).toEqual([`line 16: entry 2: hash: expected ${HASHES}`]);
  expect(lines([7, [{}], 'a}"]', { ...ENTRY, [MARKER]: MARKER }])).toEqual([
    ...[2, 3, 6].map((line, at) => `line ${line}: entry ${at + 1}: expected an object`),
    'line 7: entry 4: expected no other field',
  ]);
  expect(readApiKeys(`[{},\n {\n"${MARKER}"]`).problems).toEqual([
    expect.stringMatching(/^line 3: expected a JSON list/),
  ]);
});

it.each(SCOPES)('%s is a scope', (scope) => {
  expect(problemOf([{ ...ENTRY, scopes: [scope] }])).toBeUndefined();
});

it.each(['a', `a${'b'.repeat(31)}`, 'shop-2'])('%s is a name', (name) => {
  expect(problemOf([{ ...ENTRY, name }])).toBeUndefined();
});

const NAME = 'a name of at most 32 lower-case letters, digits and dashes that starts with a letter';
const HASHES = 'sha256: and 64 hexadecimal digits';

it.each([
  ['name', [MARKER, '', '1a', `a${'b'.repeat(32)}`, 'a b', undefined, 7], NAME],
  [
    'hash',
    [MARKER, 'f'.repeat(64), `sha256:${MARKER}`, `${HASH}0`, HASH.toUpperCase(), HASH.replace('sha256', 'sha1'), null],
    HASHES,
  ],
  ['expires', [MARKER, '2027-02-30', '2027-1-1', '1.1.2027', '2027-01-01T00:00:00Z', 5], 'a day such as 2027-01-01'],
] as const)('a bad %s is named with its entry, and not repeated', (field, values, expected) => {
  for (const value of values) {
    const problem = problemOf([
      { ...ENTRY, hash: OTHER },
      { ...ENTRY, [field]: value },
    ]);
    expect({ value, problem }).toEqual({ value, problem: `entry 2: ${field}: expected ${expected}` });
  }
});

it.each([
  [[], 'expected at least one scope'],
  [[MARKER], `expected scopes out of ${SCOPES.join(', ')}`],
  [['payouts:read', '*'], `expected scopes out of ${SCOPES.join(', ')}`],
  [MARKER, 'expected a list of scopes'],
  [undefined, 'expected a list of scopes'],
])('scopes %j: %s', (scopes, expected) => {
  expect(problemOf([{ ...ENTRY, scopes }])).toBe(`entry 1: scopes: ${expected}`);
});

it('a field that has no place there is not repeated: it may be a key', () => {
  expect(problemOf([{ ...ENTRY, [MARKER]: MARKER }])).toBe('entry 1: expected no other field');
  expect(problemOf([MARKER])).toBe('entry 1: expected an object');
});

it('one key belongs to one entry', () => {
  expect(problemOf([ENTRY, { ...ENTRY, hash: OTHER }, { ...ENTRY, name: 'till' }])).toBe(
    'entry 3: hash: expected the hash of a key that no other entry has',
  );
});

it('no key takes over the name of those who acted while there were no keys', () => {
  expect(problemOf([{ ...ENTRY, name: 'local' }])).toBe('entry 1: name: expected another name than local');
});

it('every problem is reported', () => {
  expect(
    problemOf([
      { ...ENTRY, name: '' },
      { ...ENTRY, hash: '' },
    ]),
  ).toBe(`entry 1: name: expected ${NAME}; entry 2: hash: expected ${HASHES}`);
});

it('a new key has 256 bits of its own, and its hash is a SHA-256', () => {
  const keys = Array.from({ length: 100 }, makeApiKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) {
    expect(key).toMatch(/^pk_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(key.slice(3), 'base64url')).toHaveLength(32);
  }
  expect(hashApiKey('pk_x').toString('hex')).toBe(createHash('sha256').update('pk_x').digest('hex'));
});

it('a key is found at any position, and ids are not keys', () => {
  for (let nth = 0; nth < 50; nth += 1) {
    const key = makeApiKey();
    for (const text of [key, `PO.${key}`, `erp:${key}`, `${key}x`])
      expect([text, holdsApiKey(text)]).toEqual([text, true]);
    expect(holdsApiKey(key.slice(0, -1))).toBe(false);
  }
  for (const id of ['PO-000001', 'pk_1', 'spk_0123456789012345678901234567890123456789012345'])
    expect(holdsApiKey(id)).toBe(false);
});
