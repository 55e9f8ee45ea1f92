import fc from 'fast-check';
import { GatewayError } from '../../src/gateway/errors';
import { decodeBytes, FormError } from '../../src/gateway/form';
import { decodeReply, decodeReplyJson, type ReplyFormat, splitReply } from '../../src/gateway/reply';

const bytes = (text: string) => Buffer.from(text);

const decode = (body: Buffer | string, format: ReplyFormat = 'form', contentEncoding = '') =>
  decodeReply(
    {
      stage: 'answered',
      statusCode: 200,
      body: Buffer.from(body),
      dateMs: Number.NaN,
      contentEncoding,
      mayBeCut: false,
    },
    format,
  );

test('keeps unknown fields and answers absent ones with an empty text', () => {
  const reply = decode('type=status-response\n&some-new-field=7\n');
  expect(reply.read('some-new-field')).toBe('7');
  expect(reply.read('status')).toBe('');
});

test('reads what is not encoded, and refuses what is', () => {
  expect(decode('type=a\n', 'form', 'identity').read('type')).toBe('a');
  expect(() => decode('type=a\n', 'form', 'gzip')).toThrow(new GatewayError('unreadable'));
});

test.each<[string, ReplyFormat, Buffer]>([
  ['a byte order mark', 'form', bytes('\uFEFFtype=a\n')],
  ['a byte order mark', 'json', bytes('\uFEFF{"type":"error"}')],
  ['no type', 'form', bytes('status=approved\n')],
  ['a form', 'json', bytes('type=error\n')],
  ['JSON', 'form', bytes('{"type":"error"}')],
  ['nothing', 'form', bytes('')],
  ['nothing', 'json', bytes('')],
])('refuses %s in %s mode', (_name, format, body) => {
  expect(() => decode(body, format)).toThrow(new GatewayError('unreadable'));
});

describe.each<[ReplyFormat, (fields: [string, string][]) => string]>([
  ['form', (fields) => fields.map(([name, value]) => `${name}=${value}\n`).join('&')],
  ['json', (fields) => `{${fields.map(([name, value]) => `"${name}":"${value}"`).join(',')}}`],
])('in %s mode', (format, write) => {
  const read = (value: string, ...more: [string, string][]) =>
    decode(Buffer.from(write([['type', 'a'], ['status', value], ...more]), 'latin1'), format);

  test('blanks around a value say nothing', () => {
    const reply = read(' approved ', ['redirect-to', ' https://gate.example.com/form ']);
    expect([reply.read('status'), reply.readText('status')]).toEqual(['approved', 'approved']);
    expect(reply.readLink('redirect-to')).toBe('https://gate.example.com/form');
  });

  test.each([
    ['bytes that are no UTF-8', 'J\xf6rg', []],
    ['a repeated name', 'approved', [['status', 'approved']]],
  ] as [string, string, [string, string][]][])(
    '%s: unreadable where it is used, absent where it is shown',
    (_name, value, more) => {
      const reply = read(value, ...more, ['amount', '1']);
      expect(() => reply.read('status')).toThrow(new GatewayError('unreadable'));
      expect([reply.readText('status'), reply.read('amount')]).toEqual(['', '1']);
    },
  );

  test('tolerates what nothing reads: names with a blank, repeats, a prototype name', () => {
    const reply = read('approved', ['first name', 'x'], ['a', '1'], ['a', '2'], ['__proto__', '1']);
    expect(reply.read('status')).toBe('approved');
  });
});

describe('links', () => {
  const link = (field: string) => decode(`type=a\n&redirect-to=${field}\n&b=2\n`).readLink('redirect-to');
  const LINK = 'https://gate.example.com/form?session=abc&token=a+b;c&lang=en';

  test.each([
    ['encoded', encodeURIComponent(LINK)],
    ['not encoded', LINK],
    ['encoded but for its separators', encodeURIComponent(LINK).replaceAll('%26', '&').replaceAll('%3D', '=')],
    ['encoded but for its plus sign', encodeURIComponent(LINK).replaceAll('%2B', '+')],
    ['between blanks', `+${encodeURIComponent(LINK)}%20`.replace('+', '%20')],
  ])('%s: the whole link', (_name, field) => {
    expect(link(field)).toBe(LINK);
  });

  test('what is escaped in a link that was not encoded stays escaped', () => {
    expect(link('https://gate.example.com/form?token=a%2Bb%26c&x=1')).toBe(
      'https://gate.example.com/form?token=a%2Bb%26c&x=1',
    );
  });

  test('a link that can be read in two ways, or in none, is none', () => {
    expect(link('https://gate.example.com/form%3Fsession%3Dabc')).toBeNull();
    expect(link('https%3A%2F%2Fgate.example.com%2F%ff')).toBeNull();
  });

  test('without line ends, half a link is never taken for a whole one', () => {
    const read = (field: string) => decode(`type=a&redirect-to=${field}&b=2`).readLink('redirect-to');
    expect(read(LINK)).toBeNull();
    expect(read(encodeURIComponent(LINK))).toBe(LINK);
    expect(read('https://gate.example.com/form/1')).toBe('https://gate.example.com/form/1');
  });
});

test('is total over byte mutations of a reply', () => {
  const seed = bytes('type=status-response\n&merchant-order-id=PO-1\n&status=approved\n&error-message=a%2Cb\n');
  const edit = fc.tuple(fc.nat(seed.length - 1), fc.nat(255));
  fc.assert(
    fc.property(
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      fc.constantFrom<ReplyFormat>('form', 'json'),
      (edits, format) => {
        const body = Buffer.from(seed);
        for (const [at, byte] of edits) body[at] = byte;
        try {
          expect(typeof decode(body, format).read('status')).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      },
    ),
    { numRuns: 2_000 },
  );
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
    for (const text of ['a=1\n&b=2\n', 'a=1&b=2', 'a=1\r\n&b=2\r\n', 'a=1\n&\nb=2\n', '\na=1&b=2\n', 'a=1&\r\nb=2']) {
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

  test('takes as many fields as it may', () => {
    expect(split('a=1\n&'.repeat(1_023).concat('b=2\n')).fields.b).toEqual(['2']);
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

describe('decodeReplyJson', () => {
  const decodeJson = (text: string) => decodeReplyJson(Buffer.from(text));

  test('numbers keep every digit', () => {
    const text =
      '{"paynet-order-id":12345678901234567890,"error-code": 1,"amount":10.50,"note":"a 1 \\" 2","x":null,"y":true}';
    expect([...decodeJson(text)]).toEqual([
      ['paynet-order-id', '12345678901234567890'],
      ['error-code', '1'],
      ['amount', '10.50'],
      ['note', 'a 1 " 2'],
      ['x', ''],
      ['y', 'true'],
    ]);
  });

  test('nested values stay text and their names may repeat', () => {
    const value = decodeJson('{"a":[{"b":"1"},{"b":"2"}],"b":"3"}');
    expect([value.get('a'), value.get('b')]).toEqual(['[{"b":"1"},{"b":"2"}]', '3']);
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
    expect(() => decodeJson(text)).toThrow(FormError);
  });

  test.each([
    ['a repeated name', '"type":"error","type":"async-response"'],
    ['a name repeated after a nested value', '"type":{"x":1},"type":"async-response"'],
    ['a name repeated by an escape', '"type":"error","\\u0074ype":"async-response"'],
    ['a lone surrogate', '"type":"\\ud800"'],
  ])('%s spoils its own field and no other', (_name, pairs) => {
    expect([...decodeJson(`{${pairs},"a":"1"}`)]).toEqual([
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
          expect(Object.fromEntries(decodeJson(JSON.stringify(fields, null, 1)))).toEqual({ ...fields });
        },
      ),
    );
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.string()), (text) => {
        try {
          expect(decodeJson(text).size).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(FormError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
