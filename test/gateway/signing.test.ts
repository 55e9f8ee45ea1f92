import crypto, { createHash, createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import {
  buildBaseString,
  callbackControl,
  isSameControl,
  makeNonce,
  signRequest,
  statusControl,
} from '../../src/gateway/signing';
import vectors from '../fixtures/gateway/vectors.json';
import { oracleBaseString } from './oauth-oracle';
import { KEY_PAIR } from './samples';

type Pair = [string, string];

function oauthParameters(vector: { login: string; nonce: string; timestampSeconds: number }): Pair[] {
  return [
    ['oauth_consumer_key', vector.login],
    ['oauth_nonce', vector.nonce],
    ['oauth_signature_method', 'RSA-SHA256'],
    ['oauth_timestamp', String(vector.timestampSeconds)],
    ['oauth_version', '1.0'],
  ];
}

describe('golden vectors', () => {
  test('the vendor’s base string', () => {
    const { url, parameters, baseString } = vectors.vendorBase;
    expect(buildBaseString(url, parameters as Pair[])).toBe(baseString);
  });

  test.each([['o1', vectors.o1] as const, ['o2', vectors.o2] as const])(
    '%s, and its signature by the published key',
    (_id, vector) => {
      const built = buildBaseString(vector.url, [...(vector.fields as Pair[]), ...oauthParameters(vector)]);
      expect(built).toBe(vector.baseString);
      const key = createPublicKey(vectors.publicKey);
      expect(verify('RSA-SHA256', Buffer.from(built), key, Buffer.from(vector.signature, 'base64'))).toBe(true);
    },
  );

  test('the digest of o1 is the documented one', () => {
    const digest = createHash('sha256').update(vectors.o1.baseString).digest('hex');
    expect(digest).toBe('6da5a8da24eb763c9344379484a00494255c759ea696d8a0ebffb5929dac3926');
  });
});

describe('signRequest', () => {
  async function signVector() {
    const { url, fields, login, nonce, timestampSeconds } = vectors.o1;
    return signRequest({ url, fields: fields as Pair[], login, nonce, timestampSeconds }, KEY_PAIR.privateKey);
  }

  test('writes the documented header, with a signature that verifies over the documented base string', async () => {
    const header = await signVector();
    const signature = /oauth_signature="([^"]+)"/.exec(header)?.[1] ?? '';
    expect(header).toBe(
      vectors.o1.header
        .replace('Authorization: ', '')
        .replace(/oauth_signature="[^"]+"/, `oauth_signature="${signature}"`),
    );
    const bytes = Buffer.from(decodeURIComponent(signature), 'base64');
    expect(verify('RSA-SHA256', Buffer.from(vectors.o1.baseString), KEY_PAIR.publicKey, bytes)).toBe(true);
    expect(verify('RSA-SHA256', Buffer.from(`${vectors.o1.baseString}0`), KEY_PAIR.publicKey, bytes)).toBe(false);
  });

  test('is deterministic', async () => {
    expect(await signVector()).toBe(await signVector());
  });

  test.each(['oauth_nonce', 'oauth_token'])('refuses a field named %s, whatever the others are', async (name) => {
    const input = { url: vectors.o1.url, login: 'cp', nonce: 'n', timestampSeconds: 1 };
    const fields: Pair[] = [
      ['amount', '1'],
      [name, 'x'],
    ];
    await expect(signRequest({ ...input, fields }, KEY_PAIR.privateKey)).rejects.toThrow(
      new RangeError('fields: expected no oauth_* name'),
    );
  });
});

describe('buildBaseString', () => {
  test('normalises scheme, host and default port', () => {
    const expected = oracleBaseString('https://gate.example.com/p', [['a', '1']]);
    for (const url of ['HTTPS://GATE.Example.com:443/p', 'https://gate.example.com/p']) {
      expect(buildBaseString(url, [['a', '1']])).toBe(expected);
    }
    expect(buildBaseString('https://gate.example.com:8443/p', [['a', '1']])).not.toBe(expected);
  });

  test('leaves undefined out, signs an empty text, and does not touch what it is given', () => {
    const fields: readonly (readonly [string, string | undefined])[] = Object.freeze([
      ['a', undefined],
      ['b', ''],
    ] as const);
    expect(buildBaseString('https://g.example/p', fields)).toBe('POST&https%3A%2F%2Fg.example%2Fp&b%3D');
    expect(fields).toEqual([
      ['a', undefined],
      ['b', ''],
    ]);
  });

  const ONCE: Pair[] = [['a', '1']];
  test.each<[string, string, Pair[], string]>([
    ['a query', 'https://g.example/p?a=2', ONCE, 'url: expected no query, fragment or user information'],
    ['a fragment', 'https://g.example/p#x', ONCE, 'url: expected no query, fragment or user information'],
    ['a user', 'https://u@g.example/p', ONCE, 'url: expected no query, fragment or user information'],
    ['a password', 'https://:p@g.example/p', ONCE, 'url: expected no query, fragment or user information'],
    ['a repeated name', 'https://g.example/p', [...ONCE, ['a', '2']], 'parameters: expected unique names'],
    ['half a character', 'https://g.example/p', [['a', '\uDC00']], 'the text is not a well-formed form'],
  ])('refuses %s', (_name, url, parameters, message) => {
    expect(() => buildBaseString(url, parameters)).toThrow(message);
    expect(() => buildBaseString(url, parameters)).toThrow(RangeError);
  });

  test('equals an implementation made from the standard, for random fields and hosts', () => {
    const text = fc
      .oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }))
      .filter((value) => !/\p{Surrogate}/u.test(value));
    const fields = fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 30 });
    const url = fc.constantFrom(
      'https://Gate.Example.COM:443/paynet/api/v4/payout/1',
      'http://127.0.0.1:8080/x/group/22',
      'http://LOCALHOST:80/',
    );
    fc.assert(
      fc.property(url, fields, (address, pairs) => {
        expect(buildBaseString(address, pairs)).toBe(oracleBaseString(address, pairs));
      }),
      { numRuns: 500 },
    );
  });
});

test('nonces are unique and of one shape', () => {
  const nonces = new Set(Array.from({ length: 100_000 }, makeNonce));
  expect(nonces.size).toBe(100_000);
  expect([...nonces].filter((nonce) => !/^[0-9a-f]{32}$/.test(nonce))).toEqual([]);
});

describe('control', () => {
  const { sha1, controlKey } = vectors;

  test.each([
    ['S0', '1111902B4FF5', '1042', 'john.smith@gmail.com', 'B17F59B4-A7DC-41B4-8FF9-37D986B43D20', sha1.S0],
    ['S1', 'cp-demo', 'PO-000001', '6768788', controlKey, sha1.S1],
    ['S2', 'cp-demo', 'PO-000001', null, controlKey, sha1.S2],
    ['S3', 'cp-demo', 'PO-Ü-000002', '6768789', controlKey, sha1.S3],
    ['R2', 'cp-demo', 'PO-000001', '67687881050EUR', controlKey, sha1.R2],
  ])('status control %s', (_id, login, clientOrderId, orderId, key, expected) => {
    expect(statusControl({ login, clientOrderId, orderId }, key)).toBe(expected);
  });

  test.each([
    ['C0', 'approved', '123', 'invoice-1', 'AF4B5DE6-3468-424C-A922-C1DAD7CB4509', sha1.C0],
    ['C1', 'approved', '6768788', 'PO-000001', controlKey, sha1.C1],
    ['C2', 'declined', '6768788', 'PO-000001', controlKey, sha1.C2],
    ['C3', 'error', '6768788', 'PO-000001', controlKey, sha1.C3],
    ['C4', 'filtered', '6768788', 'PO-000001', controlKey, sha1.C4],
    ['C5', 'unknown', '6768788', 'PO-000001', controlKey, sha1.C5],
    ['C6', 'processing', '6768788', 'PO-000001', controlKey, sha1.C6],
  ])('callback control %s', (_id, status, orderId, clientOrderId, key, expected) => {
    expect(callbackControl({ status, orderId, clientOrderId }, key)).toBe(expected);
  });

  test('an empty control key is refused: anyone could sign with it', () => {
    expect(() => callbackControl({ status: 'approved', orderId: '1', clientOrderId: 'a' }, '')).toThrow(
      new RangeError('controlKey: expected a text that is not empty'),
    );
  });

  test('compares with timingSafeEqual whatever the lengths are', () => {
    const compare = jest.spyOn(crypto, 'timingSafeEqual');
    const pairs = [
      [sha1.C1, sha1.C1],
      [sha1.C1, sha1.C2],
      [sha1.C1, ''],
      [sha1.C1, `${sha1.C1}0`],
      [sha1.C1, sha1.C1.toUpperCase()],
    ] as const;
    expect(pairs.map(([expected, given]) => isSameControl(expected, given))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(compare).toHaveBeenCalledTimes(5);
    compare.mockRestore();
  });
});
