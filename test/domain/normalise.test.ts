import fc from 'fast-check';
import { isBlank, looksLikeIban, normalise } from '../../src/domain/normalise';

describe('an account number', () => {
  it.each([
    ['DE89370400440532013000', 'DE89370400440532013000'],
    [' de89 3704 0044 0532 0130 00 ', 'DE89370400440532013000'],
    ['IBAN DE89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
    ['iban: DE89-3704-0044-0532-0130-00', 'DE89370400440532013000'],
    ['DE89.3704.0044.0532.0130.00', 'DE89370400440532013000'],
    ['DE89\u00a03704\u202f0044\u20090532\t0130\u300000', 'DE89370400440532013000'],
    ['\u202aDE89370400440532013000\u202c', 'DE89370400440532013000'],
    ['DE89\u200b3704\u00ad0044\u20600532\ufeff013000', 'DE89370400440532013000'],
    ['ＤＥ８９３７０４００４４０５３２０１３０００', 'DE89370400440532013000'],
    ['GB29‑NWBK–6016—1331−9268-19', 'GB29NWBK60161331926819'],
    ['12 34-56.78', '12345678'],
    ['IBAN 1234-5678', '12345678'],
    ['１２３４', '1234'],
  ])('%j is %j', (text, sent) => {
    expect(normalise('accountNumber', text)).toBe(sent);
  });

  it.each(['casa.perro.mesa', 'jo-smith@bank.example', 'ibanez.perro', 'user_1.2-3', 'AB-12-CD'])(
    'in which dots and dashes are part of a name stays: %s',
    (text) => {
      expect(normalise('accountNumber', text)).toBe(text);
    },
  );

  it.each(['DE89\n3704', '12\u00003', '12\r\n34'])('keeps a control character, which is refused: %j', (text) => {
    expect(normalise('accountNumber', text)).toMatch(/\p{Cc}/u);
  });

  it.each([
    ['DE00370400440532013000', true],
    ['XX12ABCD', true],
    ['DE8937', false],
    ['1234567890', false],
    ['DEAB1234', false],
    ['de89370400440532013000', false],
  ])('%s looks like an IBAN: %s', (number, looks) => {
    expect(looksLikeIban(number)).toBe(looks);
  });
});

it.each([
  ['cardNumber', '4444 3333\u00a02222-1111', '4444333322221111'],
  ['cardNumber', '４４４４．３３３３．２２２２．１１１１', '4444333322221111'],
  ['birthday', '1990-02-28', '19900228'],
  ['birthday', '１９９００２２８', '19900228'],
  ['expiryMonth', '1', '01'],
  ['expiryYear', '29', '2029'],
  ['country', ' de', 'DE'],
  ['state', 'ca', 'CA'],
  ['phone', '\u202a+49 30 1234\u202c', '+49 30 1234'],
  ['email', ' a@b.example ', 'a@b.example'],
  ['ipAddress', '１９２.0.2.1', '192.0.2.1'],
  ['firstName', ' Jose\u0301 ', 'José'],
  ['accountName', '\u00a0J. Doe', 'J. Doe'],
  ['firstName', 'می\u200cخواهم', 'می\u200cخواهم'],
] as const)('%s %j is %j', (key, text, sent) => {
  expect(normalise(key, text)).toBe(sent);
});

it.each(['accountNumber', 'cardNumber', 'birthday', 'expiryMonth', 'country', 'phone', 'firstName'] as const)(
  'property: normalising %s twice is normalising it once',
  (key) => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'IBANiban:.- \u00a0\u200bDE89１370４0044@_'), maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const once = normalise(key, value);
        expect(normalise(key, once)).toBe(once);
      }),
      { numRuns: 1_000, seed: 20 },
    );
  },
);

it.each(['', ' ', '\u200b', '\u200b\u200d', '\u3164', '\u2800', '\u00a0\ufeff', '\u00ad'])('%j is blank', (text) => {
  expect(isBlank(text)).toBe(true);
  expect(isBlank(`${text}x`)).toBe(false);
});

it('a long run of blanks costs no more than its length', () => {
  const run = `x${' '.repeat(60_000)}x`;
  expect(normalise('firstName', run)).toBe(run);
  expect(normalise('accountNumber', run)).toBe('xx');
});
