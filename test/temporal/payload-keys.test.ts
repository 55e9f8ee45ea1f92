import { inspect } from 'node:util';
import { isPayloadKeyId, readPayloadKeys } from '../../src/temporal/payload-keys';

const base64Of = (byte: number) => Buffer.alloc(32, byte).toString('base64');

it.each([
  ['a line each', `new:${base64Of(1)}\nold.1_-:${base64Of(2)}\n`],
  ['separated by commas', `new:${base64Of(1)}, old.1_-:${base64Of(2)}`],
  ['with empty lines and returns', `\r\nnew:${base64Of(1)}\r\n\r\nold.1_-:${base64Of(2)},\r\n`],
])('reads keys %s: the first is active', (_how, text) => {
  const { activeId, byId } = readPayloadKeys(text);
  expect(activeId).toBe('new');
  expect([...byId].map(([id, key]) => [id, key.export()[0], key.symmetricKeySize])).toEqual([
    ['new', 1, 32],
    ['old.1_-', 2, 32],
  ]);
});

it.each<readonly [string, string]>([
  ['', 'expected at least one entry <id>:<base64 of 32 bytes>'],
  [' \n,', 'expected at least one entry <id>:<base64 of 32 bytes>'],
  ['SECRET', 'expected <id>:<base64 of 32 bytes> in entry 1'],
  [`a:${base64Of(1)}:SECRET`, 'expected <id>:<base64 of 32 bytes> in entry 1'],
  [`SECRET id:${base64Of(1)}`, 'expected an id of 1 to 32 letters, digits, ".", "_" or "-" in entry 1'],
  [`:${base64Of(1)}`, 'expected an id of 1 to 32 letters, digits, ".", "_" or "-" in entry 1'],
  [`${'i'.repeat(33)}:${base64Of(1)}`, 'expected an id of 1 to 32 letters, digits, ".", "_" or "-" in entry 1'],
  [`a:${base64Of(1)},a:${base64Of(2)}`, 'expected an id of its own in entry 2'],
  ...[
    Buffer.alloc(31, 1).toString('base64'),
    Buffer.alloc(33, 1).toString('base64'),
    base64Of(1).slice(0, -1),
    Buffer.alloc(32, 255).toString('base64url'),
    `${base64Of(1)}SECRET`,
    Buffer.alloc(32, 1).toString('hex'),
  ].map((text) => [`a:${base64Of(1)}\nb:${text}`, 'expected 32 bytes in base64 in entry 2'] as const),
])('%j is refused in words that repeat nothing of it', (text, message) => {
  expect(() => readPayloadKeys(text)).toThrow(new Error(message));
});

it('keys show themselves to no log', () => {
  const keys = readPayloadKeys(`a:${base64Of(7)}`);
  for (const shown of [JSON.stringify([...keys.byId]), inspect(keys, { depth: 9, showHidden: true })]) {
    expect(shown).not.toContain(base64Of(7).slice(0, 8));
    expect(shown).not.toContain('7, 7');
    expect(shown).not.toContain('0707');
  }
});

it.each([
  ['k', true],
  ['2026-11.a_B', true],
  ['i'.repeat(32), true],
  ['i'.repeat(33), false],
  ['', false],
  ['a b', false],
  ['a\n', false],
])('%j may name a key: %s', (id, may) => expect(isPayloadKeyId(id)).toBe(may));
