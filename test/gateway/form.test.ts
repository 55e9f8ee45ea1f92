import fc from 'fast-check';
import { decodeBytes, decodePairs, encodeForm, FormError, percentEncode, splitReply } from '../../src/gateway/form';

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

/** A reply as split, its values decoded. */
function split(text: string) {
  const { values, ...state } = splitReply(Buffer.from(text, 'latin1'));
  const decoded = [...values].map(([name, all]) => [name, all.map((raw) => (raw === null ? null : decodeBytes(raw)))]);
  return { ...state, fields: Object.fromEntries(decoded) as Record<string, (string | null)[]> };
}

describe('splitReply', () => {
  const reply =
    'type=async-response\n&serial-number=00000000-0000-0000-0000-000002d9b22a\n&merchant-order-id=PO-000001\n&paynet-order-id=6768788\n&end-point-id=1144\n';

  test('reads the documented reply without line ends', () => {
    expect(split(reply)).toEqual({
      isLined: true,
      cutField: null,
      fields: {
        type: ['async-response'],
        'serial-number': ['00000000-0000-0000-0000-000002d9b22a'],
        'merchant-order-id': ['PO-000001'],
        'paynet-order-id': ['6768788'],
        'end-point-id': ['1144'],
      },
    });
  });

  test('decodes plus signs and percent-encoding, and keeps inner line ends', () => {
    const { fields } = split('error-message=Decline%2C+not+sufficient+funds\n&html=%3Cp%3E%0Aa=b%0D%0A\n');
    expect(fields).toEqual({ 'error-message': ['Decline, not sufficient funds'], html: ['<p>\na=b\r\n'] });
  });

  test('takes line feeds before the separator, after it, or nowhere', () => {
    for (const text of ['a=1\n&b=2\n', 'a=1&b=2', 'a=1\r\n&b=2\r\n', 'a=1\n&\nb=2\n', '\na=1&b=2\n']) {
      expect(split(text)).toMatchObject({ fields: { a: ['1'], b: ['2'] }, cutField: null });
    }
  });

  test.each(['&', '=', '+', ';', '&b=', '&&', '&a=2'])('a bare %s within a value is a part of it', (mark) => {
    expect(split(`a=x${mark}y\n&b=2\n`).fields).toEqual({ a: [`x${mark}y`.replace('+', ' ')], b: ['2'] });
  });

  test.each([
    ['a=1\n&paynet-order-id=676', 'paynet-order-id'],
    ['a=1\n&paynet-ord', 'paynet-ord'],
    ['a=1\n&', ''],
    ['a=1\n&b=2&c=3', 'b'],
  ])('%j ends within a field', (text, cutField) => {
    const { fields, ...state } = split(text);
    expect(state).toEqual({ isLined: true, cutField });
    expect(fields).toEqual({ a: ['1'], [cutField]: [null] });
  });

  test('without line ends, a part that is no pair spoils the value before it', () => {
    expect(split('a=1&b=2&half&c=3')).toMatchObject({ isLined: false, fields: { a: ['1'], b: [null], c: ['3'] } });
  });

  test.each([
    ['broken percent-encoding', 'x=100%\n', [null]],
    ['percent-encoded Latin-1', 'x=J%F6rg\n', [null]],
    ['Latin-1', 'x=J\xf6rg\n', [null]],
    ['a repeated name', 'x=1\n&x=1\n', ['1', '1']],
    ['a name repeated by encoding', 'x=1\n&%78=2\n', ['1', '2']],
  ])('%s spoils its own field and no other', (_name, field, values) => {
    expect(split(`type=a\n&${field}&b=2\n`).fields).toEqual({ type: ['a'], x: values, b: ['2'] });
  });

  test.each([
    ['empty', ''],
    ['line feeds only', '\n\n'],
    ['HTML', '<!doctype html><html><p class="x">a=b</p></html>'],
    ['too many fields', 'a=1\n&'.repeat(1_025)],
  ])('refuses %s', (_name, text) => {
    expect(() => split(text)).toThrow(FormError);
  });

  test('is total: any text is a form or a FormError', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('&', '=', '\n', '%', '%0', '%E2%82', '__proto__', '+'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          expect(splitReply(Buffer.from(pieces.join(''))).values.size).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FormError);
        }
      }),
      { numRuns: 2_000 },
    );
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
