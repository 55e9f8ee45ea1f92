import type { CurrencyCode } from './currencies';
import type { ClientOrderId } from './ids';
import { type Labels, labelsOf } from './labels';

/** The person paid. Every field is optional here: which of them an endpoint requires is agreed with the gateway per endpoint. */
export interface Receiver {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly ipAddress?: string;
  readonly address?: string;
  readonly city?: string;
  readonly zipCode?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly state?: string;
  /** `YYYYMMDD`. */
  readonly birthday?: string;
}

export interface BankAccount {
  readonly type: 'bank_account';
  readonly accountNumber: string;
  readonly accountName?: string;
  readonly bankName?: string;
  readonly bankBranch?: string;
  readonly bankCode?: string;
  readonly bankAddress?: string;
  readonly bankZipCode?: string;
  readonly bankCity?: string;
  readonly bankProvince?: string;
  readonly bankArea?: string;
  readonly routingNumber?: string;
}

/** A card: there is no field for a security code, on purpose. */
export interface Card {
  readonly type: 'card';
  readonly cardNumber: string;
  readonly cardHolder?: string;
  /** `01` to `12`. */
  readonly expiryMonth?: string;
  /** Four digits. */
  readonly expiryYear?: string;
}

/** A card that the gateway knows from an earlier order, by its reference there: no card number passes through here. */
export interface CardRef {
  readonly type: 'card_ref';
  readonly cardRefId: string;
}

export type Destination = BankAccount | Card | CardRef;
/** A destination of one type. */
type DestinationOf<Type extends Destination['type']> = Extract<Destination, { readonly type: Type }>;

/** What a caller asks for. `amount` is a decimal string in highest units with exactly the digits of `currency`. JSON-safe. */
export interface PayoutRequest {
  readonly clientOrderId: ClientOrderId;
  /** The endpoint the caller named; absent when the choice was left to us. */
  readonly endpoint?: string;
  readonly amount: string;
  readonly currency: CurrencyCode;
  readonly description?: string;
  readonly purpose?: string;
  readonly receiver: Receiver;
  readonly destination: Destination;
  /** When to send, as the caller wrote it, and the zone of a local time; absent: at once. */
  readonly executeAt?: string;
  readonly timeZone?: string;
  /** Fields of this endpoint beyond the documented ones, by their wire name. */
  readonly extraFields: Readonly<Record<string, string>>;
}

/** What a caller asks for when the Receiver is to say where the money goes. `expiresIn` is a duration such as `7d`. JSON-safe. */
export interface CollectingRequest extends Omit<PayoutRequest, 'destination'> {
  readonly collect: 'receiver';
  readonly expiresIn: string;
  readonly destination?: undefined;
}

/** A request as the caller made it: with its destination, or with a Receiver to ask for it. */
export type AskedRequest = (PayoutRequest | CollectingRequest) & Labels;

/** What a Receiver enters. Account data: never part of the record, which has its masked tail. JSON-safe. */
export interface ReceiverDetails {
  readonly destination: BankAccount | Card;
  /** Of these, only what the caller left out. */
  readonly receiver: Receiver;
}

/** Details with where they came from, as far as that is known. */
export interface EnteredDetails extends ReceiverDetails {
  readonly enteredFrom?: unknown;
}

/** A network address, or null for a value that cannot be one: a signal may be sent by hand. */
export function readAddress(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9A-Fa-f:.]{2,45}$/.test(value) ? value : null;
}

/** The request as it is sent, without labels; null while the destination is unknown. What the caller said about the Receiver is kept. */
export function completeRequest(asked: AskedRequest, details: ReceiverDetails | null): PayoutRequest | null {
  const { reference: _reference, tags: _tags, metadata: _metadata, ...unlabelled } = asked;
  if (unlabelled.destination !== undefined) return unlabelled;
  if (details === null) return null;
  const { collect: _collect, expiresIn: _expiresIn, destination: _destination, ...request } = unlabelled;
  return { ...request, receiver: { ...details.receiver, ...asked.receiver }, destination: details.destination };
}

/** True for a value that has the shape of details. A signal may be sent by hand: a malformed one must not block the payout. */
export function isReceiverDetails(value: unknown): value is ReceiverDetails {
  if (typeof value !== 'object' || value === null) return false;
  const { destination, receiver } = value as { readonly destination?: unknown; readonly receiver?: unknown };
  if (!isRecordOfTexts(destination) || !isRecordOfTexts(receiver)) return false;
  const { type } = destination;
  return (type === 'card' || type === 'bank_account') && Boolean(destination[NUMBER_FIELDS[type]]);
}

function isRecordOfTexts(value: unknown): value is Readonly<Record<string, string | undefined>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}

/** The longest value of each field, in characters, as the gateway's parameter table gives them; an endpoint may say otherwise of some. */
export const REQUEST_FIELD_LENGTHS = { description: 64, purpose: 128 } as const;

export const RECEIVER_FIELD_LENGTHS = {
  firstName: 50,
  lastName: 50,
  email: 128,
  phone: 50,
  ipAddress: 45,
  address: 50,
  city: 50,
  zipCode: 10,
  country: 2,
  state: 2,
  birthday: 8,
} as const satisfies Record<keyof Receiver, number>;

export const BANK_ACCOUNT_FIELD_LENGTHS = {
  accountNumber: 24,
  accountName: 128,
  bankName: 255,
  bankBranch: 255,
  bankCode: 3,
  bankAddress: 255,
  bankZipCode: 255,
  bankCity: 255,
  bankProvince: 255,
  bankArea: 255,
  routingNumber: 16,
} as const satisfies Record<Exclude<keyof BankAccount, 'type'>, number>;

/** The longest that an endpoint may allow for the fields that gateways differ in. */
export const LONGEST_BANK_FIELD = 64;

export const CARD_FIELD_LENGTHS = {
  cardNumber: 20,
  cardHolder: 128,
  expiryMonth: 2,
  expiryYear: 4,
} as const satisfies Record<Exclude<keyof Card, 'type'>, number>;

export const CARD_REF_FIELD_LENGTHS = { cardRefId: 20 } as const satisfies Record<
  Exclude<keyof CardRef, 'type'>,
  number
>;

/** The field that says which account or card it is: a new type of destination does not compile without one. */
const NUMBER_FIELDS = {
  bank_account: 'accountNumber',
  card: 'cardNumber',
  card_ref: 'cardRefId',
} as const satisfies { [Type in Destination['type']]: keyof DestinationOf<Type> };

/** The number of the account or card, or the reference of the card. */
export function numberOf(destination: Destination): string {
  return (destination as unknown as Readonly<Record<string, string>>)[NUMBER_FIELDS[destination.type]] ?? '';
}

/** The last four characters of the account or card number behind dots: all that is ever shown of it. Short numbers show nothing. */
export function maskDestination(destination: Destination): string {
  return maskNumber(numberOf(destination));
}

/** The one way in which a number is shown. */
export function maskNumber(number: string): string {
  return number.length >= 8 ? `••••${number.slice(-4)}` : '••••';
}

/**
 * What is left of a request that is not needed for sending any more: identity, money, labels, and the masked tail in the place of the
 * account or card number. No receiver, no texts, no extra fields. It must never be sent.
 */
export function forgetPersonal(request: AskedRequest): AskedRequest {
  const { clientOrderId, endpoint, amount, currency } = request;
  const kept = {
    ...{ clientOrderId, amount, currency, receiver: {}, extraFields: {} },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...labelsOf(request),
  };
  if (request.destination === undefined) return { ...kept, collect: request.collect, expiresIn: request.expiresIn };
  const { type } = request.destination;
  const destination = { type, [NUMBER_FIELDS[type]]: maskDestination(request.destination) };
  return { ...kept, destination: destination as unknown as Destination };
}
