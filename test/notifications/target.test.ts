import { isAllowedTarget } from '../../src/notifications/target';

const FINE = [
  ...[
    'https://hooks.example.com/',
    'https://hooks.example.com',
    'https://hooks.example.com:443/a/b',
    'https://hooks.example.com:8443/',
  ],
  ...[
    'https://hooks.example.com/a?token=1&x=2',
    'https://1.1.1.1/',
    'https://[2606:4700:4700::1111]/',
    'https://xn--bcher-kva.example/',
  ],
];
/** Fine for a subscriber that may be private. */
const PRIVATE = [
  ...[
    'http://localhost:3001/',
    'http://127.0.0.1/',
    'http://127.0.0.1:8099/hook',
    'http://[::1]:9/',
    'https://10.0.0.7/',
    'https://localhost/',
  ],
  ...[
    'https://erp.internal:9443/',
    'https://hooks.example.com:22/',
    'https://[fd12::1]/',
    'http://erp.localhost:80/',
    'https://192.168.1.1:8443/',
  ],
  ...['https://0x7f.1/', 'https://2130706433/', 'https://0177.0.0.1/', 'https://127.1/', 'https://0x7f000001/'],
];
const NEVER = [
  ...[
    '',
    'x',
    'hooks.example.com',
    '//hooks.example.com',
    'ftp://hooks.example.com/',
    'file:///etc/passwd',
    'gopher://x/',
    'data:,x',
  ],
  ...[
    'javascript:alert(1)',
    'http://hooks.example.com/',
    'http://10.0.0.7/',
    'http://1.1.1.1/',
    'http://erp.internal/',
  ],
  ...['https://user@hooks.example.com/', 'https://user:pass@hooks.example.com/', 'https://:pass@hooks.example.com/'],
  ...[
    'https://hooks.example.com/#x',
    'https://169.254.169.254/',
    'http://169.254.169.254/latest/meta-data',
    'https://[fe80::1]/',
  ],
  ...[
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://0251.0376.0251.0376/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::]/',
  ],
  ...[
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://0.0.0.0/',
    'https://0/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
  ],
  ...[
    'https:///hooks.example.com',
    'https://hooks.example.com\\@evil.example/',
    'https://hooks.exam ple.com/',
    'https://bücher.example/',
  ],
  ...[
    'https://hooks.example.com/\n',
    'https://hooks.example.com/"',
    `https://hooks.example.com/${'a'.repeat(2_048)}`,
    'https://',
  ],
];

const refusedOf = (urls: readonly string[], allowPrivate: boolean) =>
  urls.filter((url) => !isAllowedTarget(url, { allowPrivate }));

it('a URL of a public host over https, on its usual ports', () => {
  expect(refusedOf(FINE, false)).toEqual([]);
  expect(refusedOf(FINE, true)).toEqual([]);
});

it('a private one, another port, or http to this machine, only when allowed', () => {
  expect(refusedOf(PRIVATE, false)).toEqual(PRIVATE);
  expect(refusedOf(PRIVATE, true)).toEqual([]);
});

it('nothing else', () => {
  expect(refusedOf(NEVER, false)).toEqual(NEVER);
  expect(refusedOf(NEVER, true)).toEqual(NEVER);
});
