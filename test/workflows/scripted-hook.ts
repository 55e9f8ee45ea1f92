import type { Attempt, Letter, Sender } from '../../src/notifications/sender';

/** The service that one payout is asked about, and what it was asked. */
export interface ScriptedHook {
  readonly sender: Pick<Sender, 'send'>;
  readonly letters: readonly Letter[];
}

export function createScriptedHook(answer: (nth: number) => Attempt = () => unasked()): ScriptedHook {
  const letters: Letter[] = [];
  return {
    letters,
    sender: {
      async send(letter) {
        letters.push(letter);
        return answer(letters.length);
      },
    },
  };
}

function unasked(): never {
  throw new Error('no hook was expected to be asked');
}

/** A verdict as the service answers it. */
export function says(verdict: object): Attempt {
  const text = { mediaType: 'application/json', body: JSON.stringify(verdict) };
  return { kind: 'answered', statusCode: 200, retryAfterMs: null, text };
}
