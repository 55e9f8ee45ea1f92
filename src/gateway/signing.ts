import { type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import OAuth from 'oauth-1.0a';
import { encodeForm } from './form';

const SIGNATURE_METHOD = 'RSA-SHA256';
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

function toOAuthData(input: SigningInput): OAuth.Data {
  return {
    oauth_consumer_key: input.login,
    oauth_nonce: input.nonce,
    oauth_signature_method: SIGNATURE_METHOD,
    oauth_timestamp: input.timestampSeconds,
    oauth_version: '1.0',
  };
}

/** The library neither lower-cases hosts nor drops default ports, and lets a query overwrite body fields. */
function normaliseUrl(text: string): string {
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new RangeError('url: expected no query, fragment or user information');
  }
  return url.href;
}

/** The library signs undefined as text, loses `__proto__`, and merges its own parameters into the object it is given. */
function toPlainData(fields: SigningInput['fields']): Record<string, string> {
  const present = [...fields].filter((field): field is readonly [string, string] => field[1] !== undefined);
  const names = present.map(([name]) => name);
  if (new Set(names).size !== names.length || names.some((name) => name === '__proto__' || name.startsWith('oauth_'))) {
    throw new RangeError('fields: expected unique names, none of them reserved');
  }
  encodeForm(present);
  return Object.fromEntries(present);
}

/**
 * The OAuth 1.0a base string (RFC 5849 section 3.4.1) of a POST with a form body.
 * @throws RangeError on a URL with a query or on reserved or repeated names; FormError on text that is not well-formed.
 */
export function buildBaseString(input: SigningInput): string {
  const request = { url: normaliseUrl(input.url), method: 'POST', data: toPlainData(input.fields) };
  return oauthFor(input.login).getBaseString(request, toOAuthData(input));
}

/**
 * Signs a POST: RSASSA-PKCS1-v1_5 with SHA-256 over the base string, computed on the thread pool.
 * @returns the value of the `Authorization` header.
 * @throws what `buildBaseString` throws.
 */
export async function signRequest(input: SigningInput, privateKey: KeyObject): Promise<string> {
  const signature = await signOnThreadPool(SIGNATURE_METHOD, Buffer.from(buildBaseString(input), 'utf8'), privateKey);
  const data = { ...toOAuthData(input), oauth_signature: signature.toString('base64') };
  return oauthFor(input.login).toHeader(data).Authorization;
}
