import fc from 'fast-check';
import { pack, unpack } from '../../src/temporal/payload-packing';

const SAMPLE = '{"outcome":"accepted","orderId":"6768788","serialNumber":null,"endpointId":"1144"}';
/** Packed by the first release; what is stored must be read for as long as a payout is kept. */
const PACKED = 'ASPYODAzN7Mwt7BQwp5cUFoAhoYmJkq1AA==';

test('what was packed is unpacked as it was, and grows by one byte at most', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const packed = pack(Buffer.from(bytes));
      expect(unpack(packed)).toEqual(Buffer.from(bytes));
      expect(packed.length).toBeLessThanOrEqual(bytes.length + 1);
    }),
  );
});

test('what an earlier build packed is still read', () => {
  expect(unpack(Buffer.from(PACKED, 'base64')).toString()).toBe(SAMPLE);
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
