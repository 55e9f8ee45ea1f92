import fc from 'fast-check';
import { decodeForm, encodeReply, FormError, percentEncode } from '../../../simulator/wire/form';

test.each([
  ["!'()*", '%21%27%28%29%2A'],
  ['John Smith', 'John%20Smith'],
  ['a+b', 'a%2Bb'],
  ['abcXYZ019-._~', 'abcXYZ019-._~'],
  ['é', '%C3%A9'],
  ['https://gateway.example/x', 'https%3A%2F%2Fgateway.example%2Fx'],
  ['100%', '100%25'],
])('percentEncode(%s)', (text, encoded) => {
  expect(percentEncode(text)).toBe(encoded);
});

test('encodeReply writes a line feed after every value and leaves undefined fields out', () => {
  const fields = { type: 'validation-error', 'paynet-order-id': undefined, 'error-message': 'Decline, not so' };
  expect(encodeReply(fields)).toBe('type=validation-error\n&error-message=Decline%2C+not+so\n');
});

test('decodeForm reads + and %20 as a space, cuts at the first = and keeps repeated names', () => {
  expect(decodeForm('a=1+2%20%2B&b=x=y&c&a=')).toEqual([
    ['a', '1 2 +'],
    ['b', 'x=y'],
    ['c', ''],
    ['a', ''],
  ]);
  expect(decodeForm('')).toEqual([]);
});

test.each(['a=%zz', 'a=%C3', '%=1'])('decodeForm refuses %s', (text) => {
  expect(() => decodeForm(text)).toThrow(FormError);
});

test('whatever is encoded decodes to itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      expect(decodeForm(encodeReply({ value }).slice(0, -1))).toEqual([['value', value]]);
    }),
  );
});
