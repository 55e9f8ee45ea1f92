import { destinationHash, differingFields, fingerprintOf } from '../../../src/api/payouts/fingerprint';
import { toClientOrderId } from '../../../src/domain/ids';
import type { Card } from '../../../src/domain/payout-request';
import { EUR, REQUEST } from '../../domain/samples';
import { HASH_KEY } from '../app-harness';

const CARD: Card = { type: 'card', cardNumber: '4444333322221111' };
const ACCOUNT = 'DE89370400440532013000';

/** Every object in it written backwards. */
function reversed<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, reversed(part)]),
  ) as T;
}

describe('fingerprintOf', () => {
  const print = fingerprintOf(REQUEST, HASH_KEY);

  it('does not depend on the order of fields, nor on fields without a value', () => {
    expect(fingerprintOf(reversed(REQUEST), HASH_KEY)).toBe(print);
    expect(fingerprintOf({ ...REQUEST, purpose: undefined } as unknown as typeof REQUEST, HASH_KEY)).toBe(print);
  });

  it.each([
    ['amount', { ...REQUEST, amount: '10.51' }],
    ['clientOrderId', { ...REQUEST, clientOrderId: toClientOrderId('PO-000002') }],
    ['a nested field', { ...REQUEST, receiver: { ...REQUEST.receiver, lastName: 'Neil' } }],
    ['an added field', { ...REQUEST, purpose: 'salary' }],
    ['a missing field', { ...REQUEST, extraFields: { a: '1' } }],
    ['a value in the field beside it', { ...REQUEST, receiver: { firstName: "O'Neil", lastName: 'José' } }],
    ['the kind of destination', { ...REQUEST, destination: CARD }],
  ])('changes with %s', (_name, other) => {
    expect(fingerprintOf(other, HASH_KEY)).not.toBe(print);
  });

  it('is keyed, and tells nothing', () => {
    expect(print).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprintOf(REQUEST, `${HASH_KEY}x`)).not.toBe(print);
  });
});

describe('destinationHash', () => {
  it('is the same however the number is written', () => {
    const hash = destinationHash({ type: 'bank_account', accountNumber: ACCOUNT }, HASH_KEY);
    expect(hash).toMatch(/^[0-9a-f]{32}$/);
    for (const accountNumber of ['DE89 3704 0044 0532 0130 00', 'de89-3704-0044-0532-0130-00']) {
      expect(destinationHash({ type: 'bank_account', accountNumber }, HASH_KEY)).toBe(hash);
    }
  });

  it('differs by number, by kind and by key, not by the name of the bank', () => {
    const account = { type: 'bank_account', accountNumber: '4444333322221111' } as const;
    const hashes = [
      destinationHash(account, HASH_KEY),
      destinationHash(CARD, HASH_KEY),
      destinationHash(CARD, `${HASH_KEY}x`),
      destinationHash({ ...CARD, cardNumber: '4444444444444448' }, HASH_KEY),
    ];
    expect(new Set(hashes).size).toBe(4);
    expect(destinationHash({ ...account, bankName: 'Cool Bank' }, HASH_KEY)).toBe(hashes[0]);
  });
});

describe('differingFields', () => {
  it('names paths, never values', () => {
    const other = {
      ...REQUEST,
      amount: '11.00',
      purpose: 'salary',
      receiver: { firstName: 'José', email: 'a@b' },
      destination: { ...REQUEST.destination, bankName: 'Other' },
      extraFields: { tax_id: '1' },
    };
    expect(differingFields(REQUEST, other)).toEqual([
      'amount',
      'destination.bankName',
      'extraFields.tax_id',
      'purpose',
      'receiver.email',
      'receiver.lastName',
    ]);
  });

  it('names nothing of equal requests', () => {
    expect(differingFields(REQUEST, reversed(REQUEST))).toEqual([]);
    expect(differingFields(REQUEST, { ...REQUEST, currency: EUR })).toEqual([]);
  });
});
