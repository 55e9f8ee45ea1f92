import { drawOne, drawWhole, type Random } from '../../support/random';

const drawHex = (random: Random): string => drawWhole(random, 0, 255).toString(16).padStart(2, '0');
const drawBytes = (random: Random, most: number): string =>
  Array.from({ length: drawWhole(random, 1, most) }, () => `%${drawHex(random)}`).join('');
const repeat = (pair: string, times: number): string => Array(times).fill(pair).join('&');
const UNUSED = ['last_name', 'descriptor', 'x', 'error_message', 'error_code', 'amount', 'currency', 'processor-tx-id'];
const BROKEN = ['%', '%0', '%zz', '100%', 'M%FCller', '%ED%A0%80', '%C3', '=&=', '\u2028', '%00', '%0A', '+', ';a=1'];
const PROTOTYPES = ['__proto__', 'constructor', '%5F_proto__', 'toString'];
const OTHER_LETTERS = ['STATUS', 'status[]', 'Control', 'order_id'];

/** Fields beside a right control that must change nothing, by name. */
export const HOSTILE_FIELDS: readonly (readonly [string, (random: Random) => string])[] = [
  ['bytes as a value', (random) => `${drawOne(random, UNUSED)}=${drawBytes(random, 60)}`],
  ['bytes as a name', (random) => `x${drawBytes(random, 20)}=1`],
  [
    'a broken value',
    (random) => `${drawOne(random, UNUSED)}=${encodeURI(drawOne(random, BROKEN)).replaceAll('%25', '%')}`,
  ],
  ['a field twice', (random) => repeat(`${drawOne(random, UNUSED)}=${drawHex(random)}`, 2)],
  ['a name with a blank', () => 'first%20name=x&last+name=y'],
  ['a prototype name', (random) => `${drawOne(random, PROTOTYPES)}=1`],
  ['a used name in other letters', (random) => `${drawOne(random, OTHER_LETTERS)}=declined`],
  ['a long value', (random) => `x=${'a'.repeat(drawWhole(random, 1, 10_000))}`],
  ['many fields', (random) => repeat('x=1', drawWhole(random, 1, 40))],
];
