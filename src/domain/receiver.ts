import { type Evidence, note, plainNote } from './evidence';
import type { Payout } from './payout';

/**
 * The Receiver said where the money goes: the first word counts, and none after the payout went on, was cancelled or expired. A second
 * one is noted, because two people may have had the link; so is the address each came from.
 */
export function applyDetails(payout: Payout, details: Extract<Evidence, { kind: 'details' }>): Payout {
  const { destination, enteredFrom, atMs } = details;
  if (payout.collecting === undefined) return payout;
  const isTaken = payout.state === 'awaiting_details';
  const entry = plainNote('receiver', isTaken ? 'details' : 'details_too_late');
  const noted = note(payout, enteredFrom === null ? entry : { ...entry, enteredFrom }, { atMs });
  if (!isTaken) return noted;
  return { ...noted, state: 'accepted', destination, collecting: { ...payout.collecting, gotAtMs: atMs } };
}

/** Questions that returns of the Receiver may cause: anybody with the link can return as often as they like. */
const MOST_RETURNS = 20;
const BETWEEN_RETURNS_MS = 15_000;

/**
 * True when the Receiver's coming back from the gateway's form is a reason to ask the order status now: an order is followed, and no
 * return was heard a moment ago, nor a great many before.
 */
export function isReturnWorthAsking(payout: Payout, atMs: number): boolean {
  if (payout.state !== 'awaiting_receiver' && payout.state !== 'processing') return false;
  const returns = payout.evidence.filter(({ source, what }) => source === 'receiver' && what === 'returned');
  const times = returns.reduce((sum, entry) => sum + entry.times, 0);
  const lastAtMs = returns.at(-1)?.lastAtMs ?? Number.NEGATIVE_INFINITY;
  return times < MOST_RETURNS && atMs - lastAtMs >= BETWEEN_RETURNS_MS;
}

/** The Receiver came back. It says nothing about the payout: it is noted, and the order status is asked. */
export function applyReturned(payout: Payout, atMs: number): Payout {
  return isReturnWorthAsking(payout, atMs) ? note(payout, plainNote('receiver', 'returned'), { atMs }) : payout;
}
