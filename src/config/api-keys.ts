import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';

/** What a key can be allowed to do. `payouts:approve` is kept for approvals; no route asks for it yet. */
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
}

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
/** The caller of everything made without keys: no key may have this name. */
export const LOCAL_NAME = 'local';
const CALLER_NAME = 'a name of at most 32 lower-case letters, digits and dashes that starts with a letter';
const HASH = /^sha256:[0-9a-f]{64}$/;

const entry = z.strictObject(
  {
    name: z
      .string(`expected ${CALLER_NAME}`)
      .regex(NAME, `expected ${CALLER_NAME}`)
      .refine((name) => name !== LOCAL_NAME, `expected another name than ${LOCAL_NAME}`),
    scopes: z
      .array(z.enum(SCOPES, `expected scopes out of ${SCOPES.join(', ')}`), 'expected a list of scopes')
      .min(1, 'expected at least one scope'),
    hash: z
      .string('expected sha256: and 64 hexadecimal digits')
      .regex(HASH, 'expected sha256: and 64 hexadecimal digits'),
    expires: z.iso.date('expected a day such as 2027-01-01').optional(),
  },
  // The name of a field that should not be there may be a key put in the wrong place.
  { error: (issue) => (issue.code === 'unrecognized_keys' ? 'expected no other field' : 'expected an object') },
);

const EXPECTED = 'expected a JSON list like [{"name":"shop","scopes":["payouts:write"],"hash":"sha256:…"}]';

/** The text of `API_KEYS`. Every complaint names the entry, by its place in the list, and the field; never a value. */
export const apiKeys = z.string().transform((text, context): readonly ApiKey[] => {
  const list = readList(text);
  const problems = list === null || list.length === 0 ? [EXPECTED] : list.flatMap(findProblems);
  if (list === null || problems.length > 0) {
    context.addIssue({ code: 'custom', message: problems.join('; ') });
    return z.NEVER;
  }
  return list.map((item) => toApiKey(entry.parse(item)));
});

function readList(text: string): unknown[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : null;
  } catch {
    return null;
  }
}

function findProblems(item: unknown, index: number, list: readonly unknown[]): string[] {
  const parsed = entry.safeParse(item);
  const name = `entry ${index + 1}`;
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => [name, ...path.slice(0, 1), message].join(': '));
  }
  const isRepeat = list.slice(0, index).some((other) => entry.safeParse(other).data?.hash === parsed.data.hash);
  return isRepeat ? [`${name}: hash: expected the hash of a key that no other entry has`] : [];
}

function toApiKey({ name, scopes, hash, expires }: z.output<typeof entry>): ApiKey {
  const expiresAtMs = expires === undefined ? null : Date.parse(`${expires}T00:00:00Z`);
  return { name, scopes, hash: hash.slice('sha256:'.length), expiresAtMs };
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
