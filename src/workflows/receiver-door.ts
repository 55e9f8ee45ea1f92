import { setHandler } from '@temporalio/workflow';
import { hear } from '../domain/hearing';
import type { PayoutPolicy } from '../domain/poll-plan';
import { isReturnWorthAsking } from '../domain/receiver';
import type { Inbox } from './inbox';
import { returnedSignal } from './messages';
import type { Checks } from './operator-door';

interface Door {
  readonly inbox: Inbox;
  readonly checks: Checks;
  readonly policy: PayoutPolicy;
}

/** What the Receiver's browser may cause: one question when they come back, seldom enough that repeating it does nothing. */
export function openReceiverDoor({ inbox, checks, policy }: Door): void {
  setHandler(returnedSignal, () => {
    inbox.put((held) => {
      const atMs = Date.now();
      if (isReturnWorthAsking(held, atMs)) checks.ask(() => undefined);
      return hear(held, { kind: 'returned', atMs }, { policy, atMs });
    });
  });
}
