import fc from 'fast-check';
import { GatewayError } from '../../src/gateway/errors';
import { decodeReply, type ReplyFormat } from '../../src/gateway/reply';

const bytes = (text: string) => Buffer.from(text);

const decode = (body: Buffer | string, format: ReplyFormat = 'form') =>
  decodeReply(
    {
      stage: 'answered',
      statusCode: 200,
      body: Buffer.from(body),
      dateMs: Number.NaN,
      contentEncoding: '',
      mayBeCut: false,
    },
    format,
  );

test('keeps unknown fields and answers absent ones with an empty text', () => {
  const reply = decode('type=status-response\n&some-new-field=7\n');
  expect(reply.read('some-new-field')).toBe('7');
  expect(reply.read('status')).toBe('');
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
    expect(read(' approved ').read('status')).toBe('approved');
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
