import fc from 'fast-check';
import { maskNumber, maskNumbers } from '../../../src/api/codec/account-numbers';
import { cardNumber, grouped, iban } from './arbitrary-numbers';

const visible = (text: string): string => text.normalize('NFKC').replaceAll(/[^A-Za-z0-9]/g, '');

describe('numbers of cards', () => {
  test('are masked alone, in groups and in a sentence', () => {
    expect(maskNumbers('4444333322221111')).toBe('••••1111');
    expect(maskNumbers('4444 3333 2222 1111')).toBe('••••1111');
    expect(maskNumbers('4444-3333-2222-1111')).toBe('••••1111');
    expect(maskNumbers('paid to 4444 3333 2222 1111, thanks')).toBe('paid to ••••1111, thanks');
    expect(maskNumbers('４４４４３３３３２２２２１１１１')).toBe('••••１１１１'.normalize('NFKC'));
  });

  test('with the expiry date or a code beside them show nothing', () => {
    expect(maskNumbers('4444333322221111 12/30')).toBe('••••');
    expect(maskNumbers('12 4444 3333 2222 1111 30')).toBe('••••');
    expect(maskNumbers('44443333222211111230')).toBe('••••');
    expect(maskNumbers('4444333322221111123')).toBe('••••');
  });

  test('property: none survives, whatever is between its digits and around it', () => {
    fc.assert(
      fc.property(
        cardNumber.chain((number) => fc.tuple(fc.constant(number), grouped(number))),
        fc.string(),
        fc.string(),
        ([number, written], before, after) => {
          const shown = visible(maskNumbers(`${before} ${written} ${after}`));
          expect(shown).not.toContain(number);
          expect(shown).not.toContain(number.slice(0, -4));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('property: what is masked once stays as it is', () => {
    fc.assert(
      fc.property(fc.string(), cardNumber, (text, number) => {
        const once = maskNumbers(`${text} ${number}`);
        expect(maskNumbers(once)).toBe(once);
      }),
    );
  });
});

describe('IBANs', () => {
  test('are masked in any grouping; a mistyped one too when it is printed as usual', () => {
    expect(maskNumbers('DE89370400440532013000')).toBe('••••3000');
    expect(maskNumbers('to DE89 3704 0044 0532 0130 00.')).toBe('to ••••3000.');
    expect(maskNumbers('de89-3704-0044-0532-0130-00')).toBe('••••3000');
    expect(maskNumbers('DE88370400440532013000')).toBe('••••3000');
  });

  test('property: none survives', () => {
    fc.assert(
      fc.property(
        iban.chain((number) => fc.tuple(fc.constant(number), grouped(number))),
        ([number, written]) => {
          expect(visible(maskNumbers(`account ${written}`)).toUpperCase()).not.toContain(number.slice(4, -4));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

test('what an operator needs stays readable', () => {
  const texts = [
    '10.50 EUR',
    '2026-11-23T06:45:40.123Z',
    'PO-000001',
    'order 6768788',
    'gateway-default',
    '192.168.10.20',
    'b7c1b1a0-0c3f-4d55-9a55-1c2d3e4f5a6b',
    'Asks the gateway next at 2026-11-23T06:45:40.123Z, or when a callback comes.',
  ];
  expect(texts.map(maskNumbers)).toEqual(texts);
});

test('a short number shows nothing of itself', () => {
  expect(maskNumber('1234567')).toBe('••••');
  expect(maskNumber('12345678')).toBe('••••5678');
  expect(maskNumber('1 2 3 4 5 6')).toBe('••••');
});
