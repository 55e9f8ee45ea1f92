import { hash, type KeyObject, randomBytes, sign, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { percentEncode } from './form';

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

type Parameters = Iterable<readonly [string, string | undefined]>;

/** By UTF-16 units, as the encoded names and values here are ASCII. Never called with two equal names. */
function byText(left: string, right: string): number {
  // Stryker disable next-line EqualityOperator: names are unique
  return left < right ? -1 : 1;
}

/** Section 3.4.1.2: `URL` lower-cases scheme and host, and drops a default port. */
function normaliseUrl(text: string): string {
  const url = new URL(text);
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new RangeError('url: expected no query, fragment or user information');
  }
  return url.href;
}

/** Section 3.4.1.3.2. Names are unique, so sorting by the encoded name is enough. */
function normaliseParameters(parameters: Parameters): string {
  const present = [...parameters].filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  if (new Set(present.map(([name]) => name)).size !== present.length) {
    throw new RangeError('parameters: expected unique names');
  }
  return present
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([left], [right]) => byText(left, right))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/**
 * The OAuth 1.0a base string (RFC 5849 section 3.4.1) of a POST. `parameters` are the body fields and the `oauth_*` parameters but the
 * signature; undefined values are left out.
 * @throws RangeError on a URL with a query, on repeated names, and on text that is not well-formed.
 */
export function buildBaseString(url: string, parameters: Parameters): string {
  return ['POST', normaliseUrl(url), normaliseParameters(parameters)].map(percentEncode).join('&');
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
  const baseString = Buffer.from(buildBaseString(input.url, parameters));
  const signature = await signOnThreadPool(SIGNATURE_METHOD, baseString, privateKey);
  const header = { ...oauth, oauth_signature: signature.toString('base64') };
  return `OAuth ${Object.entries(header)
    .sort(([left], [right]) => byText(left, right))
    .map(([name, value]) => `${name}="${percentEncode(String(value))}"`)
    .join(', ')}`;
}

/**
 * The gateway's `control`: lower-case hex SHA-1 of all parts and the control key, joined without a delimiter, as UTF-8.
 * @throws RangeError when the key is empty: anyone could compute such a control.
 */
function hashControl(parts: readonly string[], controlKey: string): string {
  if (controlKey === '') throw new RangeError('controlKey: expected a text that is not empty');
  return hash('sha1', `${parts.join('')}${controlKey}`);
}

/** What the control of a v2 status request covers; a missing order id counts as empty. */
export interface StatusControlParts {
  readonly login: string;
  readonly clientOrderId: string;
  readonly orderId: string | null;
}

/**
 * Control of `/api/v2/status`. Equal to the control of a full return of the same order, so it must never reach a log.
 * @throws RangeError when the key is empty.
 */
export function statusControl(parts: StatusControlParts, controlKey: string): string {
  return hashControl([parts.login, parts.clientOrderId, parts.orderId ?? ''], controlKey);
}

/** What the control of a callback covers: no amount, no currency, no type, no time. */
export interface CallbackControlParts {
  readonly status: string;
  readonly orderId: string;
  readonly clientOrderId: string;
}

/** Control of a callback, over decoded values. @throws RangeError when the key is empty. */
export function callbackControl(parts: CallbackControlParts, controlKey: string): string {
  return hashControl([parts.status, parts.orderId, parts.clientOrderId], controlKey);
}

/** Compares in constant time whatever the lengths are: both texts are hashed first. */
export function isSameControl(expected: string, given: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(expected), digest(given));
}
