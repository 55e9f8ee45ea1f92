import { BlockList, isIP } from 'node:net';

type Range = readonly [network: string, prefix: number];

/** This machine and private networks. A subscriber there has to be allowed by name. */
const PRIVATE_V4: readonly Range[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];
const PRIVATE_V6: readonly Range[] = [
  ['::1', 128],
  ['fc00::', 7],
];

/** Never a subscriber's: unspecified, metadata of clouds, link-local, documentation, multicast, reserved (IANA). */
const NEVER_V4: readonly Range[] = [
  ['0.0.0.0', 8],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const NEVER_V6: readonly Range[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['fd00:ec2::', 32],
  ['fd20:ce::', 32],
];
/** Global unicast. Anything else wraps an IPv4 address or is reserved. */
const PUBLIC_V6: readonly Range[] = [['2000::', 3]];

const blockListOf = (family: 'ipv4' | 'ipv6', ranges: readonly Range[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
};
const PRIVATE = { ipv4: blockListOf('ipv4', PRIVATE_V4), ipv6: blockListOf('ipv6', PRIVATE_V6) };
const NEVER = { ipv4: blockListOf('ipv4', NEVER_V4), ipv6: blockListOf('ipv6', NEVER_V6) };
const PUBLIC = blockListOf('ipv6', PUBLIC_V6);

/**
 * True for an address to which a notification may be sent. IPv6 forms of IPv4 addresses (mapped, translated, NAT64, 6to4) are never
 * among them: which address they reach is decided elsewhere.
 */
export function isAllowedAddress(address: string, { allowPrivate }: { allowPrivate: boolean }): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (NEVER[family].check(address, family)) return false;
  if (PRIVATE[family].check(address, family)) return allowPrivate;
  return family === 'ipv4' || PUBLIC.check(address, 'ipv6');
}

/** A host as it is compared and looked up: lower case, IPv6 without brackets, no dot at the end. */
export function toPlainHost(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$|\.$/g, '$1');
}

/**
 * The one rule for what never leaves this machine: 127.0.0.0/8, ::1, `localhost` and the names under it, which are reserved for that
 * (RFC 6761) and which the demonstration's containers have among themselves. Takes a host as a URL, a `Host` header or a setting has it.
 */
export function isLoopback(host: string): boolean {
  const name = toPlainHost(host);
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}
