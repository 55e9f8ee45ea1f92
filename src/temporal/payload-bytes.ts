import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Payload } from '@temporalio/common';

/**
 * A Payload as its protobuf message (`temporal.api.common.v1.Payload`: `map<string, bytes> metadata = 1; bytes data = 2`), so that any
 * other SDK or tool can read what was inside. Written out here because the package that holds Temporal's own messages is not ours to import.
 */
const METADATA_TAG = 0x0a;
const DATA_TAG = 0x12;

function lengthBytes(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function field(tag: number, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(value.length)]), value]);
}

/** @throws Error for a payload stored outside of Temporal, of which only a reference would be sealed */
export function writePayload({ metadata, data, externalPayloads }: Payload): Buffer {
  if (externalPayloads?.length) throw new Error('expected a payload that is not stored elsewhere');
  const entries = Object.entries(metadata ?? {}).map(([name, value]) =>
    field(METADATA_TAG, Buffer.concat([field(0x0a, Buffer.from(name)), field(0x12, value)])),
  );
  return Buffer.concat(data?.length ? [...entries, field(DATA_TAG, data)] : entries);
}

/** The fields of a message that holds nothing but length-delimited ones, in order. */
function readFields(bytes: Buffer): { tag: number; value: Buffer }[] {
  const fields: { tag: number; value: Buffer }[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes.readUInt8(at);
    at += 1;
    let length = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes.readUInt8(at);
      at += 1;
      length += (byte % 128) * scale;
      if (byte < 128) break;
    }
    if (at + length > bytes.length) throw new RangeError('expected a whole field');
    fields.push({ tag, value: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

/** @throws Error when these are not the bytes of a payload that we wrote */
export function readPayload(bytes: Buffer): Payload {
  const metadata: [string, Uint8Array][] = [];
  let data: Uint8Array = new Uint8Array();
  for (const { tag, value } of readFields(bytes)) {
    if (tag === DATA_TAG) data = new Uint8Array(value);
    else if (tag === METADATA_TAG) metadata.push(readEntry(value));
    else throw new Error('expected the fields of a payload');
  }
  return { metadata: Object.fromEntries(metadata), data };
}

function readEntry(bytes: Buffer): [string, Uint8Array] {
  const fields = readFields(bytes);
  const of = (tag: number) => fields.find((candidate) => candidate.tag === tag)?.value ?? Buffer.alloc(0);
  return [of(0x0a).toString(), new Uint8Array(of(0x12))];
}

/**
 * What payloads of payouts have in common, most frequent last: deflate finds it here, so that small payloads become smaller too.
 * Everything stored was packed with it: it never changes. Another one gets another mark, and this one stays to read what is stored.
 */
const DICTIONARY = Buffer.from(
  [
    '{"seq":3,"attempt":1,"activity_id":"3","original_schedule_time":{"seconds":17,"nanos":0}}"payout.declined""payout.needs_review"',
    '{"id":"","actor":"","reason":"","action":"resolve","resolution":"declined"}"holder":"","firstName":"","lastName":"","email":"","phone":"","country":"DE",',
    '"type":"card","cardNumber":"","expireMonth":"","expireYear":"","cardHolder":""needs_review""awaiting_receiver""unconfirmed""rejected""filtered"',
    '{"ended":false,"answer":{"found":false,"reason":"unknown"}}{"ended":true,"answered":true,"noAnswer":"silent"}"status":"processing","statusText":"processing"',
    '{"fingerprint":"","by":""}',
    '{"endpoint":"default","kind":"poll","clientOrderId":"","orderId":"","timeoutMs":20000,"known":{"redirectTo":null,"oddity":null},"everyMs":4000,"forMs":300000,"pollingSinceMs":17',
    '{"outcome":"accepted","orderId":"","serialNumber":"00000000-0000-0000-0000-000000000000","endpointId":""}',
    ',"policy":{"pollPlan":[{"everyMs":4000,"untilMs":300000},{"everyMs":300000,"untilMs":3600000},{"everyMs":3600000,"untilMs":86400000},{"everyMs":21600000,"untilMs":1209600000}],',
    '"backoff":{"gapsMs":[5000,15000,30000,60000,120000,300000,600000,900000],"thenEveryMs":3600000,"untilMs":86400000},"confirmWithinMs":60000,"submitTimeoutMs":45000,"answerTimeoutMs":20000,',
    '"sendAgain":{"firstMs":1000,"longestMs":300000,"untilMs":86400000}},"callbackUrl":"https://","redirectUrl":"https:///receiver/return","notify":true}',
    '","state":"approved","attention":null,"reason":null,"orderId":"","redirectTo":null,"actualAmount":"","actualCurrency":"EUR","settledBy":"callback","confirmed":true,"claim":null,"agreedAtMs":{"callback":17,"poll":17},',
    '"sendAttempts":1,"createdAtMs":17,"updatedAtMs":17,"settledAtMs":17,"unconfirmedSinceMs":null,"followedSinceMs":17,"pollingSinceMs":17,"lastAskedAtMs":17,"notSentAtMs":null,"polling":"fast","confirmationGivenUp":false,',
    '"evidence":[{"source":"submission","what":"accepted","orderId":"","stage":null,"serialNumber":"","contradicts":false,"atMs":17,"lastAtMs":17,"times":1},{"source":"callback","what":"approved","orderId":"","stage":null,"serialNumber":null,"contradicts":false,"atMs":17,"lastAtMs":17,"times":1}],"evidenceDropped":0}',
    '{"endpoint":"default","report":{"source":"callback","status":"approved","statusText":"approved","subject":"payout","transactionType":"payout","orderId":"","amount":"","currency":"EUR","stage":null,"serialNumber":null,"redirectTo":null,"reason":null,"processorTxId":null}}',
    '{"found":true,"report":{"source":"poll","status":"approved","statusText":"approved","subject":"payout","transactionType":"payout","orderId":"","amount":"","currency":"EUR","stage":null,"serialNumber":"","redirectTo":null,"reason":null,"processorTxId":null}}',
    '{"endpoint":"default","request":{"clientOrderId":"","amount":"","currency":"EUR","receiver":{},"extraFields":{},"destination":{"type":"bank_account","accountNumber":"DE',
    'encodingjson/plain',
  ].join(''),
);

const PLAIN = 0;
const DEFLATED = 1;
/** Above what the server stores of one payload. What is longer is left as it is: the server refuses it, where deflated it would be stored and never read. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The shorter of the bytes as they are and the bytes deflated, after a mark that says which. */
export function pack(bytes: Buffer): Buffer {
  const deflated = deflateRawSync(bytes, { dictionary: DICTIONARY, level: 9 });
  return deflated.length < bytes.length && bytes.length <= MOST_BYTES
    ? Buffer.concat([Buffer.of(DEFLATED), deflated])
    : Buffer.concat([Buffer.of(PLAIN), bytes]);
}

/** @throws Error for bytes that `pack` did not make */
export function unpack(packed: Buffer): Buffer {
  const bytes = packed.subarray(1);
  if (packed[0] === PLAIN) return bytes;
  if (packed[0] !== DEFLATED) throw new RangeError('expected a known mark');
  return inflateRawSync(bytes, { dictionary: DICTIONARY, maxOutputLength: MOST_BYTES });
}
