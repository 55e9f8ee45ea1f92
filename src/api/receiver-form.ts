import { electronicFormatIBAN, isSEPACountry, isValidIBAN } from 'ibantools';
import {
  type AskedRequest,
  BANK_ACCOUNT_FIELD_LENGTHS,
  CARD_FIELD_LENGTHS,
  RECEIVER_FIELD_LENGTHS,
  type ReceiverDetails,
} from '../domain/payout-request';
import { bankAccount, card, receiver } from './schemas';

/** The ways a Receiver may be paid, as the types of a destination. */
export const METHODS = ['bank_account', 'card'] as const;
export type Method = (typeof METHODS)[number];

const LENGTHS = {
  bank_account: BANK_ACCOUNT_FIELD_LENGTHS,
  card: CARD_FIELD_LENGTHS,
  receiver: RECEIVER_FIELD_LENGTHS,
} as const;
/** Asked for in any case, in this order; of these, the first is always required. */
const ALWAYS = {
  bank_account: ['accountNumber', 'accountName'],
  card: ['cardNumber', 'cardHolder'],
} as const;
/** Nobody knows their own address by heart: it is that of the browser. */
const NOT_ASKED = 'ipAddress';

export type DestinationField = keyof typeof BANK_ACCOUNT_FIELD_LENGTHS | keyof typeof CARD_FIELD_LENGTHS;
export type FormFieldKey = DestinationField | Exclude<keyof typeof RECEIVER_FIELD_LENGTHS, typeof NOT_ASKED>;

/** A field of the form; `name` is that of the API (`destination.bankCode`, `receiver.email`). */
export interface FormField {
  readonly name: string;
  readonly key: FormFieldKey;
  readonly maxLength: number;
  readonly isRequired: boolean;
}

/** What a Receiver is asked for: by which ways they can be paid here, and the fields of the chosen one. */
export interface FormPlan {
  readonly methods: readonly Method[];
  readonly method: Method;
  readonly fields: readonly FormField[];
  /** The endpoint requires the Receiver's network address, and the caller did not know it. */
  readonly needsAddress: boolean;
}

export type FormError = 'required' | 'too_long' | 'iban' | 'card' | 'card_expired' | 'format';
export type FormErrors = ReadonlyMap<string, FormError>;

interface Endpoint {
  readonly requiredFields: readonly string[];
}

/** The ways of paying that have every field the endpoint requires. */
export function methodsOf({ requiredFields }: Endpoint): readonly Method[] {
  const required = requiredFields.filter((name) => name.startsWith('destination.')).map(lastPart);
  return METHODS.filter((method) => required.every((key) => key === 'type' || key in LENGTHS[method]));
}

/** The form for a request and its endpoint. An unknown or impossible method is the first possible one. */
export function planForm(asked: AskedRequest, endpoint: Endpoint, wanted: unknown): FormPlan {
  const methods = methodsOf(endpoint);
  const method = methods.find((possible) => possible === wanted) ?? methods[0] ?? 'bank_account';
  const required = endpoint.requiredFields.map((name) => name.split('.'));
  const ofMethod = required.flatMap(([group, key = '']) => (group === 'destination' && key !== 'type' ? [key] : []));
  const ofReceiver = required.flatMap(([group, key = '']) => (group === 'receiver' ? [key] : []));
  const [number] = ALWAYS[method];
  const toField = (group: 'destination' | 'receiver', key: string): FormField => ({
    name: `${group}.${key}`,
    key: key as FormFieldKey,
    maxLength: Number(Reflect.get(LENGTHS[group === 'receiver' ? 'receiver' : method], key)),
    isRequired: group === 'receiver' || key === number || ofMethod.includes(key),
  });
  const missing = ofReceiver.filter((key) => Reflect.get(asked.receiver, key) === undefined);
  return {
    methods,
    method,
    fields: [
      ...[...new Set<string>([...ALWAYS[method], ...ofMethod])].map((key) => toField('destination', key)),
      ...missing.filter((key) => key !== NOT_ASKED).map((key) => toField('receiver', key)),
    ],
    needsAddress: missing.includes(NOT_ASKED),
  };
}

/**
 * What was entered, as details or as what is wrong with it. `values` are texts by field name, as they came; the server's word, whatever a
 * script in the page said before.
 */
export function readForm(
  { plan, asked, nowMs, ipAddress }: { plan: FormPlan; asked: AskedRequest; nowMs: number; ipAddress: string },
  values: ReadonlyMap<string, string>,
): { readonly details: ReceiverDetails } | { readonly errors: FormErrors } {
  const errors = new Map<string, FormError>();
  const groups: Record<string, Record<string, string>> = { destination: { type: plan.method }, receiver: {} };
  for (const field of plan.fields) {
    const text = normalize(field.key, values.get(field.name) ?? '');
    const group = groups[field.name.split('.', 1)[0] ?? ''];
    if (text === '' && field.isRequired) errors.set(field.name, 'required');
    if (text === '' || group === undefined) continue;
    group[field.key] = text;
    if ([...text].length > field.maxLength) errors.set(field.name, 'too_long');
  }
  const complain = (name: string, error: FormError) => errors.has(name) || errors.set(name, error);
  const destination = (plan.method === 'card' ? card : bankAccount).safeParse(groups.destination);
  const ofReceiver = receiver.safeParse(groups.receiver);
  for (const issue of destination.error?.issues ?? []) {
    const key = String(issue.path[0]);
    complain(`destination.${key}`, key === 'cardNumber' ? 'card' : 'format');
  }
  for (const issue of ofReceiver.error?.issues ?? []) complain(`receiver.${String(issue.path[0])}`, 'format');
  if (destination.success && destination.data.type === 'bank_account') {
    const country = asked.receiver.country ?? ofReceiver.data?.country;
    const isIban = looksLikeIban(destination.data.accountNumber) || (asked.currency === 'EUR' && isSepa(country));
    if (isIban && !isValidIBAN(destination.data.accountNumber)) complain('destination.accountNumber', 'iban');
  }
  if (destination.success && destination.data.type === 'card' && isPast(destination.data, nowMs)) {
    complain('destination.expiryYear', 'card_expired');
  }
  if (errors.size > 0 || !destination.success || !ofReceiver.success) return { errors };
  const address = plan.needsAddress ? { ipAddress } : {};
  return { details: { destination: destination.data, receiver: { ...ofReceiver.data, ...address } } };
}

/** As people write it, made into what is sent: blanks in numbers, small letters in codes, a date with dashes. */
function normalize(key: FormFieldKey, text: string): string {
  const trimmed = text.trim();
  switch (key) {
    case 'accountNumber':
      return looksLikeIban(electronicFormatIBAN(trimmed) ?? '') ? (electronicFormatIBAN(trimmed) ?? '') : trimmed;
    case 'cardNumber':
      return trimmed.replaceAll(/[\s-]/g, '');
    case 'birthday':
      return trimmed.replaceAll('-', '');
    case 'expiryMonth':
      return /^[1-9]$/.test(trimmed) ? `0${trimmed}` : trimmed;
    case 'expiryYear':
      return /^[0-9]{2}$/.test(trimmed) ? `20${trimmed}` : trimmed;
    case 'country':
    case 'state':
      return trimmed.toUpperCase();
    default:
      return trimmed;
  }
}

/** Two letters, two digits and more: no other kind of account number begins so. */
function looksLikeIban(number: string): boolean {
  return /^[A-Z]{2}[0-9]{2}[0-9A-Z]{4,}$/.test(number);
}

function isSepa(country: string | undefined): boolean {
  return country !== undefined && isSEPACountry(country);
}

/** A card is good to the end of its month; by the clock of the farthest west. */
function isPast({ expiryMonth, expiryYear }: { expiryMonth?: string; expiryYear?: string }, nowMs: number): boolean {
  if (expiryMonth === undefined || expiryYear === undefined) return false;
  const HALF_A_DAY_MS = 43_200_000;
  return Date.UTC(Number(expiryYear), Number(expiryMonth), 1) + HALF_A_DAY_MS <= nowMs;
}

function lastPart(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}
