import fc from 'fast-check';
import { decodePairs, decodeReplyForm, encodeForm, FormError, percentEncode } from '../../src/gateway/form';

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

describe('decodeReplyForm', () => {
  const reply =
    'type=async-response\n&serial-number=00000000-0000-0000-0000-000002d9b22a\n&merchant-order-id=PO-000001\n&paynet-order-id=6768788\n&end-point-id=1144\n';

  test('reads the documented reply without line ends', () => {
    expect(decodeReplyForm(reply)).toEqual({
      openFields: new Set(),
      fields: new Map([
        ['type', 'async-response'],
        ['serial-number', '00000000-0000-0000-0000-000002d9b22a'],
        ['merchant-order-id', 'PO-000001'],
        ['paynet-order-id', '6768788'],
        ['end-point-id', '1144'],
      ]),
    });
  });

  test('decodes plus signs and percent-encoding', () => {
    const { fields } = decodeReplyForm('error-message=Decline%2C+not+sufficient+funds\n');
    expect(fields.get('error-message')).toBe('Decline, not sufficient funds');
  });

  test('keeps inner line ends and splits on the first equals sign only', () => {
    const { fields } = decodeReplyForm('html=%3Cp%3E%0Aa=b%0D%0A\n');
    expect(fields.get('html')).toBe('<p>\na=b');
  });

  test('keeps blanks around a value: a padded word is not that word', () => {
    expect(decodeReplyForm('status=+approved+\n').fields.get('status')).toBe(' approved ');
  });

  test('takes line feeds before the separator, after it, or nowhere', () => {
    const expected = new Map([
      ['a', '1'],
      ['b', '2'],
    ]);
    for (const text of ['a=1\n&b=2\n', 'a=1&b=2', 'a=1\r\n&b=2\r\n', 'a=1\n&\nb=2\n', 'a=1\n&b=2']) {
      expect(decodeReplyForm(text).fields).toEqual(expected);
    }
  });

  test('names values that lack the line feed that others have', () => {
    expect([...decodeReplyForm(reply.slice(0, -20)).openFields]).toEqual(['paynet-order-id']);
    expect([...decodeReplyForm(reply.replace('6768788', '67687&8')).openFields]).toEqual(['paynet-order-id', '8']);
    expect([...decodeReplyForm('a=1&b=2').openFields]).toEqual([]);
  });

  test.each([
    ['empty', ''],
    ['line feeds only', '\n\n'],
    ['HTML', '<!doctype html><html><p class="x">a=b</p></html>'],
    ['a repeated name', 'type=a\n&type=a\n'],
    ['a name repeated by encoding', 'type=a\n&%74ype=b\n'],
    ['a prototype name', '__proto__=1\n'],
    ['an encoded prototype name', '%5F_proto__=1\n'],
    ['a prototype name with a line end', '__proto__%0A=1\n'],
    ['broken percent-encoding', 'a=%zz\n'],
    ['percent-encoded bytes that are no UTF-8', 'a=%ff\n'],
    ['a byte order mark', '\uFEFFtype=a\n'],
  ])('refuses %s', (_name, text) => {
    expect(() => decodeReplyForm(text)).toThrow(FormError);
  });

  test('is total: any text is a form or a FormError', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('&', '=', '\n', '%', '%0', '%E2%82', '__proto__', '+'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          expect(decodeReplyForm(pieces.join('')).fields.size).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FormError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('encodeForm and decodePairs', () => {
  test('a body reads back as what was written, here and by another reader', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => isWellFormed(text) && text !== '__proto__');
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
