import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { countCallbacks } from '../domain/evidence';
import { hear, hearClock, recordCallback } from '../domain/hearing';
import { nextStep } from '../domain/next-step';
import { isCallbackMessage } from '../domain/order-report';
import { openPayout, type Payout } from '../domain/payout';
import { createAlarmClock } from './alarm-clock';
import { createAnnouncer } from './announcer';
import { carryOn } from './carried';
import { createCockpit } from './cockpit';
import { createGatewayCalls } from './gateway-calls';
import { handOverEvent } from './hand-over';
import { createInbox, type Inbox } from './inbox';
import { callbackSignal, type PayoutInput } from './messages';
import { type Checks, createChecks, openOperatorDoor } from './operator-door';
import { CONTINUE_AS_NEW_EVENTS, CONTINUE_FLOODED_EVENTS, MANY_CALLBACKS } from './policies';
import { type Collected, openReceiverDoor } from './receiver-door';
import { watchResets } from './reset-watch';

interface Parts {
  readonly record: { held: Payout };
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
export async function payout(input: PayoutInput): Promise<Payout> {
  const inbox = createInbox();
  const record = {
    held: input.carried ?? openPayout(input.request, { endpoint: input.endpoint, atMs: input.acceptedAtMs }),
  };
  const checks = createChecks();
  const collected: Collected = { details: input.details ?? null, destinationHash: null };
  watchResets(() => {
    inbox.put((held) => {
      const atMs = Date.now();
      return hear(held, { kind: 'reset', atMs }, { policy: input.policy, atMs });
    });
  });
  setHandler(callbackSignal, (message) => {
    if (!isCallbackMessage(message)) log.error('a signal that is no callback was ignored');
    inbox.put((held) => recordCallback(held, message, { policy: input.policy, atMs: Date.now() }));
  });
  openOperatorDoor({ record, inbox, checks, policy: input.policy });
  openReceiverDoor({ inbox, checks, collected, policy: input.policy });
  return await CancellationScope.nonCancellable(() => run(input, { record, inbox, checks, collected }));
}

/**
 * The single writer of the record. Signals, results of calls and the alarm clock only fill the inbox, so nothing ever races over
 * the state; `nextStep` says what the payout needs, and the loop starts what is not already under way.
 */
async function run(input: PayoutInput, { record, inbox, checks, collected }: Parts): Promise<Payout> {
  const calls = createGatewayCalls(input, { inbox, collected, checks });
  const alarmClock = createAlarmClock(inbox.wake);
  const cockpit = createCockpit(input);
  let isHandedOver = false;
  const announcer = createAnnouncer({ isOn: input.notify === true, told: record.held, onStored: inbox.wake });

  for (;;) {
    record.held = hearClock(inbox.drainInto(record.held), { policy: input.policy, atMs: Date.now() });
    const { held } = record;
    const next = nextStep(held, input.policy, Date.now());
    cockpit.show(held, next, collected.destinationHash);
    // A final that comes before the reply to the create call: that may name another order.
    const isOver = next.step === 'finish' && !calls.isSending();
    announcer.notice(held, { isLast: isOver });
    if (isOver && held.eventClaim !== undefined && !isHandedOver) {
      isHandedOver = true;
      await handOverEvent(held, input);
      continue;
    }
    if (isOver && announcer.isIdle()) return await leave(held, checks);
    // What is heard while the announcement of the end is stored is heard like everything else.
    if (isOver) await inbox.filled();
    else if (next.step === 'submit') record.held = calls.submit(held);
    else {
      if (next.step === 'confirm' || checks.areWaiting()) calls.confirm(held);
      if (next.step === 'ask') calls.ask(held);
      if (next.step === 'wait' && next.watchUntilMs !== null) calls.watch(held, next.watchUntilMs);
      alarmClock.set(next.step === 'wait' ? next.alarm : null);
      if (isLong(held) && inbox.isEmpty() && calls.areIdle() && announcer.isIdle()) {
        // The handler of the signal that woke this loop ends a moment after it.
        await condition(() => allHandlersFinished() || !inbox.isEmpty());
        if (!inbox.isEmpty()) continue;
        await continueAsNew<typeof payout>(carryOn(input, { held, details: collected.details }));
      }
      await inbox.filled();
    }
  }
}

/** An operator who asked while the payout ended is answered before the workflow is gone. */
async function leave(held: Payout, checks: Checks): Promise<Payout> {
  checks.answer(held);
  if (!allHandlersFinished()) await condition(allHandlersFinished);
  return held;
}

/** A guard, not a way of working: an ordinary payout ends some 20 events after it began. */
function isLong(held: Payout): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  const most = countCallbacks(held) > MANY_CALLBACKS ? CONTINUE_FLOODED_EVENTS : CONTINUE_AS_NEW_EVENTS;
  return continueAsNewSuggested || historyLength > most;
}
