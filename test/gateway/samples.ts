import { generateKeyPairSync } from 'node:crypto';
import { toClientOrderId } from '../../src/domain/ids';
import type { PayoutRequest } from '../../src/domain/payout-request';

/** A reply body the way the gateway writes it: every value ends with a line feed. */
export function wireForm(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%20', '+')}\n`)
    .join('&');
}

export const KEY_PAIR = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const CONTROL_KEY = '0F3C5A2E-7B1D-4C86-9E55-2A6D8B1F4E70';

export const CLIENT_ORDER_ID = toClientOrderId('PO-000001');

export const BANK_PAYOUT: PayoutRequest = {
  clientOrderId: CLIENT_ORDER_ID,
  amount: '10.50',
  currency: 'EUR' as PayoutRequest['currency'],
  receiver: { firstName: 'José', lastName: "O'Neil" },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
  extraFields: {},
};

/** What settles a payout by default: a payout, or a word that is not there. */
export const PAYOUT_TYPES = ['payout', 'none'];

export const CALLBACK_URL = 'https://cp.example.org/callbacks/default';
