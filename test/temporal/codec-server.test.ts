import { openCodecServer } from '../../src/temporal/codec-server';
import { readPayloadKeys } from '../../src/temporal/payload-keys';

const payloadKeys = readPayloadKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
const codecOrigin = 'http://127.0.0.1:8233';

test('a codec server is there with payload keys and an origin, and with neither alone', () => {
  expect(openCodecServer({ payloadKeys, codecOrigin }, 'payouts')).toMatchObject({
    origin: codecOrigin,
    namespace: 'payouts',
  });
  expect(openCodecServer({ payloadKeys, codecOrigin: null }, 'payouts')).toBeNull();
  expect(openCodecServer({ payloadKeys: null, codecOrigin }, 'payouts')).toBeNull();
});
