import fc from 'fast-check';
import { decodeBytes, decodePairs, encodeForm, FormError, percentEncode } from '../../src/gateway/form';

const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text);

describe('percentEncode', () => {
  test.each([
    ["!'()*", '%21%27%28%29%2A'],
    ['John Smith', 'John%20Smith'],
    ['a+b', 'a%2Bb'],
    ['abcXYZ019-._~', 'abcXYZ019-._~'],
    ['é', '%C3%A9'],
    ['https://gateway.example/x', 'https%3A%2F%2Fgateway.example%2Fx'],
    ['100%', '100%25'],
  ])('%s becomes %s', (input, encoded) => {
    expect(percentEncode(input)).toBe(encoded);
  });

  test('refuses half a character', () => {
    expect(() => percentEncode('\uD800')).toThrow(FormError);
  });
});

test('decodeBytes agrees with decodeURIComponent on what that can decode, and is null elsewhere', () => {
  const piece = fc.oneof(fc.constantFrom('%', '%4', '%41', '%C3%BC', '%ff', '%ED%A0%80', 'a', '~'), fc.string());
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('').replaceAll('+', '');
      let expected: string | null = null;
      try {
        expected = isWellFormed(text) ? decodeURIComponent(text) : null;
      } catch {}
      fc.pre(isWellFormed(text));
      expect(decodeBytes(Buffer.from(text).toString('latin1'))).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});

describe('encodeForm and decodePairs', () => {
  test('a body reads back as what was written, here and by another reader', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => isWellFormed(text));
    const value = fc.string({ unit: 'grapheme' }).filter((text) => isWellFormed(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 20 }), (fields) => {
        const body = encodeForm(fields);
        expect(decodePairs(body, 64)).toEqual(fields);
        expect([...new URLSearchParams(body)]).toEqual(fields);
      }),
    );
  });

  test('counts pairs', () => {
    const text = Array.from({ length: 64 }, (_, index) => `n${index}=1`).join('&');
    expect(decodePairs(text, 64)).toHaveLength(64);
    expect(() => decodePairs(`${text}&more=1`, 64)).toThrow(FormError);
  });
});
