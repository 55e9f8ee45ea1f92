import type { Payout } from '../domain/payout';

/** An entry of the inbox: how it changes the record, given the time at which the loop processes it. */
export type Message = (current: Payout) => Payout;

export interface Inbox {
  put(message: Message): void;
  isEmpty(): boolean;
  /** Every message applied in order of arrival; the inbox is empty afterwards. */
  drainInto(current: Payout): Payout;
  /** Resolves as soon as there is something to take up. */
  filled(): Promise<void>;
  /** Wakes the loop without a message: it looks at the clock. */
  wake(): void;
}

/** One promise per wait, resolved by the next entry: in workflow code every promise costs a captured stack. */
export function createInbox(): Inbox {
  let messages: Message[] = [];
  let isWoken = false;
  let resolveWait: (() => void) | null = null;
  const wake = () => {
    isWoken = true;
    resolveWait?.();
    resolveWait = null;
  };
  return {
    put(message) {
      messages.push(message);
      wake();
    },
    isEmpty: () => messages.length === 0,
    drainInto(current) {
      const taken = messages;
      messages = [];
      isWoken = false;
      return taken.reduce((payout, message) => message(payout), current);
    },
    async filled() {
      if (isWoken) return;
      await new Promise<void>((resolve) => {
        resolveWait = resolve;
      });
    },
    wake,
  };
}
