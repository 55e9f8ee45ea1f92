import { isIP } from 'node:net';
import type { Pair } from './form';

type Check = (value: string) => boolean;

interface FieldRule {
  readonly maxLength: number;
  readonly required?: true;
  readonly check?: Check;
}

const isDigits: Check = (value) => /^\d+$/.test(value);
const isAmount: Check = (value) => /^\d+(\.\d{1,4})?$/.test(value) && /[1-9]/.test(value);
const isHttpUrl: Check = (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

/** Table 1.1 of the protocol: names, lengths in characters, and what a value must look like. */
const RULES: Readonly<Record<string, FieldRule>> = {
  client_orderid: { maxLength: 128, required: true },
  amount: { maxLength: 10, required: true, check: isAmount },
  currency: { maxLength: 3, required: true, check: (value) => /^[A-Z]{3}$/.test(value) },
  order_desc: { maxLength: 64 },
  ipaddress: { maxLength: 45, check: (value) => isIP(value) !== 0 },
  purpose: { maxLength: 128 },
  server_callback_url: { maxLength: 128, check: isHttpUrl },
  redirect_url: { maxLength: 128, check: isHttpUrl },
  redirect_success_url: { maxLength: 1024, check: isHttpUrl },
  redirect_fail_url: { maxLength: 1024, check: isHttpUrl },
  notify_url: { maxLength: 1024, check: isHttpUrl },
  account_number: { maxLength: 24 },
  bank_name: { maxLength: 255 },
  bank_branch: { maxLength: 255 },
  first_name: { maxLength: 50 },
  last_name: { maxLength: 50 },
  phone: { maxLength: 50 },
  email: { maxLength: 128 },
  bank_code: { maxLength: 3 },
  bank_address1: { maxLength: 255 },
  bank_zip_code: { maxLength: 255 },
  routing_number: { maxLength: 16 },
  credit_card_number: { maxLength: 20, check: isDigits },
  card_printed_name: { maxLength: 128 },
  expire_month: { maxLength: 2, check: (value) => /^(0?[1-9]|1[0-2])$/.test(value) },
  expire_year: { maxLength: 4, check: (value) => /^\d{4}$/.test(value) },
  'destination-card-ref-id': { maxLength: 20, check: isDigits },
  cvv2: { maxLength: 4, check: (value) => /^\d{3,4}$/.test(value) },
  account_name: { maxLength: 128 },
  bank_province: { maxLength: 255 },
  bank_area: { maxLength: 255 },
  bank_city: { maxLength: 255 },
  address1: { maxLength: 50 },
  city: { maxLength: 50 },
  zip_code: { maxLength: 10 },
  country: { maxLength: 2 },
  state: { maxLength: 2 },
  birthday: { maxLength: 8, check: (value) => /^\d{8}$/.test(value) },
};

/** Some older samples spell the order field with dashes; it means the same. */
const DASHED_ORDER_ID = 'client-order-id';

export type FieldsVerdict =
  | { readonly valid: true; readonly fields: ReadonlyMap<string, string> }
  /** `reason` is text for the caller; it names the field and never its value. */
  | { readonly valid: false; readonly field: string; readonly reason: string };

/** One value per name, the dashed alias folded in; null for a repeated name. Empty values count as absent later on. */
export function collectFields(pairs: readonly Pair[]): ReadonlyMap<string, string> | null {
  const fields = new Map<string, string>();
  for (const [spelling, value] of pairs) {
    const name = spelling === DASHED_ORDER_ID ? 'client_orderid' : spelling;
    if (fields.has(name)) return null;
    fields.set(name, value);
  }
  return fields;
}

/** Fields of which a command takes one. */
const DESTINATIONS = {
  payout: ['account_number', 'credit_card_number'],
  'payout-by-ref': ['destination-card-ref-id'],
} as const;

/** Checks a create request. Fields outside the table pass: brands have their own. */
export function checkPayoutFields(
  pairs: readonly Pair[],
  command: keyof typeof DESTINATIONS = 'payout',
): FieldsVerdict {
  const fields = collectFields(pairs);
  if (fields === null) return { valid: false, field: 'repeated', reason: 'A field is given more than once' };
  for (const [name, rule] of Object.entries(RULES)) {
    const value = fields.get(name) ?? '';
    if (value === '' && rule.required) return { valid: false, field: name, reason: `${name} is required` };
    if (value === '') continue;
    if ([...value].length > rule.maxLength) return { valid: false, field: name, reason: `${name} is too long` };
    if (rule.check !== undefined && !rule.check(value)) {
      return { valid: false, field: name, reason: `${name} is invalid` };
    }
  }
  const names = DESTINATIONS[command];
  if (!names.some((name) => fields.get(name))) {
    return { valid: false, field: names[0], reason: `${names.join(' or ')} is required` };
  }
  return { valid: true, fields };
}

/** `10.5` as the gateway echoes it: at least two decimals (an assumption of the protocol notes). */
export function formatAmount(amount: string): string {
  const [units = '0', decimals = ''] = amount.split('.');
  return `${units}.${decimals.padEnd(2, '0')}`;
}

/** One unit more, for the scenario that pays another amount. */
export function setAmountAttention(amount: string): string {
  const [units = '0', decimals = '00'] = amount.split('.');
  return `${BigInt(units) + 1n}.${decimals}`;
}
