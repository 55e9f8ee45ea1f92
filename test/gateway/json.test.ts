import fc from 'fast-check';
import { FormError } from '../../src/gateway/form';
import { decodeReplyJson } from '../../src/gateway/json';

const decode = (text: string) => decodeReplyJson(Buffer.from(text));

test('numbers keep every digit', () => {
  const text =
    '{"paynet-order-id":12345678901234567890,"error-code": 1,"amount":10.50,"note":"a 1 \\" 2","x":null,"y":true}';
  expect([...decode(text)]).toEqual([
    ['paynet-order-id', '12345678901234567890'],
    ['error-code', '1'],
    ['amount', '10.50'],
    ['note', 'a 1 " 2'],
    ['x', ''],
    ['y', 'true'],
  ]);
});

test('nested values stay text and their names may repeat', () => {
  expect(decode('{"a":[{"b":"1"},{"b":"2"}]}').get('a')).toBe('[{"b":"1"},{"b":"2"}]');
});

test.each([
  ['empty', ''],
  ['HTML', '<html>'],
  ['a form', 'type=error\n'],
  ['a list', '[{"type":"error"}]'],
  ['a number', '1'],
  ['an empty object', '{}'],
  ['half an object', '{"type":"err'],
  ['two values', '{"a":"1"}{"b":"2"}'],
  ['leading zeros', '{"a":01}'],
])('refuses %s', (_name, text) => {
  expect(() => decode(text)).toThrow(FormError);
});

test.each([
  ['a repeated name', '"type":"error","type":"async-response"'],
  ['a name repeated by an escape', '"type":"error","\\u0074ype":"async-response"'],
  ['a lone surrogate', '"type":"\\ud800"'],
])('%s spoils its own field and no other', (_name, pairs) => {
  expect([...decode(`{${pairs},"a":"1"}`)]).toEqual([
    ['type', null],
    ['a', '1'],
  ]);
});

test('bytes that are no UTF-8 spoil their own field and no other', () => {
  const body = Buffer.from('{"name":"J\xf6rg","status":"approved"}', 'latin1');
  expect([...decodeReplyJson(body)]).toEqual([
    ['name', null],
    ['status', 'approved'],
  ]);
});

test('agrees with JSON.parse on texts, and is total', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
  fc.assert(
    fc.property(
      fc.dictionary(
        name,
        fc.string().filter((text) => !/[\r\n]$|\uFFFD/.test(text)),
        { minKeys: 1 },
      ),
      (fields) => {
        expect(Object.fromEntries(decode(JSON.stringify(fields, null, 1)))).toEqual({ ...fields });
      },
    ),
  );
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.string()), (text) => {
      try {
        expect(decode(text).size).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(FormError);
      }
    }),
    { numRuns: 1_000 },
  );
});
