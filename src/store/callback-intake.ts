import { LruMap } from 'toad-cache';
import { BOUNDS } from '../config/bounds';
import type { ClientOrderId } from '../domain/ids';
import { type CallbackMessage, callbackKey } from '../domain/order-report';
import type { Payout } from '../domain/payout';
import type { PayoutInput } from '../workflows/messages';
import type { ClosedPayouts } from './closed-payouts';
import type { UnmatchedCallbacks } from './unmatched-callbacks';

/** The result of a signal: `full` when the payout takes no more, `closed` or `unknown` when no running payout has the id. */
export type Signalled = 'taken' | 'full' | 'closed' | 'unknown';

/** The result for a verified callback. Only `full` and `too_many` are not stored. */
export type Delivery = 'signalled' | 'repeated' | 'agrees' | 'kept_late' | 'kept_unmatched' | 'full' | 'too_many';

/** What a callback needs of the store. */
export interface CallbackStore extends Pick<ClosedPayouts, 'keepLate'>, Pick<UnmatchedCallbacks, 'keepUnmatched'> {
  signalCallback(clientOrderId: ClientOrderId, message: CallbackMessage): Promise<Signalled>;
  read(clientOrderId: ClientOrderId): Promise<{ readonly payout: Payout; readonly input: PayoutInput } | null>;
}

export interface CallbackIntake {
  /** @throws TemporalUnavailable when nothing was stored: the gateway must then not get 200 */
  take(callback: CallbackMessage & { readonly clientOrderId: ClientOrderId }): Promise<Delivery>;
}

/** The first word of a callback on a payout that another source had settled, by how much later it came. */
export interface Agreement {
  readonly endpoint: string;
  readonly settledBy: NonNullable<Payout['settledBy']>;
  readonly lateMs: number;
}

const REPEAT_WINDOW_MS = 60_000;

/** Brings verified callbacks to their payouts, or keeps them where an operator finds them. */
export function createCallbackIntake(
  store: CallbackStore,
  now: () => number = Date.now,
  onAgreement: (agreement: Agreement) => void = () => undefined,
): CallbackIntake {
  const delivered = new LruMap<number>(BOUNDS.takenCallbacks.most);
  /** Being stored at the moment; no more than there are requests. */
  const underWay = new Map<string, Promise<Delivery>>();
  /** Unknown payouts with a callback kept. A holder of a control key can sign for any number of ids. */
  const unmatched = new LruMap<number>(BOUNDS.unmatched.most);

  return {
    async take({ clientOrderId, ...message }) {
      const key = `${clientOrderId}\n${callbackKey(message)}`;
      const lastMs = delivered.get(key);
      if (lastMs !== undefined && now() - lastMs < REPEAT_WINDOW_MS) return 'repeated';
      const first = underWay.get(key);
      // One that comes while the first is being stored ends as that does: a slow Temporal gets no second signal for it.
      if (first !== undefined) return (await first) === 'too_many' ? 'too_many' : 'repeated';
      const storing = deliver(clientOrderId, message);
      underWay.set(key, storing);
      try {
        const delivery = await storing;
        if (delivery !== 'too_many') delivered.set(key, now());
        return delivery;
      } finally {
        underWay.delete(key);
      }
    },
  };

  async function deliver(clientOrderId: ClientOrderId, message: CallbackMessage): Promise<Delivery> {
    const signalled = await store.signalCallback(clientOrderId, message);
    if (signalled === 'taken') return 'signalled';
    if (signalled === 'full') return 'full';
    const closed = signalled === 'closed' ? await store.read(clientOrderId) : null;
    if (closed !== null) {
      const kept = await store.keepLate(closed, message);
      const agreement = kept === 'agrees' ? agreementOf(closed.payout, message, now()) : null;
      if (agreement !== null) onAgreement(agreement);
      return kept === 'kept' ? 'kept_late' : kept;
    }
    if (isUnmatchedFull(clientOrderId)) return 'too_many';
    const kept = await store.keepUnmatched(clientOrderId, message);
    unmatched.set(clientOrderId, now());
    return kept === 'kept' ? 'kept_unmatched' : kept;
  }

  function isUnmatchedFull(clientOrderId: ClientOrderId): boolean {
    if (unmatched.get(clientOrderId) !== undefined || unmatched.size < BOUNDS.unmatched.most) return false;
    return now() - (unmatched.first?.value ?? 0) < REPEAT_WINDOW_MS;
  }
}

/** Null for what is no first word: a callback has agreed before, or this one is not about the final state. */
function agreementOf(payout: Payout, { report }: CallbackMessage, atMs: number): Agreement | null {
  const { endpoint, state, settledBy, settledAtMs, agreedAtMs } = payout;
  if (settledBy === null || settledAtMs === null || agreedAtMs.callback !== undefined) return null;
  return report.status === state ? { endpoint, settledBy, lateMs: Math.max(0, atMs - settledAtMs) } : null;
}
