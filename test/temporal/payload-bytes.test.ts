import { createRequire } from 'node:module';
import type { Payload } from '@temporalio/common';
import fc from 'fast-check';
import { pack, readPayload, unpack, writePayload } from '../../src/temporal/payload-bytes';

// Temporal's own messages, as the oracle.
const requireFromCommon = createRequire(require.resolve('@temporalio/common'));
const { temporal } = requireFromCommon('@temporalio/proto') as {
  temporal: { api: { common: { v1: { Payload: PayloadType } } } };
};
interface PayloadType {
  encode(payload: Payload): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Payload;
}
const official = temporal.api.common.v1.Payload;

const bytes = fc.uint8Array({ maxLength: 40_000, size: 'max' });
const payload = fc.record({ metadata: fc.dictionary(fc.string(), fc.uint8Array()), data: bytes });
const shown = ({ metadata, data }: Payload) => ({
  metadata: Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('hex')]),
  data: Buffer.from(data ?? []).toString('hex'),
});

it('writes what Temporal’s own message reads, and reads what it writes', () => {
  fc.assert(
    fc.property(payload, (value) => {
      expect(shown(official.decode(writePayload(value)))).toEqual(shown(value));
      expect(shown(readPayload(Buffer.from(official.encode(value).finish())))).toEqual(shown(value));
    }),
    { numRuns: 200 },
  );
});

it.each([
  ['a field cut short', [0x12, 5, 1, 2]],
  ['a length cut short', [0x12, 0x80]],
  ['a field of another message', [0x1a, 1, 0]],
  ['a number in the place of bytes', [0x10, 1]],
])('%s is no payload', (_what, numbers) => {
  expect(() => readPayload(Buffer.from(numbers))).toThrow();
});

const SAMPLE = '{"outcome":"accepted","orderId":"6768788","serialNumber":null,"endpointId":"1144"}';
/** Packed by the first release; what is stored must be read for as long as a payout is kept. */
const PACKED = 'ASPYODAzN7Mwt7BQwp5cUFoAhoYmJkq1AA==';
/** From all over the dictionary: another one reads this wrong, and nothing else would say so. */
const FAR_SAMPLE = [
  '"payout.declined""payout.needs_review"',
  '"action":"resolve","resolution":"declined"}"holder":"","firstName":""',
  '"expireMonth":"","expireYear":"","cardHolder":""',
  '{"ended":true,"answered":true,"noAnswer":"silent"}',
  '{"fingerprint":"","by":""}',
  '"known":{"redirectTo":null,"oddity":null},"everyMs":4000',
  '"serialNumber":"00000000-0000-0000-0000-000000000000","endpointId":""}',
  '"pollPlan":[{"everyMs":4000,"untilMs":300000}',
  '"backoff":{"gapsMs":[5000,15000,30000',
  '"sendAgain":{"firstMs":1000,"longestMs":300000',
].join('\n');
const FAR_PACKED = 'ASOuRctFlSYrF6ktTC7Sm3lcuBtuXOS2sbio0zziIqlRxEVU64SLtIYAAA==';

test('what was packed is unpacked as it was, and grows by one byte at most', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const packed = pack(Buffer.from(bytes));
      expect(unpack(packed)).toEqual(Buffer.from(bytes));
      expect(packed.length).toBeLessThanOrEqual(bytes.length + 1);
    }),
  );
});

test('what is too long to be unpacked is not deflated: it is refused when it is stored, and never lost', () => {
  const long = Buffer.alloc(8 * 1024 * 1024 + 1);
  expect(unpack(pack(long)).equals(long)).toBe(true);
});

test.each([
  ['at its end', PACKED, SAMPLE],
  ['all over it', FAR_PACKED, FAR_SAMPLE],
])('what an earlier build packed with the dictionary, %s, is still read', (_where, packed, sample) => {
  expect(unpack(Buffer.from(packed, 'base64')).toString()).toBe(sample);
});

test('a payload of a payout becomes less than half', () => {
  expect(pack(Buffer.from(SAMPLE)).length).toBeLessThan(SAMPLE.length / 2);
});

test.each([
  ['an unknown mark', Buffer.of(2, 1, 2, 3)],
  ['no bytes', Buffer.alloc(0)],
  ['bytes that are not deflated', Buffer.of(1, 255, 255)],
])('%s is refused', (_what, packed) => {
  expect(() => unpack(packed)).toThrow();
});
