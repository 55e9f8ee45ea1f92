import type { ZodError } from 'zod';
import type { CollectMethod, EndpointConfig } from '../../config/endpoint';
import { isBlank, looksLikeIban, normalise } from '../../domain/normalise';
import {
  type AskedRequest,
  BANK_ACCOUNT_FIELD_LENGTHS,
  CARD_FIELD_LENGTHS,
  RECEIVER_FIELD_LENGTHS,
  type ReceiverDetails,
} from '../../domain/payout-request';
import { bankAccount, card, findBrokenRules, receiver } from '../payouts/payout-fields';

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
/** Taken from the connection, not asked for. */
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
  readonly methods: readonly CollectMethod[];
  readonly method: CollectMethod;
  readonly fields: readonly FormField[];
  /** The endpoint requires the Receiver's network address, and the caller did not know it. */
  readonly needsAddress: boolean;
}

export type FormError = 'required' | 'too_long' | 'iban' | 'iban_too_long' | 'card' | 'card_expired' | 'format';
export type FormErrors = ReadonlyMap<string, FormError>;

/** What an endpoint wants of the form. */
export type FormRules = Pick<EndpointConfig, 'requiredFields' | 'fieldLengths' | 'collect'>;

/** The ways of paying that the endpoint allows and that have every field it requires. */
export function methodsOf({ requiredFields, collect }: Omit<FormRules, 'fieldLengths'>): readonly CollectMethod[] {
  const required = requiredFields.filter((name) => name.startsWith('destination.')).map(lastPart);
  return collect.filter((method) => required.every((key) => key === 'type' || key in LENGTHS[method]));
}

/** The form for a request and its endpoint. An unknown or impossible method is the first possible one. */
export function planForm(asked: AskedRequest, endpoint: FormRules, wanted: unknown): FormPlan {
  const methods = methodsOf(endpoint);
  const method = methods.find((possible) => possible === wanted) ?? methods[0] ?? 'bank_account';
  const required = endpoint.requiredFields.map((name) => name.split('.'));
  const ofMethod = required.flatMap(([group, key = '']) => (group === 'destination' && key !== 'type' ? [key] : []));
  const ofReceiver = required.flatMap(([group, key = '']) => (group === 'receiver' ? [key] : []));
  const [number] = ALWAYS[method];
  const toField = (group: 'destination' | 'receiver', key: string): FormField => ({
    name: `${group}.${key}`,
    key: key as FormFieldKey,
    maxLength: Number(
      Reflect.get(endpoint.fieldLengths, key) ?? Reflect.get(LENGTHS[group === 'receiver' ? 'receiver' : method], key),
    ),
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

/** What was entered into the fields of a form, each in its one form; `by` is the method. */
export function normaliseForm(plan: FormPlan, values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const entered = plan.fields.map(({ name, key }) => [name, normalise(key, values.get(name) ?? '')] as const);
  return new Map([['by', plan.method], ...entered.filter(([, text]) => !isBlank(text))]);
}

/**
 * What was entered, as details or as what is wrong with it. `values` are texts by field name, as they came. The server checks everything,
 * whatever the page's script has checked.
 */
export function readForm(
  { plan, asked, nowMs, ipAddress }: { plan: FormPlan; asked: AskedRequest; nowMs: number; ipAddress: string },
  values: ReadonlyMap<string, string>,
): { readonly details: ReceiverDetails } | { readonly errors: FormErrors } {
  const errors = new Map<string, FormError>();
  const address: Record<string, string> = plan.needsAddress ? { [NOT_ASKED]: ipAddress.replace(/%.*$/, '') } : {};
  const groups: Record<string, Record<string, string>> = { destination: { type: plan.method }, receiver: address };
  for (const field of plan.fields) {
    const text = normalise(field.key, values.get(field.name) ?? '');
    const group = groups[field.name.split('.', 1)[0] ?? ''];
    if (isBlank(text) && field.isRequired) errors.set(field.name, 'required');
    if (isBlank(text) || group === undefined) continue;
    group[field.key] = text;
    const isIban = field.key === 'accountNumber' && looksLikeIban(text);
    if ([...text].length > field.maxLength) errors.set(field.name, isIban ? 'iban_too_long' : 'too_long');
  }
  const complain = (name: string, error: FormError) => errors.has(name) || errors.set(name, error);
  const schema = plan.method === 'card' ? card : bankAccount;
  const destination = schema.safeParse(groups.destination);
  const ofReceiver = receiver.safeParse(groups.receiver);
  for (const issue of destination.error?.issues ?? []) {
    const key = String(issue.path[0]);
    complain(`destination.${key}`, key === 'cardNumber' ? 'card' : 'format');
  }
  for (const issue of ofReceiver.error?.issues ?? []) complain(`receiver.${String(issue.path[0])}`, 'format');
  // What is wrong between fields is said together with what is wrong in one: the rules are asked about what is right.
  const right = schema.partial().safeParse(withoutWrong(groups.destination, destination.error)).data;
  const details = {
    destination: right && { ...right, type: plan.method },
    receiver: { ...receiver.safeParse(withoutWrong(groups.receiver, ofReceiver.error)).data, ...asked.receiver },
  };
  const rules = { ...details, currency: asked.currency } as Parameters<typeof findBrokenRules>[0];
  for (const { field, kind } of findBrokenRules(rules, nowMs)) complain(field, kind);
  if (errors.size > 0 || !destination.success || !ofReceiver.success) return { errors };
  return { details: { destination: destination.data, receiver: ofReceiver.data } };
}

/** The fields that no complaint names. */
function withoutWrong(group: Readonly<Record<string, string>> = {}, error: ZodError | undefined) {
  const wrong = (error?.issues ?? []).map(({ path: [key] }) => String(key));
  return Object.fromEntries(Object.entries(group).filter(([key]) => !wrong.includes(key)));
}

function lastPart(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}
