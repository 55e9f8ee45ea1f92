import { generateKeyPairSync } from 'node:crypto';
import { assertReturnAddress, assertSigningKey, toCommandUrls } from '../../src/gateway/endpoint';
import { KEY_PAIR } from './samples';

test('paths of an endpoint and of a group, under the context path', () => {
  const endpoint = toCommandUrls('https://sandbox.example.com/paynet/', { kind: 'endpoint', id: '1144' });
  expect(endpoint.payout.href).toBe('https://sandbox.example.com/paynet/api/v4/payout/1144');
  const group = toCommandUrls('https://Gate.example.com:443', { kind: 'group', id: '22' });
  expect(Object.values(group).map(String)).toEqual([
    'https://gate.example.com/api/v4/payout/group/22',
    'https://gate.example.com/api/v2/status/group/22',
    'https://gate.example.com/api/v4/status/group/22',
  ]);
});

test.each([
  'http://gate.example.com/p',
  'ftp://127.0.0.1/p',
  '/paynet',
  '',
  'https://u:p@gate.example.com/p',
  'https://gate.example.com/p?a=1',
  'https://gate.example.com/p#x',
])('base URL %s is refused without repeating it', (baseUrl) => {
  expect(() => toCommandUrls(baseUrl, { kind: 'endpoint', id: '1' })).toThrow(/^baseUrl: expected [a-z ,()]+$/i);
});

test.each(['', 'a', '1/2', '../3', '1 '])('target id %j is refused', (id) => {
  expect(() => toCommandUrls('https://g.example', { kind: 'endpoint', id })).toThrow(RangeError);
});

test('only a private RSA key of 2048 bits or more signs', () => {
  expect(() => assertSigningKey(KEY_PAIR.privateKey)).not.toThrow();
  const others = [
    KEY_PAIR.publicKey,
    generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ];
  for (const key of others) expect(() => assertSigningKey(key)).toThrow(RangeError);
});

test('return addresses', () => {
  expect(() => assertReturnAddress('callbackUrl', 'http://cp.example.org/cb')).not.toThrow();
  for (const url of ['', 'cp.example.org', 'ftp://cp.example.org', 'https://u@cp.example.org/']) {
    expect(() => assertReturnAddress('callbackUrl', url)).toThrow(RangeError);
  }
});
