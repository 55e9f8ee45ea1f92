import { isIP } from 'node:net';
import { isAllowedAddress, isLoopback, toPlainHost } from '../net/addresses';

const MAX_URL_LENGTH = 2_048;
/** Printable ASCII without blanks, quotes, angle brackets and backslashes: what every reader reads the same way. */
const PLAIN_URL_PATTERN = /^https?:\/\/(?!\/)[!#-;=?-[\]^-~]+$/i;
/** Where services for other organisations listen; other ports of theirs are none of our business. */
const PUBLIC_PORTS = ['', '443', '8443'];

export const TARGET_RULE =
  'an https URL on port 443 or 8443 to a public host, without user, password or fragment (http or other ports to private ones only)';

/**
 * True for a URL that may be a subscriber's as far as the URL tells; what a name resolves to is decided when it is connected to. The URL
 * class has already read numbers like `0x7f.1` as the addresses they are.
 */
export function isAllowedTarget(text: string, { allowPrivate }: { allowPrivate: boolean }): boolean {
  if (text.length > MAX_URL_LENGTH || !PLAIN_URL_PATTERN.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  const host = toPlainHost(url.hostname);
  if (url.username !== '' || url.password !== '' || url.hash !== '' || host === '') return false;
  if (isIP(host) === 0 ? isLoopback(host) && !allowPrivate : !isAllowedAddress(host, { allowPrivate })) return false;
  if (url.protocol === 'https:') return allowPrivate || PUBLIC_PORTS.includes(url.port);
  return allowPrivate && isLoopback(host);
}
