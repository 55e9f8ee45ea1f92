import { log, setHandler } from '@temporalio/workflow';
import { applyDetails, applyEvidence } from '../domain/apply-evidence';
import type { Payout } from '../domain/payout';
import { isReceiverDetails, type ReceiverDetails } from '../domain/payout-request';
import type { PayoutPolicy } from '../domain/poll-plan';
import { isReturnWorthAsking } from '../domain/transitions';
import type { Inbox } from './inbox';
import { type DetailsMessage, detailsSignal, returnedSignal } from './messages';
import type { Checks } from './operator-updates';

/** What the Receiver entered, kept beside the record, which holds no account data. Written once. */
export interface Collected {
  details: ReceiverDetails | null;
  /** Null until it is known, and for a value that is not a hash: it is published unencrypted. */
  destinationHash: string | null;
}

interface Handlers {
  readonly inbox: Inbox;
  readonly checks: Checks;
  readonly collected: Collected;
  readonly policy: PayoutPolicy;
}

const HASH_PATTERN = /^[0-9a-f]{32}$/;

/**
 * What the Receiver's browser may cause: where the money goes, once, while the payout waits for it; and one question when they come
 * back from the gateway's form, seldom enough that repeating it does nothing.
 */
export function handleReceiverSignals({ inbox, checks, collected, policy }: Handlers): void {
  setHandler(detailsSignal, (message: Partial<DetailsMessage> | undefined) => {
    const destinationHash: unknown = message?.destinationHash;
    if (!isReceiverDetails(message)) {
      log.error('a signal that holds no details was ignored');
      return;
    }
    inbox.put((current) => {
      const after = applyDetails(current, message, { policy, atMs: Date.now() });
      if (isTaken(current, after)) {
        collected.details = { destination: message.destination, receiver: message.receiver };
        collected.destinationHash = readHash(destinationHash);
      }
      return after;
    });
  });
  setHandler(returnedSignal, () => {
    inbox.put((current) => {
      const atMs = Date.now();
      if (isReturnWorthAsking(current, atMs)) checks.ask(() => undefined);
      return applyEvidence(current, { kind: 'returned', atMs }, { policy, atMs });
    });
  });
}

/** These very details moved the payout: those of anyone else are forgotten. */
function isTaken(before: Payout, after: Payout): boolean {
  return before.destination === null && after.destination !== null;
}

function readHash(destinationHash: unknown): string | null {
  return typeof destinationHash === 'string' && HASH_PATTERN.test(destinationHash) ? destinationHash : null;
}
