import { drawOne, drawWhole, type Random } from '../../support/random';

const drawHex = (random: Random): string => drawWhole(random, 0, 255).toString(16).padStart(2, '0');
const drawBytes = (random: Random, most: number): string =>
  Array.from({ length: drawWhole(random, 1, most) }, () => `%${drawHex(random)}`).join('');
const UNUSED = ['last_name', 'descriptor', 'x', 'error_message', 'error_code', 'amount', 'currency', 'processor-tx-id'];
const BROKEN = ['%', '%0', '%zz', '100%', 'M%FCller', '%ED%A0%80', '%C3', '=&=', '\u2028', '%00', '%0A', '+', ';a=1'];

/** Fields beside a right control that must change nothing, by name. */
export const HOSTILE_FIELDS: readonly (readonly [string, (random: Random) => string])[] = [
  ['bytes as a value', (random) => `${drawOne(random, UNUSED)}=${drawBytes(random, 60)}`],
  ['bytes as a name', (random) => `x${drawBytes(random, 20)}=1`],
  [
    'a broken value',
    (random) => `${drawOne(random, UNUSED)}=${encodeURI(drawOne(random, BROKEN)).replaceAll('%25', '%')}`,
  ],
  [
    'a field twice',
    (random) =>
      Array(2)
        .fill(`${drawOne(random, UNUSED)}=${drawHex(random)}`)
        .join('&'),
  ],
  ['a name with a blank', () => 'first%20name=x&last+name=y'],
  ['a prototype name', (random) => `${drawOne(random, ['__proto__', 'constructor', '%5F_proto__', 'toString'])}=1`],
  [
    'a used name in other letters',
    (random) => `${drawOne(random, ['STATUS', 'status[]', 'Control', 'order_id'])}=declined`,
  ],
  ['a long value', (random) => `x=${'a'.repeat(drawWhole(random, 1, 10_000))}`],
  [
    'many fields',
    (random) =>
      Array(drawWhole(random, 1, 40))
        .fill('x=1')
        .join('&'),
  ],
];

/** The same texts in an order drawn at random. */
export function drawShuffled(random: Random, texts: readonly string[]): readonly string[] {
  return texts
    .map((text) => [random(), text] as const)
    .sort(([a], [b]) => a - b)
    .map(([, text]) => text);
}
