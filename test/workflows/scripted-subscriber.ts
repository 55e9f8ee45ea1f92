import type { NotificationBody } from '../../src/domain/notification';
import type { Attempt, Letter, Sender } from '../../src/notifications/sender';

/** One attempt that reached the subscriber. */
export interface Received {
  readonly id: string;
  readonly body: NotificationBody;
  /** Time of the Temporal server, epoch milliseconds. */
  readonly atMs: number;
}

export interface SubscriberScript {
  /** What it answers to the `nth` attempt, from 1; 200 when nothing is scripted. */
  readonly answer?: (nth: number, received: Received) => Attempt | Promise<Attempt>;
  /** False as long as the payout's record does not hold the final yet; `nth` look at it, from 1. */
  readonly isRecorded?: (nth: number) => boolean;
  /** Runs before an event is stored for it; may throw as a server out of reach would. */
  readonly storing?: (nth: number) => void | Promise<void>;
}

export interface ScriptedSubscriber {
  readonly received: readonly Received[];
  readonly sender: Pick<Sender, 'send'>;
  readonly storing: () => Promise<void>;
  readonly isRecorded: () => boolean;
  /** What it was told, each event once, in the order in which it was first told. */
  notified(): string[];
}

export const answered = (statusCode: number, retryAfterMs: number | null = null): Attempt => ({
  kind: 'answered',
  statusCode,
  retryAfterMs,
});

/** A subscriber that answers what its script says and remembers everything it was sent. */
export function createScriptedSubscriber(script: SubscriberScript, now: () => number): ScriptedSubscriber {
  const received: Received[] = [];
  let stored = 0;
  let looked = 0;
  return {
    received,
    notified: () => [...new Map(received.map(({ id, body }) => [id, body.type])).values()],
    isRecorded: () => {
      looked += 1;
      return script.isRecorded?.(looked) ?? true;
    },
    storing: async () => {
      stored += 1;
      await script.storing?.(stored);
    },
    sender: {
      async send({ headers, body }: Letter) {
        const letter = { id: headers['webhook-id'] ?? '', body: JSON.parse(body) as NotificationBody, atMs: now() };
        received.push(letter);
        return (await script.answer?.(received.length, letter)) ?? answered(200);
      },
    },
  };
}
