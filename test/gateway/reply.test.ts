import fc from 'fast-check';
import { GatewayError } from '../../src/gateway/errors';
import { decodeReply, type ReplyFormat } from '../../src/gateway/reply';

const bytes = (text: string) => Buffer.from(text);

test('keeps unknown fields and answers absent ones with an empty text', () => {
  const reply = decodeReply(bytes('type=status-response\n&some-new-field=7\n'), 'form');
  expect(reply.allFields.get('some-new-field')).toBe('7');
  expect(reply.read('status')).toBe('');
});

test.each<[string, ReplyFormat, Buffer]>([
  ['invalid UTF-8', 'form', Buffer.from([0x74, 0x79, 0x70, 0x65, 0x3d, 0xff])],
  ['a byte order mark', 'form', bytes('\uFEFFtype=a\n')],
  ['a byte order mark', 'json', bytes('\uFEFF{"type":"error"}')],
  ['no type', 'form', bytes('status=approved\n')],
  ['a form', 'json', bytes('type=error\n')],
  ['JSON', 'form', bytes('{"type":"error"}')],
  ['nothing', 'form', bytes('')],
  ['nothing', 'json', bytes('')],
])('refuses %s in %s mode', (_name, format, body) => {
  expect(() => decodeReply(body, format)).toThrow(new GatewayError('unreadable'));
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
          expect(decodeReply(body, format).allFields.size).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
