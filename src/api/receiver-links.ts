import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type ClientOrderId, isClientOrderId } from '../domain/ids';
import { detailsUntil, type Payout } from '../domain/payout';
import type { Caller } from './callers';

/** What a token of a Receiver's link turned out to be. `expired` is told only of one that was ours. */
export type TokenReading =
  | { readonly kind: 'valid' | 'expired'; readonly clientOrderId: ClientOrderId }
  | { readonly kind: 'unknown' };

/** The Receiver's links: whoever holds one may look at that payout, until the time that stands in it. */
export interface ReceiverLinks {
  /** The Receiver's page of a payout, as a URL; the same for as long as the payout is remembered. */
  pageOf(payout: Payout): string;
  /** The page of a payout for the caller that made it, who hands it to the Receiver; null for every other. */
  pageFor(caller: Caller | null, made: { readonly payout: Payout; readonly madeBy: string | null }): string | null;
  /** Where the gateway's form sends the Receiver back to: their page, or the landing that knows nobody when that is too long. */
  returnOf(payout: Payout): string;
  read(token: string, nowMs: number): TokenReading;
}

/** How long a link works after the payout was accepted, or after the time to enter details is over. */
const LINK_DAYS = 30;
const DAY_MS = 86_400_000;
/** The gateway's `redirect_url` takes so many characters. */
const MAX_RETURN_LENGTH = 128;
const MAC_BYTES = 16;
/** The separator is in none of the three parts, so that a token can be read one way only. */
const TOKEN_PATTERN = /^([A-Za-z][A-Za-z0-9._-]{0,127})~([0-9a-z]{1,9})~([A-Za-z0-9_-]{22})$/;

/** A text with the links in it made useless: whoever may read that there is one may not act as the Receiver. */
export function hideLinkProofs(text: string): string {
  return text.replaceAll(
    /(\/r\/[A-Za-z][A-Za-z0-9._-]{0,127}~[0-9a-z]{1,9}~)[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])/g,
    '$1••••',
  );
}

/**
 * Links that carry their own proof, `{clientOrderId}~{expiry}~{MAC}`: nothing is stored for them. The expiry is in seconds, base 36.
 * The key is bound to this purpose, so that a token tells nothing about fingerprints, which come from the same key.
 */
export function createReceiverLinks(options: {
  readonly hashKey: string;
  readonly publicBaseUrl: string;
}): ReceiverLinks {
  const key = Buffer.from(hkdfSync('sha256', options.hashKey, '', 'receiver page link', 32));

  function macOf(clientOrderId: string, expiry: string): string {
    const mac = createHmac('sha256', key).update([clientOrderId, expiry].join('~')).digest();
    return mac.subarray(0, MAC_BYTES).toString('base64url');
  }

  function pageOf(payout: Payout): string {
    const untilMs = (detailsUntil(payout) ?? payout.createdAtMs) + LINK_DAYS * DAY_MS;
    const expiry = Math.floor(untilMs / 1_000).toString(36);
    const { clientOrderId } = payout;
    return `${options.publicBaseUrl}/r/${clientOrderId}~${expiry}~${macOf(clientOrderId, expiry)}`;
  }

  return {
    pageOf,
    pageFor(caller, { payout, madeBy }) {
      const isOwn = caller !== null && caller.name === madeBy && caller.scopes.includes('payouts:write');
      return isOwn ? pageOf(payout) : null;
    },
    returnOf(payout) {
      const url = `${pageOf(payout)}/return`;
      return url.length <= MAX_RETURN_LENGTH ? url : `${options.publicBaseUrl}/r/return`;
    },
    read(token, nowMs) {
      const [, clientOrderId = '', expiry = '', mac = ''] = TOKEN_PATTERN.exec(token) ?? [];
      const expected = Buffer.from(macOf(clientOrderId, expiry));
      const given = Buffer.from(mac);
      const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
      if (!isOurs || !isClientOrderId(clientOrderId)) return { kind: 'unknown' };
      return { kind: nowMs < Number.parseInt(expiry, 36) * 1_000 ? 'valid' : 'expired', clientOrderId };
    },
  };
}
