import { isLoopbackHost, toSafeRedirect } from '../../src/gateway/redirect';

const SAFE = 'https://sandbox.example.com/paynet/form/redirect/6768788/1xntDsxIkbphQI-EXriKF0';

test.each([
  SAFE,
  'https://g.example/?a=b&c=%20#x',
  'http://127.0.0.1:8080/form',
  'http://localhost/form',
  'http://[::1]:1/form',
])('%s is safe', (url) => {
  expect(toSafeRedirect(url, null)).toBe(url);
});

test.each([
  '',
  'http://sandbox.example.com/form',
  '//evil.example/form',
  '/form',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'https:\\\\evil.example',
  'https://evil.example\\@sandbox.example.com/',
  'https://user@evil.example/',
  'https://user:secret@evil.example/',
  'https://sandbox.example.com@evil.example/',
  'https://exаmple.com/',
  'https://g.example/é',
  'https://g.example/a b',
  ' https://g.example/',
  'https://g.example/"x',
  'https://g.example/<x>',
  'https://',
  'https://:443/',
  'javascript:alert(1)',
  'JavaScript:alert(1)//https://g.example',
  'data:text/html,x',
  'ftp://g.example/',
  'file:///etc/passwd',
  'http://127.0.0.1.evil.example/',
  'http://localhost.evil.example/',
  'http://0.0.0.0/',
  `https://g.example/${'a'.repeat(2_048)}`,
])('%s is refused', (url) => {
  expect(toSafeRedirect(url, null)).toBeNull();
});

test('no control, blank or non-ASCII byte passes, wherever it stands', () => {
  const bad = [...Array(256).keys()]
    .filter((code) => code <= 0x20 || code >= 0x7f)
    .map((code) => String.fromCharCode(code));
  expect(bad).toHaveLength(162);
  const urls = bad.flatMap((char) => [
    `${char}${SAFE}`,
    `https:${char}//g.example/`,
    `https://g.exa${char}mple/`,
    `${SAFE}${char}x`,
    `${SAFE}${char}`,
  ]);
  expect(urls.filter((url) => toSafeRedirect(url, null) !== null)).toEqual([]);
});

test('a list of hosts is exact', () => {
  const hosts = ['sandbox.example.com', 'g.example:8443'];
  expect(toSafeRedirect(SAFE, hosts)).toBe(SAFE);
  expect(toSafeRedirect('https://SANDBOX.example.com/x', hosts)).toBe('https://sandbox.example.com/x');
  expect(toSafeRedirect('https://g.example:8443/x', hosts)).toBe('https://g.example:8443/x');
  for (const url of [
    'https://g.example/x',
    'https://sandbox.example.com.evil.example/',
    'https://evil.sandbox.example.com/',
  ]) {
    expect(toSafeRedirect(url, hosts)).toBeNull();
  }
  expect(toSafeRedirect(SAFE, [])).toBeNull();
});

test('loopback hosts', () => {
  expect(['localhost', '127.0.0.1', '127.8.8.8', '[::1]'].filter(isLoopbackHost)).toHaveLength(4);
  expect(
    ['0.0.0.0', '127.evil.example', '::1.example', '10.0.0.1', 'localhost.example'].filter(isLoopbackHost),
  ).toEqual([]);
});
