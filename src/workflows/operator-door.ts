import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import { hear } from '../domain/hearing';
import { isDone, isOperatorOrder, type OperatorOrder, refuseOperator } from '../domain/operator';
import type { Payout } from '../domain/payout';
import type { PayoutPolicy } from '../domain/poll-plan';
import type { Inbox } from './inbox';
import { OPERATOR_REFUSED, operateUpdate } from './messages';

/** Operators who wait for the gateway's answer to their question. */
export interface Checks {
  ask(answered: (held: Payout) => void): void;
  areWaiting(): boolean;
  answer(held: Payout): void;
}

export function createChecks(): Checks {
  let waiting: ((held: Payout) => void)[] = [];
  return {
    ask: (answered) => void waiting.push(answered),
    areWaiting: () => waiting.length > 0,
    answer(held) {
      const answered = waiting;
      waiting = [];
      for (const tell of answered) tell(held);
    },
  };
}

interface Door {
  readonly record: { readonly held: Payout };
  readonly inbox: Inbox;
  readonly checks: Checks;
  readonly policy: PayoutPolicy;
}

/**
 * Operators' acts as validated updates. What is refused at the door leaves no event. Between the door and the loop the payout may have
 * moved on, so the loop decides once more, and an act it did not do is refused to the operator after all.
 */
export function openOperatorDoor({ record, inbox, checks, policy }: Door): void {
  setHandler(operateUpdate, (order) => perform(order), { validator: (order) => admit(record.held, order) });

  async function perform(order: OperatorOrder): Promise<Payout> {
    const held = await new Promise<Payout>((resolve) => {
      inbox.put((before) => {
        const atMs = Date.now();
        const wasDone = isDone(before, order);
        const after = hear(before, { kind: 'operator', order, atMs }, { policy, atMs });
        if (order.action === 'check' && !wasDone && isDone(after, order)) checks.ask(resolve);
        else resolve(after);
        return after;
      });
    });
    if (!isDone(held, order)) throw refused(refuseOperator(held, order) ?? 'not_in_review');
    return held;
  }
}

function admit(held: Payout, order: unknown): void {
  if (!isOperatorOrder(order)) throw refused('malformed');
  const refusal = refuseOperator(held, order);
  if (refusal !== null) throw refused(refusal);
}

function refused(why: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(why, OPERATOR_REFUSED);
}
