import { type KeyObject, verify } from 'node:crypto';
import { type Pair, percentEncode } from './form';

/** Why a signature is not accepted; each is answered with HTTP 403. */
export type SignatureFault =
  | 'missing_authorization'
  | 'malformed_authorization'
  | 'wrong_signature_method'
  | 'unknown_consumer'
  | 'bad_signature';

export type SignatureVerdict =
  | { readonly valid: true; readonly nonce: string; readonly timestampSeconds: number }
  | { readonly valid: false; readonly fault: SignatureFault };

export interface SignedRequest {
  /** The public URL the caller signed, without a query. */
  readonly url: string;
  readonly body: readonly Pair[];
  readonly authorization: string | undefined;
}

export interface Signer {
  /** The login, which is also the consumer key. */
  readonly login: string;
  readonly publicKey: KeyObject;
}

const PARAMETER = /^\s*([A-Za-z_]+)="([^"]*)"\s*$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Reads `OAuth name="value", …`; null when it is no such header or repeats a name. */
export function parseAuthorization(header: string): ReadonlyMap<string, string> | null {
  const scheme = /^OAuth\s+/i.exec(header);
  if (scheme === null) return null;
  const parameters = new Map<string, string>();
  for (const part of header.slice(scheme[0].length).split(',')) {
    const [, name, value] = PARAMETER.exec(part) ?? [];
    if (name === undefined || value === undefined || parameters.has(name)) return null;
    try {
      parameters.set(name, decodeURIComponent(value));
    } catch {
      return null;
    }
  }
  return parameters;
}

/** The text that is signed (protocol 1.2): POST, the normalised URL and the parameters in byte order. */
export function buildBaseString(url: string, parameters: readonly Pair[]): string {
  const { protocol, host, pathname } = new URL(url);
  const sorted = parameters
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort((left, right) => compare(left[0], right[0]) || compare(left[1], right[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return ['POST', percentEncode(`${protocol}//${host}${pathname}`), percentEncode(sorted)].join('&');
}

/** Encoded texts are ASCII, so comparing code units is comparing bytes. */
function compare(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Checks an OAuth 1.0a RSA-SHA256 header against the body it came with. Does not look at time or nonce memory. */
export function verifySignature(request: SignedRequest, signer: Signer): SignatureVerdict {
  if (request.authorization === undefined) return { valid: false, fault: 'missing_authorization' };
  const header = parseAuthorization(request.authorization);
  const signature = header?.get('oauth_signature');
  const nonce = header?.get('oauth_nonce');
  const timestamp = header?.get('oauth_timestamp');
  if (header === null || signature === undefined || !nonce || !/^\d{1,12}$/.test(timestamp ?? '')) {
    return { valid: false, fault: 'malformed_authorization' };
  }
  if ((header.get('oauth_version') ?? '1.0') !== '1.0') return { valid: false, fault: 'malformed_authorization' };
  if (header.get('oauth_signature_method') !== 'RSA-SHA256') return { valid: false, fault: 'wrong_signature_method' };
  if (header.get('oauth_consumer_key') !== signer.login) return { valid: false, fault: 'unknown_consumer' };
  const signed = [...header].filter(([name]) => name !== 'oauth_signature' && name !== 'realm');
  const base = buildBaseString(request.url, [...request.body.filter(([name]) => !header.has(name)), ...signed]);
  const matches =
    BASE64.test(signature) &&
    verify('RSA-SHA256', Buffer.from(base, 'utf8'), signer.publicKey, Buffer.from(signature, 'base64'));
  return matches
    ? { valid: true, nonce, timestampSeconds: Number(timestamp) }
    : { valid: false, fault: 'bad_signature' };
}
