import fc from 'fast-check';
import { isClientOrderId, isOrderId, toClientOrderId, toOrderId } from '../../src/domain/ids';

describe('clientOrderId', () => {
  it.each(['A', 'z', 'PO-000001', 'a.b_c-1', `P${'0'.repeat(127)}`])('takes %s', (text) => {
    expect(toClientOrderId(text)).toBe(text);
  });

  it.each([
    '',
    '1A',
    '-A',
    '.A',
    '_A',
    'A B',
    'A/B',
    'Ü1',
    'Aü',
    'A\n',
    '\nA',
    'A:',
    'A%20',
    `P${'0'.repeat(128)}`,
    'А1',
  ])('refuses %j and does not repeat it', (text) => {
    expect(isClientOrderId(text)).toBe(false);
    expect(() => toClientOrderId(text)).toThrow(
      new RangeError('clientOrderId: expected a letter followed by at most 127 letters, digits, ".", "_" or "-"'),
    );
  });
});

describe('orderId', () => {
  it.each(['1', '6768788', '9'.repeat(20)])('takes %s', (text) => {
    expect(toOrderId(text)).toBe(text);
  });

  it.each(['', '0', '01', '1'.repeat(21), '1.0', '+1', '-1', ' 1', '1\n', 'abc', '１'])('refuses %j', (text) => {
    expect(isOrderId(text)).toBe(false);
    expect(() => toOrderId(text)).toThrow(RangeError);
  });
});

/** Every way to read a control string as a status word, an order id and an id of ours. */
function readings(joined: string): string[][] {
  const found: string[][] = [];
  for (let end = 0; end <= joined.length; end += 1) {
    for (let start = 0; start <= end; start += 1) {
      const [status, orderId, clientOrderId] = [joined.slice(0, start), joined.slice(start, end), joined.slice(end)];
      if (!/\d/.test(status) && isOrderId(orderId) && isClientOrderId(clientOrderId)) {
        found.push([status, orderId, clientOrderId]);
      }
    }
  }
  return found;
}

it('a control string of valid ids and a status word without digits can be read one way only', () => {
  const letters = 'abzAZ_-'.split('');
  const status = fc.string({ unit: fc.constantFrom(...letters), maxLength: 6 });
  const orderId = fc.string({ unit: fc.constantFrom(...'0123'.split('')), maxLength: 5 }).map((rest) => `7${rest}`);
  const clientOrderId = fc
    .tuple(fc.constantFrom('A', 'b'), fc.string({ unit: fc.constantFrom(...'012aZ._-'.split('')), maxLength: 8 }))
    .map(([first, rest]) => first + rest);
  fc.assert(
    fc.property(status, orderId, clientOrderId, (...parts) => {
      expect(readings(parts.join(''))).toEqual([parts]);
    }),
    { numRuns: 1_000 },
  );
});
