import fc from 'fast-check';
import { listFields, type Operation } from './contract';
import { HOSTILE_CSV } from './hostile-files';
import { MARKER } from './marker';

/** One request, ready to be sent. */
export interface ApiRequest {
  readonly operation: Operation;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string | Buffer;
  /** How it was spoiled, in our words. */
  readonly kind: string;
}

const JSON_HEADERS = { 'content-type': 'application/json' };

const PAYOUT = {
  clientOrderId: 'PO-000001',
  amount: '10.50',
  currency: 'EUR',
  description: 'Invoice 42',
  receiver: { firstName: 'José', lastName: "O'Neil", email: 'a@example.org', ipAddress: '192.0.2.1' },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000', bankName: 'Cool Bank' },
};
const BODIES: Readonly<Record<string, object>> = {
  startPayout: PAYOUT,
  startBatch: { batchId: 'FRIDAY', rows: [PAYOUT, { ...PAYOUT, clientOrderId: 'PO-000002' }] },
  resolvePayout: { reason: 'Jörg said so', outcome: 'declined' },
};
const ACT = { reason: 'Jörg said so' };

/** Text of JSON, not values: much of what is hostile is no value of JavaScript's. */
const HOSTILE_JSON = fc.oneof(
  fc.constantFrom('1'.repeat(400), ...'NaN Infinity -Infinity undefined 1e999 -0 0x10 01 .5 1.'.split(' ')),
  fc.constantFrom('" "', ...'null true [] {} "" [null] {"a":1} "\\u0000" "\\ud800" "\\udc00x" "\\u202e"'.split(' ')),
  fc.constantFrom(
    ...['__proto__', 'constructor', 'prototype', 'toString'].map((name) => `{"${name}":{"a":"${MARKER}"}}`),
  ),
  fc.constantFrom('['.repeat(5_000) + ']'.repeat(5_000), `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`),
  fc.constantFrom(
    `"${MARKER}${'a'.repeat(60_000)}"`,
    `"${MARKER}\\n"`,
    `"'; DROP TABLE payouts; --${MARKER}"`,
    `"<script>${MARKER}</script>"`,
  ),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => JSON.stringify(MARKER + text)),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => JSON.stringify(text + MARKER)),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify([value, MARKER])),
  fc.double().map(String),
  fc.bigInt().map(String),
);

const HOSTILE_PATHS = fc.oneof(
  fc.constantFrom(
    ...'% %zz %00 %2e%2e%2f ..%2f %c0%ae %ff %ed%a0%80 . .. %20 __proto__ constructor'.split(' '),
    ...'PO-1%0d%0aX-A:%20b PO-1;a=b PO-1#a'.split(' '),
    ...['a'.repeat(300), 'a'.repeat(10_000), `${MARKER}%`, `%2f${MARKER}`],
  ),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => encodeURIComponent(`!${MARKER}${text}`)),
);

const HOSTILE_HEADERS: readonly Readonly<Record<string, string>>[] = [
  { prefer: 'wait=NaN' },
  { prefer: `wait=${'9'.repeat(400)}` },
  { prefer: `${MARKER}, wait=0` },
  { 'idempotency-key': `${MARKER} blank` },
  { 'idempotency-key': 'a'.repeat(2_000) },
  { 'if-none-match': `${MARKER}"` },
  { 'content-type': `application/json; charset=utf-16` },
  { 'content-type': `text/${MARKER}` },
  { 'content-type': `application/json;${';'.repeat(500)}` },
  { 'content-encoding': 'gzip' },
  { accept: `application/${MARKER}` },
  { 'x-forwarded-for': MARKER, 'x-forwarded-host': MARKER, forwarded: MARKER },
  { 'x-http-method-override': 'DELETE' },
];

const HOSTILE_QUERIES = [
  ...`wait=NaN wait= wait=1e999 wait=-1 wait=61 wait=${MARKER} wait=0&wait=0 wait[]=1 wait=0x0`.split(' '),
  ...[`${MARKER}=1`, '%', '__proto__=1', 'constructor=1', 'a=1&'.repeat(2_000)],
];

const toUrl = (operation: Operation, id = 'PO-000001'): string => operation.path.replaceAll(/\{\w+\}/g, id);
const textOf = (operation: Operation): string => JSON.stringify(BODIES[operation.name] ?? ACT);

/** Puts JSON text in place of a field, or beside it under the same name. */
function replaceField(
  body: object,
  [name = '', ...rest]: readonly string[],
  put: { json: string; isBeside: boolean },
): string {
  if (Array.isArray(body)) {
    const items = body.map((item: object, at) =>
      String(at) === name ? replaceItem(item, rest, put) : JSON.stringify(item),
    );
    return `[${items.join(',')}]`;
  }
  const fields = Object.entries(body).flatMap(([known, value]) => {
    if (known !== name) return [`${JSON.stringify(known)}:${JSON.stringify(value)}`];
    const inner = rest.length > 0 && typeof value === 'object' ? replaceField(value, rest, put) : put.json;
    const pair = `${JSON.stringify(known)}:${inner}`;
    return put.isBeside && rest.length === 0 ? [`${JSON.stringify(known)}:${JSON.stringify(value)}`, pair] : [pair];
  });
  const isAbsent = !(name in body);
  const added = isAbsent && rest.length === 0 ? [`${JSON.stringify(name)}:${put.json}`] : [];
  return `{${[...fields, ...added].join(',')}}`;
}

const replaceItem = (item: object, rest: readonly string[], put: { json: string; isBeside: boolean }): string =>
  rest.length === 0 ? put.json : replaceField(item, rest, put);

/** Fields of rows: the contract says of a row only that it is a body of a payout. */
const ROW_FIELDS = [
  '',
  'amount',
  'clientOrderId',
  'metadata',
  'executeAt',
  'receiver.email',
  'destination.accountNumber',
];
const rowFieldsOf = ({ name }: Operation): readonly (readonly string[])[] =>
  name === 'startBatch' ? ROW_FIELDS.map((field) => ['rows', '1', ...field.split('.').filter(Boolean)]) : [];

function bodiesOf(operation: Operation): fc.Arbitrary<{ kind: string; payload: string | Buffer }> {
  const schema = operation.body;
  if (schema === null) return fc.constant({ kind: 'a body where none belongs', payload: `{"a":"${MARKER}"}` });
  const valid = BODIES[operation.name] ?? ACT;
  const field = fc.constantFrom(...listFields(schema), ...rowFieldsOf(operation));
  const spoiled = fc
    .record({ field, json: HOSTILE_JSON, isBeside: fc.boolean() })
    .map(({ field: path, json, isBeside }) => ({
      kind: `field ${path.join('.')}`,
      payload: replaceField(valid, path, { json, isBeside }),
    }));
  const unknown = fc
    .record({
      name: fc.constantFrom(`${MARKER} a`, '__proto__', 'constructor', 'callbackUrl', 'cvv', ''),
      json: HOSTILE_JSON,
    })
    .map(({ name, json }) => ({
      kind: 'a field that is unknown',
      payload: replaceField(valid, [name], { json, isBeside: true }),
    }));
  const whole = HOSTILE_JSON.map((json) => ({ kind: 'the whole body', payload: json }));
  const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => ({ kind: 'bytes', payload: Buffer.from(array) }));
  const cut = fc
    .nat(textOf(operation).length - 1)
    .map((at) => ({ kind: 'a body cut short', payload: textOf(operation).slice(0, at) }));
  return fc.oneof({ arbitrary: spoiled, weight: 6 }, unknown, whole, bytes, cut);
}

/** The request as it should be, then one with each hostile header and one with each hostile query: no seed leaves one out. */
export function fixedRequestsTo(operation: Operation): readonly ApiRequest[] {
  const base = validRequestTo(operation);
  return [
    base,
    ...HOSTILE_HEADERS.map((more) => ({ ...base, headers: { ...base.headers, ...more }, kind: 'headers' })),
    ...HOSTILE_QUERIES.map((query) => ({ ...base, url: `${base.url}?${query}`, kind: 'query' })),
    ...(operation.body === null ? [] : inLatin1(operation)),
  ];
}

/** A body that is right but for its encoding, named and not. */
export const LATIN_1 = 'a body in Latin-1';

function inLatin1(operation: Operation): readonly ApiRequest[] {
  const types = ['application/json', 'application/json; charset=utf-8', 'application/json; charset=iso-8859-1'];
  const payload = Buffer.from(textOf(operation), 'latin1');
  return types.map((type) => ({
    ...{ operation, url: toUrl(operation), payload, kind: LATIN_1 },
    headers: { 'content-type': type },
  }));
}

function validRequestTo(operation: Operation): ApiRequest {
  const headers: Readonly<Record<string, string>> = operation.method === 'POST' ? JSON_HEADERS : {};
  const valid = operation.body === null ? {} : { payload: textOf(operation) };
  return { operation, url: toUrl(operation), headers, ...valid, kind: 'as it should be' };
}

/** Requests to one operation of the contract: mostly hostile in one place, a few as they should be. */
export function requestsTo(operation: Operation): fc.Arbitrary<ApiRequest> {
  const base = validRequestTo(operation);
  const parts: fc.Arbitrary<ApiRequest>[] = [fc.constantFrom(...fixedRequestsTo(operation))];
  const bodies = bodiesOf(operation).map((body) => ({ ...base, ...body }));
  const paths = HOSTILE_PATHS.map((id) => ({ ...base, url: toUrl(operation, id), kind: 'path' }));
  if (operation.path.includes('{')) parts.push(paths);
  const asFile = { url: `${base.url}?batchId=FRIDAY`, headers: { 'content-type': 'text/csv' }, kind: 'a file' };
  if (operation.name === 'startBatch') parts.push(HOSTILE_CSV.map((payload) => ({ ...base, ...asFile, payload })));
  return operation.method === 'POST' ? fc.oneof(...parts, { arbitrary: bodies, weight: 6 }) : fc.oneof(...parts);
}

/** A body of ten megabytes, which is sent a few times only. */
export function oversized(operation: Operation): ApiRequest {
  const payload = `{"clientOrderId":"${'a'.repeat(10 * 1_048_576)}"}`;
  return { operation, url: toUrl(operation), headers: JSON_HEADERS, payload, kind: 'ten megabytes' };
}
