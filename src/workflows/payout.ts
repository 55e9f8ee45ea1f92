import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { applyClock, applyEvidence, recordCallback } from '../domain/apply-evidence';
import { countCallbacks } from '../domain/evidence';
import { nextStep } from '../domain/next-step';
import { isCallbackMessage } from '../domain/order-report';
import { openPayout, type Payout } from '../domain/payout';
import { createAlarmClock } from './alarm-clock';
import { createHookCalls, createLimitCalls } from './gate-calls';
import { createGatewayCalls } from './gateway-calls';
import { carryOn, handOverEvent } from './hand-over';
import { createInbox, type Inbox } from './inbox';
import { createMeasures } from './measures';
import { callbackSignal, type PayoutInput } from './messages';
import { createNotifier } from './notifier';
import { type Checks, createChecks, handleOperatorUpdates } from './operator-updates';
import { CONTINUE_AS_NEW_EVENTS, CONTINUE_FLOODED_EVENTS, MANY_CALLBACKS } from './policies';
import { type Collected, handleReceiverSignals } from './receiver-signals';
import type { WatchResets } from './reset-watch';
import { createStatusDetails } from './status-details';

interface Parts {
  readonly record: { current: Payout };
  readonly inbox: Inbox;
  readonly checks: Checks;
  readonly collected: Collected;
}

/**
 * One payout, from accepted to one final state; its result is the whole record. Every business outcome completes the workflow: a
 * failed or terminated one is a defect or an operator's act, never a payout's end.
 *
 * A cancellation from outside is not an outcome: money may be on its way, so the payout is followed to its end regardless.
 */
export async function followPayout(input: PayoutInput, watchResets: WatchResets): Promise<Payout> {
  const inbox = createInbox();
  const { request, acceptedAtMs: atMs } = input;
  const record = { current: input.carried ?? openPayout(request, { ...input, atMs }) };
  const checks = createChecks();
  const collected: Collected = { details: input.details ?? null, destinationHash: null };
  watchResets(() => {
    inbox.put((current) => {
      const atMs = Date.now();
      return applyEvidence(current, { kind: 'reset', atMs }, { policy: input.policy, atMs });
    });
  });
  setHandler(callbackSignal, (message) => {
    if (!isCallbackMessage(message)) log.error('a signal that is no callback was ignored');
    inbox.put((current) => recordCallback(current, message, { policy: input.policy, atMs: Date.now() }));
  });
  handleOperatorUpdates({ record, inbox, checks, policy: input.policy });
  handleReceiverSignals({ inbox, checks, collected, policy: input.policy });
  return await CancellationScope.nonCancellable(() => run(input, { record, inbox, checks, collected }));
}

/**
 * The single writer of the record. Signals, results of calls and the alarm clock only fill the inbox, so nothing ever races over
 * the state; `nextStep` says what the payout needs, and the loop starts what is not already under way.
 */
async function run(input: PayoutInput, { record, inbox, checks, collected }: Parts): Promise<Payout> {
  const calls = createGatewayCalls(input, { inbox, collected, checks });
  const limits = createLimitCalls({ policy: input.policy, inbox });
  const hook = createHookCalls(input, { inbox, collected });
  const alarmClock = createAlarmClock(inbox.wake);
  const statusDetails = createStatusDetails(input, record.current);
  const measures = createMeasures(record.current);
  let isHandedOver = false;
  // One that waits for approvals from the start is notified of that.
  const notified = input.carried ?? ({ state: 'accepted', attention: null } as const);
  const notifier = createNotifier({ isOn: input.notify === true, notified, onStored: inbox.wake });

  for (;;) {
    record.current = applyClock(inbox.drainInto(record.current), { policy: input.policy, atMs: Date.now() });
    const { current } = record;
    const next = nextStep(current, input.policy, Date.now());
    measures.notice(current);
    statusDetails.show(current, next, collected.destinationHash);
    // A final that comes before the reply to the create call: that may name another order.
    const isOver = next.step === 'finish' && !calls.isSending();
    notifier.notice(current, { isLast: isOver });
    if (isOver && current.eventClaim !== undefined && !isHandedOver) {
      isHandedOver = true;
      await handOverEvent(current, input);
      continue;
    }
    if (isOver && limits.isOpen(current)) {
      await limits.settle(current);
      continue;
    }
    if (isOver && notifier.isIdle()) {
      measures.end(current);
      return await leave(current, checks);
    }
    // What arrives while the final event is being stored is processed like everything else.
    if (isOver) await inbox.filled();
    else if (next.step === 'submit') record.current = calls.submit(current);
    else {
      if (next.step === 'confirm' || checks.areWaiting()) calls.confirm(current);
      if (next.step === 'ask') calls.ask(current);
      if (next.step === 'hold') limits.hold(current);
      if (next.step === 'consult') hook.ask(current);
      if (next.step === 'wait' && next.watchUntilMs !== null) calls.watch(current, next.watchUntilMs);
      alarmClock.set(next.step === 'wait' ? next.alarm : null);
      const areIdle = [calls, limits, hook].every((each) => each.areIdle());
      if (isLong(current) && inbox.isEmpty() && areIdle && notifier.isIdle()) {
        // The handler of the signal that woke this loop ends a moment after it.
        await condition(() => allHandlersFinished() || !inbox.isEmpty());
        if (!inbox.isEmpty()) continue;
        await continueAsNew<(input: PayoutInput) => Promise<Payout>>(
          carryOn(input, { current, details: collected.details }),
        );
      }
      await inbox.filled();
    }
  }
}

/** An operator who asked while the payout ended is answered before the workflow is gone. */
async function leave(current: Payout, checks: Checks): Promise<Payout> {
  checks.answer(current);
  if (!allHandlersFinished()) await condition(allHandlersFinished);
  return current;
}

/** A guard, not a way of working: an ordinary payout ends some 20 events after it began. */
function isLong(current: Payout): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  const most = countCallbacks(current) > MANY_CALLBACKS ? CONTINUE_FLOODED_EVENTS : CONTINUE_AS_NEW_EVENTS;
  return continueAsNewSuggested || historyLength > most;
}
