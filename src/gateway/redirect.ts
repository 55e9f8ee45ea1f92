import { isIPv4 } from 'node:net';

/**
 * True for a host that never leaves this machine, or the private network of the demonstration's containers: names under `.localhost`
 * are reserved for that (RFC 6761). `hostname` as the URL class gives it, IPv6 in brackets.
 */
export function isLoopbackHost(hostname: string): boolean {
  if (hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  return hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}

const MAX_URL_LENGTH = 2048;
/** Printable ASCII without blanks, quotes, angle brackets and backslashes: what browsers and servers read the same way. */
const PLAIN_URL_PATTERN = /^https?:\/\/(?!\/)[!#-;=?-[\]^-~]+$/i;

/**
 * The address of the gateway's form when it is safe to send a browser there, else null: https (http only to loopback), no user
 * information, no control or non-ASCII characters, at most 2,048 characters, and one of `hosts` when a list is given (names with or
 * without a port). Returned in canonical form.
 */
export function toSafeRedirect(text: string, hosts: readonly string[] | null): string | null {
  if (text.length > MAX_URL_LENGTH || !PLAIN_URL_PATTERN.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.hostname === '') return null;
  if (url.protocol !== 'https:' && !isLoopbackHost(url.hostname)) return null;
  if (hosts !== null && !hosts.includes(url.host) && !hosts.includes(url.hostname)) return null;
  return url.href;
}
