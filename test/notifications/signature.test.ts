import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { keyOf, signatureHeaders } from '../../src/notifications/signature';

const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;
const nowSeconds = () => Math.floor(Date.now() / 1_000);

describe('signatures', () => {
  it('are those of the published vector', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', atSeconds: 1_614_265_330, body: '{"test": 2432232314}' };
    expect(signatureHeaders(signed, [secret])).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('are verified by the reference library, whatever the secret and the body', () => {
    const bodies = fc
      .record({ text: fc.string({ unit: 'grapheme' }), number: fc.integer() })
      .map((body) => JSON.stringify(body));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), bodies, (bytes, body) => {
        const secret = secretOf(bytes);
        const headers = signatureHeaders({ id: 'evt_1', atSeconds: nowSeconds(), body }, [secret]);
        expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
        const other = secretOf(bytes.map((byte) => byte ^ 1));
        expect(() => new Webhook(other).verify(body, headers)).toThrow();
        expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
      }),
    );
  });

  it('stand for every secret while an older one is in use: a subscriber with either takes it', () => {
    const [newer, older, foreign] = [randomBytes(32), randomBytes(24), randomBytes(32)].map(secretOf) as [
      string,
      string,
      string,
    ];
    const headers = signatureHeaders({ id: 'evt_1', atSeconds: nowSeconds(), body: '{}' }, [newer, older]);
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    expect(new Webhook(newer).verify('{}', headers)).toEqual({});
    expect(new Webhook(older).verify('{}', headers)).toEqual({});
    expect(() => new Webhook(foreign).verify('{}', headers)).toThrow();
  });

  it.each([
    ['', null],
    ['whsec_', null],
    ['abc', null],
    [`whsec_${'A'.repeat(32)}`, 24],
    [`whsec_${Buffer.alloc(23).toString('base64')}`, null],
    [`whsec_${Buffer.alloc(64).toString('base64')}`, 64],
    [`whsec_${Buffer.alloc(65).toString('base64')}`, null],
    [`whsec_${'A'.repeat(33)}`, null],
    [`whsec_${'-'.repeat(32)}`, null],
    [`WHSEC_${'A'.repeat(32)}`, null],
    [` whsec_${'A'.repeat(32)}`, null],
  ])('%p is a secret of %p bytes', (secret, bytes) => {
    expect(keyOf(secret)?.length ?? null).toBe(bytes);
    if (bytes === null) {
      const sign = () => signatureHeaders({ id: 'evt_1', atSeconds: 1, body: '' }, [secret]);
      expect(sign).toThrow('expected whsec_');
    }
  });
});
