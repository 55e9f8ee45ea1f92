import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import OAuth from 'oauth-1.0a';

const SIGNATURE_METHOD = 'RSA-SHA256';
const LONE_SURROGATE = /\p{Surrogate}/u;
const signOnThreadPool = promisify(sign) as (algorithm: string, data: Buffer, key: KeyObject) => Promise<Buffer>;

/** What one signature covers. `url` has no query; nonce and timestamp are fresh for every attempt on the wire. */
export interface SigningInput {
  readonly url: string;
  readonly fields: Iterable<readonly [string, string | undefined]>;
  readonly login: string;
  readonly nonce: string;
  readonly timestampSeconds: number;
}

/** 128 random bits as 32 hex characters. */
export function makeNonce(): string {
  return randomBytes(16).toString('hex');
}

// The library hashes synchronously; here it only builds the base string and the header, and the key signs outside of it.
function oauthFor(login: string): OAuth {
  return new OAuth({
    consumer: { key: login, secret: '' },
    signature_method: SIGNATURE_METHOD,
    hash_function: () => {
      throw new Error('the base string is signed on the thread pool');
    },
  });
}

/** The library neither lower-cases hosts nor drops default ports, and lets a query overwrite body fields. */
function normaliseUrl(text: string): string {
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new RangeError('url: expected no query, fragment or user information');
  }
  return url.href;
}

type Parameters = Iterable<readonly [string, string | undefined]>;

/** The library signs undefined as text, loses `__proto__`, and merges its own parameters into the object it is given. */
function toPlainData(parameters: Parameters): Record<string, string> {
  const present = [...parameters].filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const names = new Set(present.map(([name]) => name));
  if (names.size !== present.length || names.has('__proto__')) {
    throw new RangeError('parameters: expected unique names and no __proto__');
  }
  if (present.some(([name, value]) => LONE_SURROGATE.test(name + value))) {
    throw new RangeError('parameters: expected well-formed text');
  }
  return Object.fromEntries(present);
}

/**
 * The OAuth 1.0a base string (RFC 5849 section 3.4.1) of a POST. `parameters` are the body fields and the `oauth_*` parameters but the
 * signature; undefined values are left out.
 * @throws RangeError on a URL with a query, on repeated names, and on text that is not well-formed.
 */
export function buildBaseString(url: string, parameters: Parameters): string {
  const request = { url: normaliseUrl(url), method: 'POST', data: toPlainData(parameters) };
  return oauthFor('').getBaseString(request, {} as OAuth.Data);
}

/**
 * Signs a POST: RSASSA-PKCS1-v1_5 with SHA-256 over the base string, computed on the thread pool.
 * @returns the value of the `Authorization` header.
 * @throws RangeError as `buildBaseString` does, and on a field named like an OAuth parameter.
 */
export async function signRequest(input: SigningInput, privateKey: KeyObject): Promise<string> {
  const oauth = {
    oauth_consumer_key: input.login,
    oauth_nonce: input.nonce,
    oauth_signature_method: SIGNATURE_METHOD,
    oauth_timestamp: input.timestampSeconds,
    oauth_version: '1.0',
  };
  const fields = [...input.fields];
  if (fields.some(([name]) => name.startsWith('oauth_'))) throw new RangeError('fields: expected no oauth_* name');
  const parameters = [...fields, ...Object.entries(oauth).map(([name, value]) => [name, String(value)] as const)];
  const baseString = Buffer.from(buildBaseString(input.url, parameters), 'utf8');
  const signature = await signOnThreadPool(SIGNATURE_METHOD, baseString, privateKey);
  return oauthFor(input.login).toHeader({ ...oauth, oauth_signature: signature.toString('base64') }).Authorization;
}
