import { createFormSeal } from '../../../src/api/receiver/sealed-form';
import type { ClientOrderId } from '../../../src/domain/ids';

const ID = 'PO-000001' as ClientOrderId;
const OTHER = 'PO-000002' as ClientOrderId;
const VALUES = new Map([['destination.accountNumber', 'DE89370400440532013000']]);
const [NEW, OLD] = ['n'.repeat(32), 'o'.repeat(32)] as const;

it('holds what was entered, unreadable, for one payout', () => {
  const seal = createFormSeal([NEW]);
  const sealed = seal.seal(ID, VALUES);
  expect(seal.open(ID, sealed)).toEqual(VALUES);
  expect(seal.open(OTHER, sealed)).toBeNull();
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('DE89');
  expect(seal.seal(ID, VALUES)).not.toBe(sealed);
});

it('is opened with every key, made with the first', () => {
  const sealed = createFormSeal([OLD]).seal(ID, VALUES);
  expect(createFormSeal([NEW, OLD]).open(ID, sealed)).toEqual(VALUES);
  expect(createFormSeal([NEW]).open(ID, sealed)).toBeNull();
  expect(createFormSeal([OLD]).open(ID, createFormSeal([NEW, OLD]).seal(ID, VALUES))).toBeNull();
});

it.each(['', 'x', 'A'.repeat(36), 'A'.repeat(60)])('is not what a stranger makes up: %j', (sealed) => {
  expect(createFormSeal([NEW]).open(ID, sealed)).toBeNull();
});

it('is not what was changed by one bit', () => {
  const seal = createFormSeal([NEW]);
  const bytes = Buffer.from(seal.seal(ID, VALUES), 'base64url');
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((bytes[at] ?? 0) ^ 1, at);
    expect(seal.open(ID, changed.toString('base64url'))).toBeNull();
  }
});
