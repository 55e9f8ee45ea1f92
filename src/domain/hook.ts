import type { CurrencyCode } from './currencies';
import type { ClientOrderId } from './ids';
import type { Labels } from './labels';
import { isBlank } from './normalise';
import type { PayoutRequest } from './payout-request';

/** What a hook is sent beside the plain facts, and only where its rule names it: most of it is account data. */
export const HOOK_FIELDS = ['receiver', 'destination', 'description', 'purpose', 'metadata'] as const;
export type HookField = (typeof HOOK_FIELDS)[number];

/** How a service of the user's is asked right before a send, and who may release what it holds. JSON-safe. */
export interface HookClaim {
  /** The name of the rule, by which a worker knows address and secret of the service. */
  readonly rule: string;
  /** So many persons release what it holds, within so long. */
  readonly needed: number;
  readonly expiresInMs: number;
  /** Of one call, and of all of them together. */
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly send: readonly HookField[];
}

/** Why an answer is none. */
export const UNUSABLE_CAUSES = ['status', 'redirect', 'content_type', 'too_large', 'malformed'] as const;

/** What a hook said. */
export type HookAnswer =
  | { readonly verdict: 'allow' }
  | { readonly verdict: 'hold' | 'deny'; readonly reason: string }
  | { readonly verdict: 'unusable'; readonly cause: (typeof UNUSABLE_CAUSES)[number] };

/** What a payout has of it. Held, with the reason of the hook, or null where it gave no usable answer. */
export type HookWord =
  | { readonly verdict: 'allow'; readonly atMs: number }
  | {
      readonly verdict: 'hold';
      readonly reason: string | null;
      readonly untilMs: number;
      readonly approvedBy: readonly string[];
    };

/** What a hook is asked. JSON-safe; holds account data where its rule sends it. */
export interface HookQuestion extends Pick<HookClaim, 'rule' | 'timeoutMs'> {
  readonly data: {
    readonly clientOrderId: ClientOrderId;
    readonly tenant: string;
    readonly endpoint: string;
    readonly amount: string;
    readonly currency: CurrencyCode;
    readonly requestedBy: string | null;
    readonly destinationType: PayoutRequest['destination']['type'];
    readonly destinationMasked: string;
  } & Labels &
    Partial<Pick<PayoutRequest, 'receiver' | 'destination' | 'description' | 'purpose'>>;
}

const LONGEST_REASON = 200;
/** Control, format and unassigned characters, and line ends: nothing of it is seen as it is. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;
const MALFORMED = { verdict: 'unusable', cause: 'malformed' } as const;

/** The verdict in an answer: `{"verdict": "allow"}`, or `hold` or `deny` with a `reason`. Total: anything else is unusable. */
export function readHookAnswer(body: string): HookAnswer {
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    return MALFORMED;
  }
  const { verdict, reason } = (said ?? {}) as { readonly verdict?: unknown; readonly reason?: unknown };
  if (verdict === 'allow') return { verdict };
  if ((verdict !== 'hold' && verdict !== 'deny') || typeof reason !== 'string') return MALFORMED;
  const isShown = reason.length <= LONGEST_REASON && !UNPRINTABLE.test(reason) && !isBlank(reason);
  return isShown ? { verdict, reason } : MALFORMED;
}

/** Shorter values are words that a reason may use. */
const LEAST_HIDDEN = 3;

/** A reason without what the hook was sent: account data does not come back in it, in upper or lower case, with accents or without. */
export function hideSent(reason: string, sent: unknown): string {
  const texts = listTexts(sent);
  const shown = replaceTexts(reason, texts);
  // Lists have names in plain letters.
  const plain = withoutAccents(shown);
  const hidden = replaceTexts(plain, texts.map(withoutAccents));
  return hidden === plain ? shown : hidden;
}

function withoutAccents(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '');
}

/** The longest first: one may be a part of another. */
function replaceTexts(reason: string, texts: readonly string[]): string {
  return texts
    .filter((text) => text.length >= LEAST_HIDDEN)
    .sort((left, right) => right.length - left.length)
    .reduce((shown, text) => replaceText(shown, text), reason);
}

function replaceText(shown: string, text: string): string {
  const pattern = new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`), 'giu');
  return shown.replaceAll(pattern, '••••');
}

function listTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(listTexts) : [];
}
