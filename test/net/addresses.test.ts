import fc from 'fast-check';
import { isAllowedAddress, isLoopback } from '../../src/net/addresses';

const PUBLIC = [
  ...[
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
  ],
  ...['128.0.0.1', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '191.255.255.255', '192.0.1.0'],
  ...['192.0.3.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '198.51.99.255', '198.51.101.0'],
  ...['203.0.112.255', '203.0.114.0', '223.255.255.255', '168.63.129.15', '168.63.129.17'],
  ...[
    '2606:4700:4700::1111',
    '2001:4860:4860::8888',
    '2a00:1450::1',
    '2003::1',
    '2001:200::1',
    '3ffe::1',
    '2400::',
    '2620:fe::fe',
  ],
];
/** Allowed only to a subscriber that may be private. */
const PRIVATE = [
  ...[
    '10.0.0.0',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.0',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.0',
    '127.0.0.1',
  ],
  ...[
    '127.0.0.2',
    '127.1.2.3',
    '127.255.255.255',
    '172.16.0.0',
    '172.16.0.1',
    '172.20.10.1',
    '172.31.255.255',
    '192.168.0.0',
  ],
  ...['192.168.0.1', '192.168.1.1', '192.168.255.255', '100.100.100.199', '100.100.100.201'],
  ...[
    '::1',
    '0:0:0:0:0:0:0:1',
    'fc00::',
    'fc00::1',
    'fd00::1',
    'fd12:3456:789a::1',
    'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ],
];
/** Allowed to nobody: metadata, link-local, documentation, multicast, reserved, and IPv4 in disguise. */
const NEVER = [
  ...['0.0.0.0', '0.0.0.1', '0.255.255.255', '100.100.100.200', '168.63.129.16', '169.254.0.0', '169.254.0.1'],
  ...[
    '169.254.169.254',
    '169.254.170.2',
    '169.254.169.253',
    '169.254.255.255',
    '192.0.0.0',
    '192.0.0.8',
    '192.0.0.170',
  ],
  ...[
    '192.0.0.171',
    '192.0.0.192',
    '192.0.2.0',
    '192.0.2.1',
    '192.0.2.255',
    '192.88.99.0',
    '192.88.99.1',
    '192.88.99.255',
  ],
  ...['198.18.0.0', '198.18.0.1', '198.19.255.255', '198.51.100.0', '198.51.100.1', '198.51.100.255', '203.0.113.0'],
  ...['203.0.113.1', '203.0.113.255', '224.0.0.0', '224.0.0.1', '224.0.0.251', '239.255.255.250', '239.255.255.255'],
  ...['240.0.0.0', '240.0.0.1', '250.1.2.3', '255.255.255.254', '255.255.255.255'],
  ...[
    '::',
    '0:0:0:0:0:0:0:0',
    '::2',
    '::7f00:1',
    '::127.0.0.1',
    '::10.0.0.1',
    '::169.254.169.254',
    '::8.8.8.8',
    '::ffff:0:0',
  ],
  ...[
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::FFFF:127.0.0.1',
    '0:0:0:0:0:ffff:7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
  ],
  ...[
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '::ffff:192.168.1.1',
    '::ffff:8.8.8.8',
    '::ffff:808:808',
    '::ffff:0.0.0.0',
  ],
  ...[
    '::ffff:0:127.0.0.1',
    '::ffff:0:8.8.8.8',
    '64:ff9b::',
    '64:ff9b::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
  ],
  ...[
    '64:ff9b::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::',
    '64:ff9b:1::1',
    '64:ff9b:1:ffff::1',
  ],
  ...[
    '100::',
    '100::1',
    '100:0:0:1::1',
    '2001::',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:2::1',
    '2001:10::1',
  ],
  ...[
    '2001:20::1',
    '2001:1ff:ffff::1',
    '2001:db8::',
    '2001:db8::1',
    '2001:db8:ffff::1',
    '2002::',
    '2002::1',
    '2002:7f00:1::',
  ],
  ...[
    '2002:7f00:1::1',
    '2002:a00:1::1',
    '2002:a9fe:a9fe::1',
    '2002:808:808::1',
    '3fff::',
    '3fff::1',
    '3fff:fff::1',
    '5f00::1',
  ],
  ...[
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fe80::',
    'fe80::1',
    'fe80::a9fe:a9fe',
    'fe80::1%eth0',
    'fe80::1%1',
  ],
  ...[
    'febf:ffff::1',
    'fec0::1',
    'feff::1',
    'ff00::',
    'ff01::1',
    'ff02::1',
    'ff02::2',
    'ff02::fb',
    'ff05::1',
    'ff0e::1',
  ],
  ...[
    '4000::1',
    '8000::1',
    'a000::1',
    'c000::1',
    'e000::1',
    'f000::1',
    '1::1',
    '1fff::1',
    '::1%lo',
    '2606:4700::1%eth0',
  ],
];
/** Not addresses at all. */
const NONSENSE = [
  ...[
    '',
    ' ',
    'localhost',
    'example.com',
    '127.1',
    '127.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
    '017700000001',
    '2130706433',
    '1.2.3',
  ],
  ...[
    '1.2.3.4.5',
    '256.1.1.1',
    '01.02.03.04',
    '127.0.0.1 ',
    '127.0.0.1:80',
    '[::1]',
    '::1]',
    ':::1',
    '1:2:3',
    '::g',
    '1.1.1.1/8',
  ],
];

const refusedOf = (addresses: readonly string[], allowPrivate: boolean) =>
  addresses.filter((address) => !isAllowedAddress(address, { allowPrivate }));

describe('an address that may be connected to', () => {
  it('is any public one', () => {
    expect(refusedOf(PUBLIC, false)).toEqual([]);
    expect(refusedOf(PUBLIC, true)).toEqual([]);
  });

  it('is a private one only when allowed', () => {
    expect(refusedOf(PRIVATE, false)).toEqual(PRIVATE);
    expect(refusedOf(PRIVATE, true)).toEqual([]);
  });

  it('is never metadata, link-local, reserved, or an IPv4 address in disguise', () => {
    expect(refusedOf(NEVER, false)).toEqual(NEVER);
    expect(refusedOf(NEVER, true)).toEqual(NEVER);
    expect(refusedOf(NONSENSE, true)).toEqual(NONSENSE);
  });

  it('is decided by a corpus of 200 and more', () => {
    const corpus = new Set([...PUBLIC, ...PRIVATE, ...NEVER, ...NONSENSE]);
    expect(corpus.size).toBeGreaterThanOrEqual(200);
  });

  it('is no form of IPv6 that holds a private IPv4 address, whichever that is', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), ([a, b, c, d]) => {
        const dotted = [a, b, c, d].join('.');
        const hex = `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
        const forms = [`::ffff:${dotted}`, `::${dotted}`, `64:ff9b::${dotted}`, `::ffff:0:${dotted}`, `2002:${hex}::1`];
        expect(forms.filter((form) => form !== '::0.0.0.1' && isAllowedAddress(form, { allowPrivate: true }))).toEqual(
          [],
        );
      }),
    );
  });
});

it.each([
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'api.localhost',
    '127.0.0.1',
    '127.9.9.9',
    '127.0.0.1.',
    '::1',
    '[::1]',
  ].map((host) => [host, true] as const),
  ...[
    '',
    '.',
    '0.0.0.0',
    '::',
    '10.0.0.7',
    '128.0.0.1',
    '::ffff:127.0.0.1',
    '::1.example',
    'localhost:80',
    'temporal',
  ].map((host) => [host, false] as const),
  ...['127.evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', 'evillocalhost', '[::1', '127.1'].map(
    (host) => [host, false] as const,
  ),
])('%s is this machine: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
