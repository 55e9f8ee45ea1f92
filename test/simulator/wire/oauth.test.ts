import { createPublicKey } from 'node:crypto';
import type { Pair } from '../../../simulator/wire/form';
import { buildBaseString, parseAuthorization, verifySignature } from '../../../simulator/wire/oauth';
import { O1, O2, PUBLIC_KEY_PEM } from './golden-vectors';

const signer = { login: 'cp-demo', publicKey: createPublicKey(PUBLIC_KEY_PEM) };
const change = (body: readonly Pair[], name: string, value: string) =>
  body.map((pair): Pair => (pair[0] === name ? [name, value] : pair));

describe('verifySignature', () => {
  test.each([
    ['O1', O1],
    ['O2', O2],
  ])('accepts the golden vector %s', (_name, vector) => {
    expect(verifySignature(vector, signer)).toEqual({
      valid: true,
      nonce: vector.nonce,
      timestampSeconds: vector.timestampSeconds,
    });
  });

  test('accepts the body in any order and ignores an empty realm', () => {
    const authorization = O1.authorization.replace('OAuth ', 'OAuth realm="", ');
    expect(verifySignature({ ...O1, body: [...O1.body].reverse(), authorization }, signer).valid).toBe(true);
  });

  test.each<[string, Partial<typeof O1>, string]>([
    ['another amount', { body: change(O1.body, 'amount', '10.51') }, 'bad_signature'],
    ['an extra field', { body: [...O1.body, ['purpose', 'x']] }, 'bad_signature'],
    ['a repeated field', { body: [...O1.body, ['amount', '10.50']] }, 'bad_signature'],
    ['http in the URL', { url: O1.url.replace('https:', 'http:') }, 'bad_signature'],
    ['another path', { url: O1.url.replace('1144', '1145') }, 'bad_signature'],
    ['HMAC-SHA1', { authorization: O1.authorization.replace('RSA-SHA256', 'HMAC-SHA1') }, 'wrong_signature_method'],
    ['another consumer', { authorization: O1.authorization.replace('cp-demo', 'cp-other') }, 'unknown_consumer'],
    ['a changed nonce', { authorization: O1.authorization.replace('9f2c1d7a', '9f2c1d7b') }, 'bad_signature'],
    ['url-safe base64', { authorization: O1.authorization.replaceAll('%2F', '_') }, 'bad_signature'],
    ['no header', { authorization: undefined as unknown as string }, 'missing_authorization'],
    ['another scheme', { authorization: 'Basic abc' }, 'malformed_authorization'],
    ['another version', { authorization: O1.authorization.replace('"1.0"', '"2.0"') }, 'malformed_authorization'],
  ])('refuses %s', (_name, difference, fault) => {
    expect(verifySignature({ ...O1, ...difference }, signer)).toEqual({ valid: false, fault });
  });

  test('accepts a fresh signature over the right base string, refuses one made with + for a space', () => {
    const verdictOver = (baseString: string) => {
      const { authorization, publicKey } = O1.signFreshly(baseString);
      return verifySignature({ ...O1, authorization }, { ...signer, publicKey });
    };
    expect(verdictOver(O1.baseString).valid).toBe(true);
    expect(verdictOver(O1.baseString.replaceAll('%2520', '%2B'))).toEqual({ valid: false, fault: 'bad_signature' });
  });
});

describe('buildBaseString', () => {
  test("makes the vendor's own vector", () => {
    const parameters: Pair[] = [
      ['oauth_consumer_key', 'merchant'],
      ['amount', '1.00'],
      ['client_orderid', 'hf-1'],
    ];
    expect(buildBaseString('https://gateway.example/paynet/api/v4/sale/123', parameters)).toBe(
      'POST&https%3A%2F%2Fgateway.example%2Fpaynet%2Fapi%2Fv4%2Fsale%2F123&amount%3D1.00%26client_orderid%3Dhf-1%26oauth_consumer_key%3Dmerchant',
    );
  });

  test.each([O1, O2])('makes the golden base string', ({ url, body, oauth, baseString }) => {
    expect(buildBaseString(url, [...body, ...oauth])).toBe(baseString);
  });

  test('lowers scheme and host and drops a default port', () => {
    expect(buildBaseString('HTTPS://Gateway.Example:443/A', [])).toBe('POST&https%3A%2F%2Fgateway.example%2FA&');
  });
});

describe('parseAuthorization', () => {
  test.each(['OAuth a="1", a="2"', 'OAuth a=1', 'OAuth a="%zz"', 'OAuth '])('refuses %s', (header) => {
    expect(parseAuthorization(header)).toBeNull();
  });
});
