import { BlockList, isIP } from 'node:net';

/** True for an address, or a network such as `192.168.0.0/16`; not for the whole Internet. */
export function isNetwork(network: string): boolean {
  const [address = '', bits, ...more] = network.split('/');
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return (
    longest > 0 &&
    more.length === 0 &&
    (bits === undefined || (/^[1-9][0-9]{0,2}$/.test(bits) && Number(bits) <= longest))
  );
}

const familyOf = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** Whether an address is in one of these networks. An IPv4 address is the same one when IPv6 wraps it. */
export function createNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}
