import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ALL_TENANTS, DEFAULT_TENANT, MOST_TENANTS, TENANT_PATTERN, type Tenants } from '../domain/tenants';
import { isNetwork } from '../net/networks';
import { createPlaceNames, lineOfSyntaxError } from './json-places';

/** What a key can be allowed to do. */
export const SCOPES = ['payouts:write', 'payouts:read', 'payouts:operate', 'payouts:approve', 'codec'] as const;
export type Scope = (typeof SCOPES)[number];

/** One entry of `API_KEYS`. Entries that share a name are one caller with several keys. */
export interface ApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** SHA-256 of the key, in hex. */
  readonly hash: string;
  /** From this moment on the key is refused; null when it never expires. */
  readonly expiresAtMs: number | null;
  /** The tenant whose payouts it makes. */
  readonly tenant: string;
  /** The tenants whose payouts it reads and acts on; its own alone unless it is an operator's. */
  readonly tenants: Tenants;
  /** Who acts with it: a person with two keys is one person. */
  readonly person: string;
  /** The endpoints over which it may make payouts and act on them; null: all. */
  readonly endpoints: readonly string[] | null;
  /** The networks it may be used from; null: any. */
  readonly networks: readonly string[] | null;
}

/** The caller of everything made without keys: no key may have this name. */
export const LOCAL_NAME = 'local';
const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const LETTERS = 'of at most 32 lower-case letters, digits and dashes that starts with a letter';
const HASH = /^sha256:[0-9a-f]{64}$/;
/** The scopes of people who look after the payouts of several tenants. */
const OVERSEEING: readonly Scope[] = ['payouts:operate', 'payouts:approve', 'codec'];

const named = (what: string, pattern = NAME) =>
  z.string(`expected a ${what} ${LETTERS}`).regex(pattern, `expected a ${what} ${LETTERS}`);
const someOf = (pattern: RegExp, expected: string) =>
  z.array(z.string(expected).regex(pattern, expected), expected).min(1, expected);
const TENANTS = `expected a list of tenants, or ["${ALL_TENANTS}"]`;
const NETWORKS = 'expected a list of addresses and networks like "10.0.0.7" and "192.168.0.0/16"';

const entry = z.strictObject(
  {
    name: named('name').refine((name) => name !== LOCAL_NAME, `expected another name than ${LOCAL_NAME}`),
    scopes: z
      .array(z.enum(SCOPES, `expected scopes out of ${SCOPES.join(', ')}`), 'expected a list of scopes')
      .min(1, 'expected at least one scope'),
    hash: z
      .string('expected sha256: and 64 hexadecimal digits')
      .regex(HASH, 'expected sha256: and 64 hexadecimal digits'),
    expires: z.iso.date('expected a day such as 2027-01-01').optional(),
    tenant: named('tenant', TENANT_PATTERN).default(DEFAULT_TENANT),
    tenants: z.union([z.tuple([z.literal(ALL_TENANTS)]), someOf(TENANT_PATTERN, TENANTS)], TENANTS).optional(),
    person: named('person').optional(),
    endpoints: someOf(NAME, 'expected a list of names of endpoints').optional(),
    networks: z.array(z.string(NETWORKS).refine(isNetwork, NETWORKS), NETWORKS).min(1, NETWORKS).optional(),
  },
  // The name of a field that should not be there may be a key put in the wrong place.
  { error: (issue) => (issue.code === 'unrecognized_keys' ? 'expected no other field' : 'expected an object') },
);
type Entry = z.output<typeof entry>;

const EXPECTED = 'expected a JSON list like [{"name":"shop","scopes":["payouts:write"],"hash":"sha256:…"}]';

/** A problem of an entry: its field, and what was expected. */
type Finding = readonly [field: string | undefined, expected: string];

/** The keys in a text, or what is wrong with it: every complaint names line, entry and field; never a value. Never throws. */
export function readApiKeys(text: string): { readonly keys: readonly ApiKey[]; readonly problems: readonly string[] } {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    const line = lineOfSyntaxError(text, error);
    return { keys: [], problems: [line === 1 ? EXPECTED : `line ${line}: ${EXPECTED}`] };
  }
  if (!Array.isArray(list) || list.length === 0) return { keys: [], problems: [EXPECTED] };
  const placeName = createPlaceNames(text);
  const parsed = list.map((item) => entry.safeParse(item));
  const entries = parsed.map(({ data }) => data);
  const problems = parsed.flatMap(({ data, error }, index) => {
    const found: Finding[] =
      data === undefined
        ? (error?.issues ?? []).map(({ path, message }) => [path[0]?.toString(), message])
        : [...checkEntry(data), ...checkAgainst(data, entries.slice(0, index))];
    return found.map(([field, expected]) => `${placeName(index, field)}: ${expected}`);
  });
  if (problems.length > 0) return { keys: [], problems };
  const keys = entries.flatMap((read) => (read === undefined ? [] : [toApiKey(read)]));
  const isCrowded = listTenants(keys).length > MOST_TENANTS;
  return isCrowded ? { keys: [], problems: [`expected at most ${MOST_TENANTS} tenants`] } : { keys, problems };
}

/** The text of `API_KEYS`. */
export const apiKeys = z.string().transform((text, context): readonly ApiKey[] => {
  const { keys, problems } = readApiKeys(text);
  if (problems.length === 0) return keys;
  context.addIssue({ code: 'custom', message: problems.join('; ') });
  return z.NEVER;
});

/** The people who may approve payouts of a tenant at this time. */
export function approversFor(
  keys: readonly ApiKey[],
  { tenant, nowMs }: { readonly tenant: string; readonly nowMs: number },
): readonly string[] {
  if (keys.length === 0) return [LOCAL_NAME];
  const may = keys.filter(
    ({ scopes, tenants, expiresAtMs }) =>
      scopes.includes('payouts:approve') &&
      (tenants === ALL_TENANTS || tenants.includes(tenant)) &&
      nowMs < (expiresAtMs ?? Number.POSITIVE_INFINITY),
  );
  return [...new Set(may.map(({ person }) => person))];
}

/** Every tenant that keys name, sorted. */
export function listTenants(keys: readonly ApiKey[]): readonly string[] {
  const named = keys.flatMap(({ tenant, tenants }) => [tenant, ...(tenants === ALL_TENANTS ? [] : tenants)]);
  return [...new Set(named)].sort();
}

/** What is wrong with the endpoints that keys name, when these are the configured ones. */
export function checkKeyEndpoints(
  keys: readonly ApiKey[],
  endpoints: readonly string[],
  placeName = createPlaceNames(''),
): string[] {
  const isUnknown = (name: string) => !endpoints.includes(name);
  return keys.flatMap((key, index) =>
    key.endpoints?.some(isUnknown) ? [`${placeName(index, 'endpoints')}: expected names of configured endpoints`] : [],
  );
}

function checkEntry({ scopes, tenant, tenants }: Entry): Finding[] {
  if (tenants === undefined) return [];
  if (!scopes.some((scope) => OVERSEEING.includes(scope)))
    return [['tenants', `expected none without one of the scopes ${OVERSEEING.join(', ')}`]];
  const isOwn = tenants.some((seen) => seen === tenant || seen === ALL_TENANTS);
  return isOwn ? [] : [['tenants', "expected the key's own tenant among them"]];
}

function checkAgainst(read: Entry, earlier: readonly (Entry | undefined)[]): Finding[] {
  const same = earlier.find((other) => other?.name === read.name);
  const isRepeat = earlier.some((other) => other?.hash === read.hash);
  const others = (what: string) => `expected the ${what} of the other keys of this name`;
  return [
    ...(isRepeat ? [['hash', 'expected the hash of a key that no other entry has'] as const] : []),
    ...(same !== undefined && same.tenant !== read.tenant ? [['tenant', others('tenant')] as const] : []),
    ...(same !== undefined && personOf(same) !== personOf(read) ? [['person', others('person')] as const] : []),
  ];
}

const personOf = ({ person, name }: Entry): string => person ?? name;

function toApiKey(read: Entry): ApiKey {
  const { name, scopes, hash, expires, tenant, tenants = [tenant], endpoints = null, networks = null } = read;
  return {
    ...{ name, scopes, hash: hash.slice('sha256:'.length), person: personOf(read), tenant, endpoints, networks },
    expiresAtMs: expires === undefined ? null : Date.parse(`${expires}T00:00:00Z`),
    tenants: tenants[0] === ALL_TENANTS ? ALL_TENANTS : tenants,
  };
}

/** A new key: 256 random bits, in the letters of base64url. */
export function makeApiKey(): string {
  return `pk_${randomBytes(32).toString('base64url')}`;
}

/** True for a text that contains what looks like one of our keys: people paste keys where an id belongs. */
export function holdsApiKey(text: string): boolean {
  return /(?<![A-Za-z0-9])pk_[A-Za-z0-9_-]{43}/.test(text);
}

/**
 * What is kept of a key. A plain SHA-256 is right here and would be wrong for a password: a key has 256 random bits, so there is
 * nothing to guess, and neither salt nor slowness would add to that.
 */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
