import type { InjectOptions } from 'fastify';
import { drawOne, drawWhole, type Random } from '../../support/random';

/** Turns the pairs of a genuine callback into a request that must be refused. */
type Spoil = (pairs: string, random: Random) => InjectOptions;

const URL = '/callbacks/default';
const get = (query: string): InjectOptions => ({ method: 'GET', url: `${URL}?${query}` });
const post = (
  payload: string | Buffer,
  contentType = 'application/x-www-form-urlencoded',
  query = '',
): InjectOptions => ({
  method: 'POST',
  url: URL + query,
  headers: { 'content-type': contentType },
  payload,
});

const SIGNED_NAMES = ['status', 'orderid', 'client_orderid', 'merchant_order', 'control'];
const METHODS = ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const;

const without = (pairs: string, name: string): string =>
  pairs
    .split('&')
    .filter((pair) => !pair.startsWith(`${name}=`))
    .join('&');
const rename = (pairs: string, name: string, to: string): string =>
  pairs
    .split('&')
    .map((pair) => (pair.startsWith(`${name}=`) ? `${to}${pair.slice(name.length)}` : pair))
    .join('&');
/** Puts something before the value of a field. */
const spoil = (pairs: string, name: string, before: string): string => pairs.replace(`&${name}=`, `&${name}=${before}`);

function randomBytes(random: Random, most: number): Buffer {
  return Buffer.from(Array.from({ length: drawWhole(random, 1, most) }, () => drawWhole(random, 0, 255)));
}

const ENCODINGS = '% %0 %zz %u0041 %00 %C0%AE %E0%80%AF %F4%90%80%80 %ED%A0%80 %FF %C3 +'.split(' ');
const PROTOTYPES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__proto__[status]'];

/** Every kind of hostile request to the callback route, by name. */
export const HOSTILE_CALLBACKS: readonly (readonly [string, Spoil])[] = [
  ['random bytes in the body', (_pairs, random) => post(randomBytes(random, 2_000))],
  ['random bytes in the query', (_pairs, random) => get(encodeURI(randomBytes(random, 500).toString('latin1')))],
  ['random percent bytes', (_pairs, random) => get(randomBytes(random, 300).toString('hex').replaceAll(/../g, '%$&'))],
  [
    'a signed name twice',
    (pairs, random) =>
      get(
        `${pairs}&${drawOne(
          random,
          pairs.split('&').filter((pair) => SIGNED_NAMES.some((name) => pair.startsWith(`${name}=`))),
        )}`,
      ),
  ],
  [
    'a signed name in query and body',
    (pairs, random) => post(pairs, undefined, `?${drawOne(random, SIGNED_NAMES)}=approved`),
  ],
  ['a signed name twice, once encoded', (pairs) => get(`${pairs}&%73tatus=approved`)],
  [
    'a bad encoding in an id',
    (pairs, random) => get(spoil(pairs, drawOne(random, ['orderid', 'client_orderid']), drawOne(random, ENCODINGS))),
  ],
  [
    'a bad encoding in the body',
    (pairs, random) => post(spoil(pairs, drawOne(random, ['orderid', 'client_orderid']), drawOne(random, ENCODINGS))),
  ],
  ['digits that are not ASCII', (pairs) => get(pairs.replace(/orderid=\d/, 'orderid=%EF%BC%91'))],
  ['a zero-width blank', (pairs) => get(spoil(pairs, 'client_orderid', '%E2%80%8B'))],
  [
    'names in another case',
    (pairs, random) => {
      const name = drawOne(random, ['status', 'control', 'orderid']);
      return get(rename(pairs, name, name.toUpperCase()));
    },
  ],
  ['a missing field', (pairs, random) => get(without(pairs, drawOne(random, ['status', 'control', 'orderid'])))],
  [
    'brackets after a name',
    (pairs, random) => {
      const name = drawOne(random, ['status', 'control', 'orderid']);
      return get(rename(pairs, name, `${name}[]`));
    },
  ],
  ['a prototype name', (pairs, random) => get(without(`${drawOne(random, PROTOTYPES)}=approved&${pairs}`, 'control'))],
  [
    'another endpoint',
    (pairs, random) => ({
      method: 'GET',
      url: `/callbacks/${drawOne(random, ['', 'other', 'DEFAULT', 'default%20', 'default%00', '__proto__', 'constructor', '..%2Fdefault', 'default/'])}?${pairs}`,
    }),
  ],
  ['semicolons for separators', (pairs) => get(pairs.replaceAll('&', ';'))],
  ['a megabyte of query', (pairs) => get(`${pairs}&x=${'a'.repeat(1_048_576)}`)],
  ['a megabyte of names', (pairs) => get(`${pairs}&${'a=1&'.repeat(262_144)}`)],
  ['a megabyte of body', (pairs) => post(`${pairs}&x=${'a'.repeat(1_048_576)}`)],
  ['more pairs than a callback has', (pairs) => get(`${pairs}${'&a=1'.repeat(64)}`)],
  ['another method', (pairs, random) => ({ method: drawOne(random, METHODS), url: `${URL}?${pairs}` })],
  [
    'JSON in the body',
    (pairs) => post(JSON.stringify(Object.fromEntries(new URLSearchParams(pairs))), 'application/json'),
  ],
  ['XML in the body', (pairs) => post(`<callback>${pairs}</callback>`, 'application/xml')],
  [
    'a multipart body',
    (pairs) =>
      post(
        `--b\r\nContent-Disposition: form-data; name="status"\r\n\r\n${pairs}\r\n--b--`,
        'multipart/form-data; boundary=b',
      ),
  ],
  ['UTF-16', (pairs) => post(Buffer.from(pairs, 'utf16le'), 'application/x-www-form-urlencoded; charset=utf-16le')],
  ['a byte order mark', (pairs) => post(`\uFEFF${pairs}`)],
  ['a body in pieces of text', (pairs) => post(pairs.slice(0, pairs.indexOf('control=') + 20))],
];
