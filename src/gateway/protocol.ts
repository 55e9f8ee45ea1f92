import { formatShortest, parseDecimal } from '../domain/money';
import type { BankAccount, Card, CardRef, Destination, PayoutRequest, Receiver } from '../domain/payout-request';

/** Field names, paths and literals of the wire. Nothing outside this folder spells them. */

/** A field of the request's top level: a new one does not compile before it has a wire name, or is ours alone. */
type RequestField = Exclude<
  keyof PayoutRequest,
  'endpoint' | 'receiver' | 'destination' | 'extraFields' | 'executeAt' | 'timeZone'
>;

const ORDER_NAMES = {
  clientOrderId: 'client_orderid',
  amount: 'amount',
  currency: 'currency',
  description: 'order_desc',
  purpose: 'purpose',
} as const satisfies Record<RequestField, string>;

const RECEIVER_NAMES = {
  firstName: 'first_name',
  lastName: 'last_name',
  email: 'email',
  phone: 'phone',
  ipAddress: 'ipaddress',
  address: 'address1',
  city: 'city',
  zipCode: 'zip_code',
  country: 'country',
  state: 'state',
  birthday: 'birthday',
} as const satisfies Record<keyof Receiver, string>;

const BANK_ACCOUNT_NAMES = {
  accountNumber: 'account_number',
  accountName: 'account_name',
  bankName: 'bank_name',
  bankBranch: 'bank_branch',
  bankCode: 'bank_code',
  bankAddress: 'bank_address1',
  bankZipCode: 'bank_zip_code',
  bankCity: 'bank_city',
  bankProvince: 'bank_province',
  bankArea: 'bank_area',
  routingNumber: 'routing_number',
} as const satisfies Record<Exclude<keyof BankAccount, 'type'>, string>;

const CARD_NAMES = {
  cardNumber: 'credit_card_number',
  cardHolder: 'card_printed_name',
  expiryMonth: 'expire_month',
  expiryYear: 'expire_year',
} as const satisfies Record<Exclude<keyof Card, 'type'>, string>;

const CARD_REF_NAMES = {
  cardRefId: 'destination-card-ref-id',
} as const satisfies Record<Exclude<keyof CardRef, 'type'>, string>;

const DESTINATION_NAMES: Readonly<Record<Destination['type'], Readonly<Record<string, string>>>> = {
  bank_account: BANK_ACCOUNT_NAMES,
  card: CARD_NAMES,
  card_ref: CARD_REF_NAMES,
};

/** Names that only this software fills in: return and callback addresses, credentials. */
const OWN_NAMES = [
  'server_callback_url',
  'notify_url',
  'redirect_url',
  'redirect_success_url',
  'redirect_fail_url',
  'login',
  'control',
  'orderid',
  'merchant_order',
] as const;

/** The gateway also knows dashed aliases (`client-order-id`), so names are compared without case and separators. */
function flattenName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]/g, '');
}

const RESERVED_NAMES: ReadonlySet<string> = new Set(
  [
    ...Object.values(ORDER_NAMES),
    ...Object.values(RECEIVER_NAMES),
    ...Object.values(DESTINATION_NAMES).flatMap((names) => Object.values(names)),
    ...OWN_NAMES,
  ].map(flattenName),
);

/**
 * What proves possession of a card (PCI DSS 3.3: security code, PIN, track) must not be stored after use, so it is never accepted,
 * under whatever name a gateway knows it. Names are flattened.
 */
const CARD_PROOF_NAMES =
  /cvv|cvc|securitycode|verification(code|value|number)|magstripe|^(card)?(csc|cid|cav|cvn|cvd|cvx|pin|pinblock|track)[0-9]?(data)?$/;

const EXTRA_NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/**
 * True when a caller may send this wire name as an extra field: no documented field, no alias of one, no `oauth_*`, no callback or
 * redirect address, nothing that proves possession of a card. Letters, digits, `_`, `.`, `-`, starting with a letter, at most 64 characters.
 */
export function isExtraFieldName(name: string): boolean {
  if (!EXTRA_NAME_PATTERN.test(name)) return false;
  const flat = flattenName(name);
  return !flat.startsWith('oauth') && !RESERVED_NAMES.has(flat) && !CARD_PROOF_NAMES.test(flat);
}

function pickFields<Field extends string>(
  values: Readonly<Partial<Record<NoInfer<Field>, string>>>,
  names: Readonly<Record<Field, string>>,
): [string, string][] {
  const fields = Object.entries(names) as [Field, string][];
  return fields.flatMap(([field, name]) => {
    const value = values[field];
    return value === undefined || value === '' ? [] : [[name, value] as [string, string]];
  });
}

/** Our addresses that go along with a payout. */
export interface ReturnAddresses {
  readonly callbackUrl: string;
  /** Where the Receiver's browser comes back to, or null when no form is expected. */
  readonly redirectUrl: string | null;
  /** Which fields carry the callback address, default both. */
  readonly callbackFields?: 'both' | (typeof CALLBACK_NAMES)[number];
}

const CALLBACK_NAMES = ['server_callback_url', 'notify_url'] as const;

/**
 * Every field of a payout that has a value, by its wire name (parameter table of the payout command). Both callback fields carry the
 * same address: `notify_url` also reports what happens after the payout, and is sent instead of the other where the gateway wants it.
 * @throws RangeError when an extra field would override one of our fields.
 */
export function toPayoutFields(request: PayoutRequest, addresses: ReturnAddresses): ReadonlyMap<string, string> {
  const extras = Object.entries(request.extraFields);
  if (!extras.every(([name]) => isExtraFieldName(name))) {
    throw new RangeError(
      'extraFields: expected names that are no documented field, alias, address or oauth_* parameter',
    );
  }
  const { destination } = request;
  const amount = formatShortest(parseDecimal(request.amount, request.currency));
  const { callbackFields = 'both' } = addresses;
  return new Map([
    ...pickFields({ ...request, amount }, ORDER_NAMES),
    ...pickFields(request.receiver, RECEIVER_NAMES),
    ...pickFields({ ...destination }, DESTINATION_NAMES[destination.type]),
    ...extras.filter(([, value]) => value !== ''),
    ...CALLBACK_NAMES.filter((name) => callbackFields === 'both' || callbackFields === name).map(
      (name) => [name, addresses.callbackUrl] as const,
    ),
    ...(addresses.redirectUrl === null ? [] : [['redirect_url', addresses.redirectUrl] as const]),
  ]);
}

/** What identifies an order in a status request; `serialNumber` asks for the state of one earlier request. */
export interface StatusIds {
  readonly clientOrderId: string;
  readonly orderId: string | null;
  readonly serialNumber?: string | undefined;
}

/** The fields that both status commands take. An unknown order id is left out, not sent empty. */
export function toStatusFields(login: string, ids: StatusIds): Map<string, string> {
  return new Map([
    ['login', login],
    [ORDER_NAMES.clientOrderId, ids.clientOrderId],
    ...(ids.orderId === null ? [] : [['orderid', ids.orderId] as const]),
    ...(ids.serialNumber === undefined ? [] : [['by-request-sn', ids.serialNumber] as const]),
  ]);
}

/** Names in the gateway's replies. */
export const REPLY = {
  type: 'type',
  serialNumber: 'serial-number',
  clientOrderId: 'merchant-order-id',
  orderId: 'paynet-order-id',
  endpointId: 'end-point-id',
  status: 'status',
  stage: 'order-stage',
  amount: 'amount',
  currency: 'currency',
  transactionType: 'transaction-type',
  redirectTo: 'redirect-to',
  processorTxId: 'processor-tx-id',
  errorCode: 'error-code',
  errorMessage: 'error-message',
} as const;

/** Names in the gateway's callback: error fields carry an underscore here. */
export const CALLBACK = {
  status: 'status',
  type: 'type',
  orderId: 'orderid',
  clientOrderId: 'client_orderid',
  clientOrderIdAlias: 'merchant_order',
  control: 'control',
  amount: 'amount',
  currency: 'currency',
  processorTxId: 'processor-tx-id',
  errorCode: 'error_code',
  errorMessage: 'error_message',
} as const;

export const ACCEPTED_TYPE = 'async-response';

/** Reply types of a refusal: the request is wrong, or its processing was refused. */
export function isErrorType(type: string): boolean {
  return type === 'validation-error' || type === 'error';
}

export const FORM_CONTENT_TYPE = 'application/x-www-form-urlencoded';
/** Asks for replies in JSON; requests stay form-encoded. */
export const JSON_ACCEPT = 'application/vnd.pay+json';

/** Which commands the client calls, and their paths under the base URL. */
export type Command = 'payout' | 'payout_by_ref' | 'status_v2' | 'status_v4';
export const COMMAND_PATHS: Readonly<Record<Command, string>> = {
  payout: 'api/v4/payout',
  payout_by_ref: 'api/v4/payout-by-ref',
  status_v2: 'api/v2/status',
  status_v4: 'api/v4/status',
};

/** The command that creates a payout to a destination. */
export const PAYOUT_COMMANDS = {
  bank_account: 'payout',
  card: 'payout',
  card_ref: 'payout_by_ref',
} as const satisfies Readonly<Record<Destination['type'], Command>>;
