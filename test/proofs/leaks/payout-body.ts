import { drawWhole } from '../../support/random';
import type { MarkerBook, Planting } from './marker';
import type { Kind } from './planted';

/** Names of the endpoint's extra fields. */
export const EXTRA_FIELDS = ['sender_name', 'sender_account'] as const;

/** From this amount on a payout needs an approval, and takes from a limit. */
export const GATED_AMOUNT = '100.00';
export const GATING_RULES = [
  { name: 'large', match: { currency: 'EUR', amountFrom: GATED_AMOUNT }, approvals: 1 },
  { name: 'monthly', match: { currency: 'EUR', amountFrom: GATED_AMOUNT }, limit: { amount: '9000.00', per: 'month' } },
];

/** What is planted in whose name: texts of a person, numbers of an account, and of a card. */
export interface Person {
  readonly text: Kind;
  readonly number: Kind;
  readonly card: Kind;
  /** The clientOrderId of the payout. */
  readonly of: string;
}

/** The body of a payout with a marker in every field that takes one; the last digits of its number choose the scenario. */
export function writePayoutBody(
  book: MarkerBook,
  { clientOrderId, digits, type }: { clientOrderId: string; digits: string; type: 'bank_account' | 'card' },
) {
  const person = payoutPerson(clientOrderId);
  return {
    ...writeRequest(book, clientOrderId),
    receiver: writeReceiver(book, person),
    destination: type === 'card' ? writeCard(book, person, digits) : writeAccount(book, person, digits),
    extraFields: {
      [EXTRA_FIELDS[0]]: book.words('extraFields.sender_name', texts(person)),
      [EXTRA_FIELDS[1]]: book.digits('extraFields.sender_account', { length: 20, begins: '7', ...numbers(person) }),
    },
  };
}

/** What a caller says of a payout besides who is paid. */
export function writeRequest(book: MarkerBook, clientOrderId: string) {
  const as = texts(payoutPerson(clientOrderId));
  return {
    clientOrderId,
    amount: '10.50',
    currency: 'EUR',
    description: book.words('description', { length: 40, ...as }),
    purpose: book.words('purpose', { length: 60, kind: 'purpose of a payout', of: clientOrderId }),
    reference: book.words('reference', { length: 40, kind: 'label of a payout', of: clientOrderId }),
    metadata: { note: book.words('metadata.note', { length: 60, kind: 'label of a payout', of: clientOrderId }) },
  };
}

export function writeReceiver(book: MarkerBook, person: Person) {
  const { random } = book;
  const as = texts(person);
  const group = () => drawWhole(random, 0x1000, 0xffff).toString(16);
  const drawBirthday = () => `19${drawWhole(random, 10, 99)}0${drawWhole(random, 1, 9)}${drawWhole(random, 10, 28)}`;
  return {
    firstName: book.words('receiver.firstName', as),
    lastName: book.words('receiver.lastName', { length: 24, ...as }),
    email: book.email('receiver.email', as),
    phone: book.plant('receiver.phone', `+49${drawWhole(random, 1e6, 9e6)}${drawWhole(random, 1e6, 9e6)}`, as),
    ipAddress: book.plant('receiver.ipAddress', Array.from({ length: 8 }, group).join(':'), as),
    address: book.words('receiver.address', { length: 30, ...as }),
    city: book.words('receiver.city', as),
    zipCode: book.code('receiver.zipCode', { length: 10, ...as }),
    country: 'DE',
    state: 'BY',
    birthday: book.named('receiver.birthday', drawBirthday, { names: ['birthday'], ...as }),
  };
}

export function writeAccount(book: MarkerBook, person: Person, digits: string) {
  const as = texts(person);
  const drawCode = () => `${drawWhole(book.random, 100, 999)}`;
  // What begins like an IBAN is refused unless it is one.
  const account = { length: 24, begins: '7', ends: `0${digits}` };
  return {
    type: 'bank_account',
    accountNumber: book.code('destination.accountNumber', { ...account, ...numbers(person) }),
    accountName: book.words('destination.accountName', { length: 30, ...as }),
    bankName: book.words('destination.bankName', as),
    bankBranch: book.words('destination.bankBranch', as),
    bankCode: book.named('destination.bankCode', drawCode, { names: ['bankCode', 'bank_code'], ...as }),
    bankAddress: book.words('destination.bankAddress', { length: 30, ...as }),
    bankZipCode: book.code('destination.bankZipCode', { length: 12, ...as }),
    bankCity: book.words('destination.bankCity', as),
    bankProvince: book.words('destination.bankProvince', as),
    bankArea: book.words('destination.bankArea', as),
    routingNumber: book.code('destination.routingNumber', { length: 16, ...as }),
  };
}

export function writeCard(book: MarkerBook, person: Person, digits: string) {
  const as = { kind: person.card, of: person.of };
  return {
    type: 'card',
    cardNumber: book.digits('destination.cardNumber', { length: 16, ends: digits, isCard: true, ...as }),
    cardHolder: book.words('destination.cardHolder', { length: 26, ...texts(person) }),
    expiryMonth: '12',
    expiryYear: '2099',
  };
}

function payoutPerson(of: string): Person {
  return { text: 'text of a payout', number: 'number of a payout', card: 'number of a payout', of };
}

function texts({ text, of }: Person): Planting {
  return { kind: text, of };
}

function numbers({ number, of }: Person): Planting {
  return { kind: number, of };
}
