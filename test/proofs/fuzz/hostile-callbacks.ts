import type { InjectOptions } from 'fastify';
import { drawOne, drawWhole, type Random } from '../../support/random';

/** Turns the pairs of a genuine callback into a request that must be refused. */
type Spoil = (pairs: string, random: Random) => InjectOptions;

const URL = '/callbacks/default';
const get = (query: string, path = URL): InjectOptions => ({ method: 'GET', url: `${path}?${query}` });
const post = (payload: string | Buffer, type = 'application/x-www-form-urlencoded', query = ''): InjectOptions => ({
  ...{ method: 'POST', url: URL + query, headers: { 'content-type': type }, payload },
});

const SIGNED_NAMES = ['status', 'orderid', 'client_orderid', 'merchant_order', 'control'];
const READ_NAMES = ['status', 'control', 'orderid'];
const IDS = ['orderid', 'client_orderid'];
const OTHER_ENDPOINTS = ' other DEFAULT default%20 default%00 __proto__ constructor ..%2Fdefault default/'.split(' ');
const METHODS = ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'] as const;

/** Changes the pairs of this name. */
const edit = (pairs: string, name: string, by: (pair: string) => string[]): string =>
  pairs
    .split('&')
    .flatMap((pair) => (pair.startsWith(`${name}=`) ? by(pair) : [pair]))
    .join('&');
const without = (pairs: string, name: string): string => edit(pairs, name, () => []);
const rename = (pairs: string, name: string, to: string): string =>
  edit(pairs, name, (pair) => [to + pair.slice(name.length)]);
/** Puts something before the value of a field. */
const spoil = (pairs: string, name: string, before: string): string => pairs.replace(`&${name}=`, `&${name}=${before}`);

const randomBytes = (random: Random, most: number): Buffer =>
  Buffer.from(Array.from({ length: drawWhole(random, 1, most) }, () => drawWhole(random, 0, 255)));
/** The name in other letters, or with more of them. */
const renameOne = (pairs: string, random: Random, to: (name: string) => string): InjectOptions => {
  const name = drawOne(random, READ_NAMES);
  return get(rename(pairs, name, to(name)));
};
const spoilId = (pairs: string, random: Random): string =>
  spoil(pairs, drawOne(random, IDS), drawOne(random, ENCODINGS));
const isSigned = (pair: string): boolean => SIGNED_NAMES.some((name) => pair.startsWith(`${name}=`));

const ENCODINGS = '% %0 %zz %u0041 %00 %C0%AE %E0%80%AF %F4%90%80%80 %ED%A0%80 %FF %C3 +'.split(' ');
const JSON_TYPE = 'application/json';
const PART = 'Content-Disposition: form-data; name="status"';
const PROTOTYPES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__proto__[status]'];

/** Every kind of hostile request to the callback route, by name. */
export const HOSTILE_CALLBACKS: readonly (readonly [string, Spoil])[] = [
  ['random bytes in the body', (_pairs, random) => post(randomBytes(random, 2_000))],
  ['random bytes in the query', (_pairs, random) => get(encodeURI(randomBytes(random, 500).toString('latin1')))],
  ['random percent bytes', (_pairs, random) => get(randomBytes(random, 300).toString('hex').replaceAll(/../g, '%$&'))],
  ['a signed name twice', (pairs, random) => get(`${pairs}&${drawOne(random, pairs.split('&').filter(isSigned))}`)],
  ['a signed name in both', (pairs, random) => post(pairs, undefined, `?${drawOne(random, SIGNED_NAMES)}=approved`)],
  ['a signed name twice, once encoded', (pairs) => get(`${pairs}&%73tatus=approved`)],
  ['a bad encoding in an id', (pairs, random) => get(spoilId(pairs, random))],
  ['a bad encoding in the body', (pairs, random) => post(spoilId(pairs, random))],
  ['digits that are not ASCII', (pairs) => get(pairs.replace(/orderid=\d/, 'orderid=%EF%BC%91'))],
  ['a zero-width blank', (pairs) => get(spoil(pairs, 'client_orderid', '%E2%80%8B'))],
  ['names in another case', (pairs, random) => renameOne(pairs, random, (name) => name.toUpperCase())],
  ['a missing field', (pairs, random) => get(without(pairs, drawOne(random, READ_NAMES)))],
  ['brackets after a name', (pairs, random) => renameOne(pairs, random, (name) => `${name}[]`)],
  ['a prototype name', (pairs, random) => get(without(`${drawOne(random, PROTOTYPES)}=approved&${pairs}`, 'control'))],
  ['another endpoint', (pairs, random) => get(pairs, `/callbacks/${drawOne(random, OTHER_ENDPOINTS)}`)],
  ['semicolons for separators', (pairs) => get(pairs.replaceAll('&', ';'))],
  ['a megabyte of query', (pairs) => get(`${pairs}&x=${'a'.repeat(1_048_576)}`)],
  ['a megabyte of names', (pairs) => get(`${pairs}&${'a=1&'.repeat(262_144)}`)],
  ['a megabyte of body', (pairs) => post(`${pairs}&x=${'a'.repeat(1_048_576)}`)],
  ['more pairs than a callback has', (pairs) => get(`${pairs}${'&a=1'.repeat(64)}`)],
  ['another method', (pairs, random) => ({ method: drawOne(random, METHODS), url: `${URL}?${pairs}` })],
  ['JSON in the body', (pairs) => post(JSON.stringify(Object.fromEntries(new URLSearchParams(pairs))), JSON_TYPE)],
  ['XML in the body', (pairs) => post(`<callback>${pairs}</callback>`, 'application/xml')],
  ['a multipart body', (pairs) => post(`--b\r\n${PART}\r\n\r\n${pairs}\r\n--b--`, 'multipart/form-data; boundary=b')],
  ['UTF-16', (pairs) => post(Buffer.from(pairs, 'utf16le'), 'application/x-www-form-urlencoded; charset=utf-16le')],
  ['a byte order mark', (pairs) => post(`\uFEFF${pairs}`)],
  ['a body in pieces of text', (pairs) => post(pairs.slice(0, pairs.indexOf('control=') + 20))],
];
