import { drawWhole } from '../../support/random';
import type { MarkerBook, Planting } from './marker';
import { type Person, writeAccount, writeCard, writeReceiver } from './payout-body';
import type { Kind } from './planted';

/** What a form holds, by the names of its fields. */
export type Entered = Readonly<Record<string, string>>;

const BANK = 'bankName bankBranch bankCode bankAddress bankCity bankProvince routingNumber'.split(' ');
const WHO = 'firstName lastName email phone address city zipCode country state birthday'.split(' ');
const RECEIVER = WHO.map((field) => `receiver.${field}`);

/** Endpoints that ask Receivers for nearly everything, so that each field of the form has something to leak. */
export const COLLECTING_ENDPOINTS = [
  { name: 'accounts', requiredFields: [...BANK.map((field) => `destination.${field}`), ...RECEIVER] },
  {
    name: 'cards',
    collect: ['card'],
    requiredFields: ['destination.expiryMonth', 'destination.expiryYear', ...RECEIVER],
  },
] as const;

/** What happens to a form decides who may see what was in it: `taken` is paid to, `refused` is shown again, `foreign` is never read. */
export type Fate = 'taken' | 'refused' | 'foreign';

const KINDS: Readonly<Record<Fate, Record<'text' | 'number' | 'card', Kind>>> = {
  taken: { text: 'text entered in a form', number: 'number entered in a form', card: 'card entered in a form' },
  refused: { text: 'form refused', number: 'form refused', card: 'card entered in a form' },
  foreign: { text: 'form behind a wrong link', number: 'form behind a wrong link', card: 'form behind a wrong link' },
};

export function personOf(of: string, fate: Fate): Person {
  return { ...KINDS[fate], of };
}

/** A filled form; the last digits of its number choose the scenario. */
export function enterAccount(book: MarkerBook, person: Person, digits: string): Entered {
  const number = plantIban(book, { digits, kind: person.number, of: person.of });
  const destination = { ...writeAccount(book, person, digits), accountNumber: number };
  return { by: 'bank_account', ...named('destination', destination), ...enterReceiver(book, person) };
}

export function enterCard(book: MarkerBook, person: Person, digits: string): Entered {
  return { by: 'card', ...named('destination', writeCard(book, person, digits)), ...enterReceiver(book, person) };
}

function enterReceiver(book: MarkerBook, person: Person): Entered {
  return named('receiver', writeReceiver(book, person));
}

function named(group: string, fields: Readonly<Record<string, string>>): Entered {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${group}.${name}`, value]));
}

/** A German IBAN (ISO 13616) with right check digits, also sought without them and in groups. */
function plantIban(book: MarkerBook, { digits, ...planting }: Planting & { digits: string }): string {
  const length = 18 - digits.length;
  const account = `${Array.from({ length }, () => drawWhole(book.random, 0, 9)).join('')}${digits}`;
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  const iban = `DE${String(check).padStart(2, '0')}${account}`;
  const inGroups = iban.replaceAll(/(?<=^(?:.{4})+)(?=.)/g, ' ');
  return book.plant('destination.accountNumber: IBAN', iban, { ...planting, sought: [iban, account, inGroups] });
}
