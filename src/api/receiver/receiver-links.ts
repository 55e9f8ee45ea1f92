import { createHmac, timingSafeEqual } from 'node:crypto';
import { type ClientOrderId, isClientOrderId } from '../../domain/ids';
import { detailsUntil, type Payout } from '../../domain/payout';
import { tenantOf } from '../../domain/tenants';
import type { Caller } from '../plugins/callers';

/** What a token of a Receiver's link is. Only one of our tokens can be `expired`. */
export type TokenReading =
  | { readonly kind: 'valid' | 'expired'; readonly clientOrderId: ClientOrderId }
  | { readonly kind: 'unknown' };

/** The Receiver's links: anyone who has one may see that payout until the time in it, or `areLinksOver`. */
export interface ReceiverLinks {
  /** The Receiver's page of a payout, as a URL; the same for as long as the payout is remembered. */
  pageOf(payout: Payout): string;
  /** The page of a payout for the caller that made it, who hands it to the Receiver; null for every other. */
  pageFor(caller: Caller | null, made: { readonly payout: Payout; readonly madeBy: string | null }): string | null;
  /** Where the gateway's form sends the Receiver back to: their page, or one that names no payout when that link is too long. */
  returnOf(payout: Payout): string;
  read(token: string, nowMs: number): TokenReading;
}

/** How long a link works at most after the payout was accepted, or after the time to enter details is over. */
const LINK_DAYS = 30;
/** How long it shows the result after the payout's end. */
const RESULT_DAYS = 7;
const DAY_MS = 86_400_000;
/** The gateway's `redirect_url` takes so many characters. */
const MAX_RETURN_LENGTH = 128;
const MAC_BYTES = 16;
/** The separator is in none of the three parts, so that a token can be read one way only. */
const TOKEN_PATTERN = /^([A-Za-z][A-Za-z0-9._-]{0,127})~([0-9a-z]{1,9})~([A-Za-z0-9_-]{22})$/;

/** When a link of an open payout ends. */
function openEnd(payout: Payout): number {
  return (detailsUntil(payout) ?? payout.createdAtMs) + LINK_DAYS * DAY_MS;
}

/** When every link of a payout ends as things are, whatever time is in it. */
export function linksEnd(payout: Payout): number {
  const { settledAtMs } = payout;
  return Math.min(openEnd(payout), settledAtMs === null ? Infinity : settledAtMs + RESULT_DAYS * DAY_MS);
}

/** True when every link of a payout is over. */
export function areLinksOver(payout: Payout, nowMs: number): boolean {
  return nowMs >= linksEnd(payout);
}

function proofOf({ clientOrderId, expiry, key }: { clientOrderId: string; expiry: string; key: string }): string {
  const mac = createHmac('sha256', key).update(['receiver page', clientOrderId, expiry].join('~')).digest();
  return mac.subarray(0, MAC_BYTES).toString('base64url');
}

/** The text with its links made useless: seeing that there is a link must not let anyone act as the Receiver. */
export function hideLinkProofs(text: string): string {
  return text.replaceAll(
    /(\/r\/[A-Za-z][A-Za-z0-9._-]{0,127}~[0-9a-z]{1,9}~)[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])/g,
    '$1••••',
  );
}

/**
 * Links that carry their own proof, `{clientOrderId}~{expiry}~{MAC}`: nothing is stored for them. The expiry is in seconds, base 36.
 * The first key makes them, all of them open: with a new one before the old one, links that were given out keep working.
 */
export function createReceiverLinks(options: {
  readonly receiverLinkKeys: readonly string[];
  readonly publicBaseUrl: string;
}): ReceiverLinks {
  const keys = options.receiverLinkKeys;
  const [newest] = keys;
  if (newest === undefined) throw new RangeError('receiverLinkKeys: expected at least one');

  const pageOf = (payout: Payout): string => {
    const { clientOrderId } = payout;
    const expiry = Math.floor(openEnd(payout) / 1_000).toString(36);
    return `${options.publicBaseUrl}/r/${clientOrderId}~${expiry}~${proofOf({ clientOrderId, expiry, key: newest })}`;
  };

  return {
    pageOf,
    pageFor(caller, { payout, madeBy }) {
      const isMaker = caller !== null && caller.name === madeBy && caller.tenant === tenantOf(payout);
      return isMaker && caller.scopes.includes('payouts:write') ? pageOf(payout) : null;
    },
    returnOf(payout) {
      const url = `${pageOf(payout)}/return`;
      return url.length <= MAX_RETURN_LENGTH ? url : `${options.publicBaseUrl}/r/return`;
    },
    read(token, nowMs) {
      const [, clientOrderId = '', expiry = '', mac = ''] = TOKEN_PATTERN.exec(token) ?? [];
      const given = Buffer.from(mac);
      // Every key is compared, also after the right one: the time it takes reveals nothing.
      const matching = keys.filter((key) => {
        const expected = Buffer.from(proofOf({ clientOrderId, expiry, key }));
        return given.length === expected.length && timingSafeEqual(given, expected);
      });
      if (matching.length === 0 || !isClientOrderId(clientOrderId)) return { kind: 'unknown' };
      return { kind: nowMs < Number.parseInt(expiry, 36) * 1_000 ? 'valid' : 'expired', clientOrderId };
    },
  };
}
