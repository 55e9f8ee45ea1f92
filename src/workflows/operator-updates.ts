import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import { applyEvidence, recordApprovers } from '../domain/apply-evidence';
import { isDone, isOperatorOrder, type OperatorOrder, refuseOperator } from '../domain/operator';
import { isUnsent, type Payout } from '../domain/payout';
import type { PayoutPolicy } from '../domain/poll-plan';
import type { Inbox } from './inbox';
import { approversSignal, OPERATOR_REFUSED, operateUpdate } from './messages';

/** Operators who wait for the gateway's answer to their question. */
export interface Checks {
  ask(answered: (current: Payout) => void): void;
  areWaiting(): boolean;
  answer(current: Payout): void;
}

export function createChecks(): Checks {
  let waiting: ((current: Payout) => void)[] = [];
  return {
    ask: (answered) => void waiting.push(answered),
    areWaiting: () => waiting.length > 0,
    answer(current) {
      const answered = waiting;
      waiting = [];
      for (const resolve of answered) resolve(current);
    },
  };
}

interface Handlers {
  readonly record: { readonly current: Payout };
  readonly inbox: Inbox;
  readonly checks: Checks;
  readonly policy: PayoutPolicy;
}

/**
 * Operators' acts as validated updates. What the validator refuses leaves no event. The payout may have moved on before the loop takes
 * the act up, so the loop decides once more, and an act it did not do is refused after all.
 */
export function handleOperatorUpdates({ record, inbox, checks, policy }: Handlers): void {
  setHandler(operateUpdate, (order) => perform(order), { validator: (order) => admit(record.current, order) });
  setHandler(approversSignal, (message) => {
    inbox.put((current) => recordApprovers(current, message, { policy, atMs: Date.now() }));
  });

  async function perform(order: OperatorOrder): Promise<Payout> {
    const current = await new Promise<Payout>((resolve) => {
      inbox.put((before) => {
        const atMs = Date.now();
        const wasDone = isDone(before, order);
        const after = applyEvidence(before, { kind: 'operator', order, atMs }, { policy, atMs });
        // Of a payout that is not sent the hook is asked, and its word comes later.
        const isQuestion = order.action === 'check' && !isUnsent(after);
        if (isQuestion && !wasDone && isDone(after, order)) checks.ask(resolve);
        else resolve(after);
        return after;
      });
    });
    if (!isDone(current, order)) throw refused(refuseOperator(current, order) ?? 'not_in_review');
    return current;
  }
}

function admit(current: Payout, order: unknown): void {
  if (!isOperatorOrder(order)) throw refused('malformed');
  const refusal = refuseOperator(current, order);
  if (refusal !== null) throw refused(refusal);
}

function refused(why: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(why, OPERATOR_REFUSED);
}
