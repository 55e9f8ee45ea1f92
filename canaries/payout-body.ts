import { drawWhole } from '../chaos/random';
import type { MarkerBook } from './marker';

/** Names of the endpoint's extra fields. */
export const EXTRA_FIELDS = ['sender_name', 'sender_account'] as const;

/** The body of a payout with a marker in every field that takes one; the last digits of its number choose the scenario. */
export function writePayoutBody(
  book: MarkerBook,
  { clientOrderId, digits, type }: { clientOrderId: string; digits: string; type: 'bank_account' | 'card' },
) {
  return {
    clientOrderId,
    amount: '10.50',
    currency: 'EUR',
    description: book.words('description', { length: 40 }),
    purpose: book.words('purpose', { length: 60 }),
    receiver: writeReceiver(book),
    destination: type === 'card' ? writeCard(book, digits) : writeAccount(book, digits),
    extraFields: {
      [EXTRA_FIELDS[0]]: book.words('extraFields.sender_name'),
      [EXTRA_FIELDS[1]]: book.digits('extraFields.sender_account', { length: 20, begins: '7' }),
    },
  };
}

function writeReceiver(book: MarkerBook) {
  const { random } = book;
  const group = () => drawWhole(random, 0x1000, 0xffff).toString(16);
  const birthday = `19${drawWhole(random, 10, 99)}0${drawWhole(random, 1, 9)}${drawWhole(random, 10, 28)}`;
  const mailbox = book.words('receiver.email: mailbox', { length: 14, isPlain: true });
  return {
    firstName: book.words('receiver.firstName'),
    lastName: book.words('receiver.lastName', { length: 24 }),
    email: book.plant(
      'receiver.email',
      `${mailbox}@${Buffer.from([...mailbox].reverse().join('')).toString()}.example.org`,
    ),
    phone: book.plant('receiver.phone', `+49${drawWhole(random, 1e6, 9e6)}${drawWhole(random, 1e6, 9e6)}`),
    ipAddress: book.plant('receiver.ipAddress', Array.from({ length: 8 }, group).join(':')),
    address: book.words('receiver.address', { length: 30 }),
    city: book.words('receiver.city'),
    zipCode: book.code('receiver.zipCode', 10),
    country: 'DE',
    state: 'BY',
    birthday: book.named('receiver.birthday', birthday, ['birthday']),
  };
}

function writeAccount(book: MarkerBook, digits: string) {
  return {
    type: 'bank_account',
    accountNumber: book.code('destination.accountNumber', 24, `0${digits}`),
    accountName: book.words('destination.accountName', { length: 30 }),
    bankName: book.words('destination.bankName'),
    bankBranch: book.words('destination.bankBranch'),
    bankCode: book.named('destination.bankCode', `${drawWhole(book.random, 100, 999)}`, ['bankCode', 'bank_code']),
    bankAddress: book.words('destination.bankAddress', { length: 30 }),
    bankZipCode: book.code('destination.bankZipCode', 12),
    bankCity: book.words('destination.bankCity'),
    bankProvince: book.words('destination.bankProvince'),
    bankArea: book.words('destination.bankArea'),
    routingNumber: book.code('destination.routingNumber', 16),
  };
}

function writeCard(book: MarkerBook, digits: string) {
  return {
    type: 'card',
    cardNumber: book.digits('destination.cardNumber', { length: 16, begins: '4', ends: digits, isCard: true }),
    cardHolder: book.words('destination.cardHolder', { length: 26 }),
    expiryMonth: '12',
    expiryYear: '2031',
  };
}
