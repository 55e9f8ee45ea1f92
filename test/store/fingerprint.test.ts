import { toClientOrderId } from '../../src/domain/ids';
import { type Card, forgetPersonal } from '../../src/domain/payout-request';
import { destinationHash, differingFields, fingerprintOf } from '../../src/store/fingerprint';
import { HASH_KEY, INPUT } from '../api/app-harness';
import { EUR, LABELS, REQUEST } from '../domain/samples';

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

  it('of a request without labels is what it was before there were labels', () => {
    expect(print).toBe('3356bb6fcb3982031b0d462a8e18dae9991a529d73ab059c7ccb6f914c57d79e');
  });

  it.each([
    ['a reference', { ...REQUEST, reference: LABELS.reference }],
    ['tags', { ...REQUEST, tags: LABELS.tags }],
    ['other tags', { ...REQUEST, tags: ['refund'] }],
    ['metadata', { ...REQUEST, metadata: LABELS.metadata }],
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
      destinationHash({ type: 'card_ref', cardRefId: CARD.cardNumber }, HASH_KEY),
    ];
    expect(new Set(hashes).size).toBe(5);
    expect(destinationHash({ ...account, bankName: 'Cool Bank' }, HASH_KEY)).toBe(hashes[0]);
  });
});

describe('differingFields', () => {
  it('names the outermost fields, never values', () => {
    const other = {
      ...REQUEST,
      amount: '11.00',
      purpose: 'salary',
      receiver: { firstName: 'José', email: 'a@b' },
      destination: { ...REQUEST.destination, bankName: 'Other' },
      extraFields: { tax_id: '1' },
    };
    const fields = ['amount', 'destination', 'extraFields', 'purpose', 'receiver'];
    expect(differingFields(INPUT, other)).toEqual(fields);
  });

  it('names nothing of equal requests', () => {
    expect(differingFields(INPUT, reversed(REQUEST))).toEqual([]);
    expect(differingFields(INPUT, { ...REQUEST, currency: EUR })).toEqual([]);
  });

  it('compares what was kept of a forgotten account, and names the rest together', () => {
    const forgotten = { ...INPUT, request: forgetPersonal(REQUEST), isAccountForgotten: true } as const;
    expect(differingFields(forgotten, { ...REQUEST, amount: '11.00' })).toEqual(['amount']);
    expect(differingFields(forgotten, REQUEST)).toEqual(['destination or receiver']);
    const labelled = { ...forgotten, request: forgetPersonal({ ...REQUEST, ...LABELS }) };
    expect(differingFields(labelled, { ...REQUEST, ...LABELS, tags: ['refund'] })).toEqual(['tags']);
  });
});
