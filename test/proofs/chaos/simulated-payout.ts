import {
  applyAnswer,
  applyClock,
  applyDetails,
  applyEvidence,
  applySubmissionResult,
  applyWatchResult,
} from '../../../src/domain/apply-evidence';
import { endOfHold } from '../../../src/domain/apply-gate';
import type { Evidence } from '../../../src/domain/evidence';
import type { Gate } from '../../../src/domain/gate';
import { toClientOrderId } from '../../../src/domain/ids';
import { nextStep } from '../../../src/domain/next-step';
import type { OperatorOrder } from '../../../src/domain/operator';
import type { StatusAnswer, Submission } from '../../../src/domain/order-report';
import { isFinalState, openPayout, type Payout } from '../../../src/domain/payout';
import type { AskedRequest } from '../../../src/domain/payout-request';
import type { PayoutPolicy } from '../../../src/domain/poll-plan';
import { createRandom, drawOne, drawWhole, type Random } from '../../support/random';
import { createSimulatedGateway, type SimulatedGateway } from './simulated-gateway';
import { drawHook, drawWord, isAllowed } from './simulated-hook';
import { createSimulatedLimit, type SimulatedLimit } from './simulated-limit';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START_MS = 1_800_000_000_000;
/** The first asks for the payout. */
const PERSONS = ['rita', 'anna', 'bert', 'carl'] as const;
/** Stands for account data: it may be nowhere in a payout's record. */
const ACCOUNT = 'DE89370400440532013000';

/** The shape of the default policy with fewer stages, so that a great many payouts fit. */
const POLICY: PayoutPolicy = {
  pollPlan: [
    { everyMs: 4 * SECOND, untilMs: 5 * MINUTE },
    { everyMs: 30 * MINUTE, untilMs: 3 * HOUR },
    { everyMs: 3 * HOUR, untilMs: 24 * HOUR },
  ],
  backoff: { gapsMs: [5 * SECOND, MINUTE, 10 * MINUTE], thenEveryMs: HOUR, untilMs: 4 * HOUR },
  confirmWithinMs: MINUTE,
  submitTimeoutMs: 45 * SECOND,
  answerTimeoutMs: 20 * SECOND,
  sendAgain: { firstMs: SECOND, longestMs: 30 * MINUTE, untilMs: 6 * HOUR },
};

type Message = (current: Payout, atMs: number) => Payout;
/** A message that brings evidence. */
const bring =
  (evidenceOf: (atMs: number, payout: Payout) => Evidence): Message =>
  (payout, atMs) =>
    applyEvidence(payout, evidenceOf(atMs, payout), { policy: POLICY, atMs });

interface Due {
  readonly atMs: number;
  readonly message: Message;
  /** A reset takes back what is no `signal` (a callback, the Receiver's or an operator's word), but not a `call` that is on its way. */
  readonly kind: 'result' | 'signal' | 'call';
}

/** A place in the history of a run. */
interface Point {
  readonly current: Payout;
  readonly isSending: boolean;
  readonly signals: number;
}
const MOST_STEPS = 3_000;

/**
 * One payout from accepted to rest, over virtual time: random evidence, order, repetition, delay, outages and operators; of some seeds
 * a few, which take from the same limits. `violation` names the promise that was broken; null for none.
 */
export function simulatePayout(seed: number) {
  const random = createRandom(seed);
  const count = random() < LIMITED_PART ? drawWhole(random, 2, 4) : 1;
  const limit = count === 1 ? null : createSimulatedLimit(random, MOST_MINOR);
  const begun = Array.from({ length: count }, (_, nth) => begin(random, { nth, limit }));
  const runs = begun.map((one) => runLoop({ ...one, random, limit }));
  const [states, violations]: [Payout['state'][], string[]] = [[], []];
  // One whose turn is first goes on until it waits: they share one limit, and one clock.
  const waiting = runs.map((run, nth) => ({ run, nth, atMs: START_MS }));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const step = next.run.next();
    if (step.done) {
      const { current, violation } = step.value;
      const gateway = begun[next.nth]?.gateway;
      const judged = violation ?? (gateway === undefined ? null : judge(current, gateway));
      if (judged !== null) violations.push(judged);
      states.push(current.state);
      continue;
    }
    const { value: atMs } = step;
    const at = waiting.findIndex((other) => other.atMs > atMs);
    waiting.splice(at === -1 ? waiting.length : at, 0, { ...next, atMs });
  }
  return { seed, states, violation: violations[0] ?? null };
}

/** So many seeds are of several payouts that share limits. */
const LIMITED_PART = 0.015;
const AMOUNTS = ['10.50', '7.25', '20.00'] as const;
const MOST_MINOR = 2_000;

function begin(random: Random, { nth, limit }: { nth: number; limit: SimulatedLimit | null }) {
  const id = toClientOrderId(`S-${nth + 1}`);
  const amount = limit === null ? AMOUNTS[0] : drawOne(random, AMOUNTS);
  const asked = {
    ...{ clientOrderId: id, amount, currency: 'EUR' as AskedRequest['currency'] },
    ...{ receiver: { lastName: 'O’Neil' }, extraFields: {} },
  };
  const request: AskedRequest =
    random() < 0.15
      ? { ...asked, collect: 'receiver', expiresIn: '3h' }
      : { ...asked, destination: { type: 'bank_account', accountNumber: ACCOUNT } };
  const gateway = createSimulatedGateway(random, { amount, startMs: START_MS });
  const amountMinor = Number(amount.replace('.', ''));
  const gate = drawGate(random);
  const limited = limit === null ? gate : { ...gate, limits: limit.claimsOf(amountMinor) };
  const current = openPayout(request, { endpoint: 'default', atMs: START_MS, gate: limited });
  limit?.join(id, { gateway, current }, amountMinor);
  return { gateway, current };
}

const NEEDED = 2;

/** A time to send, approvals, a hook, some of them, or most often none. */
function drawGate(random: Random): Gate | undefined {
  const schedule = random() < 0.2 ? { executeAtMs: START_MS + Math.floor(random() * 3 * HOUR) } : null;
  const rule = { rule: 'all', needed: NEEDED, expiresInMs: 5 * HOUR };
  const approval = random() < 0.15 ? { ...rule, because: 'rule' as const } : null;
  const acts = ['resend', 'resolve'] as const;
  const guard = random() < 0.1 ? { ...rule, needed: 1, acts } : null;
  const hook = drawHook(random);
  if (schedule === null && approval === null && guard === null && hook === null) return undefined;
  return {
    requester: PERSONS[0],
    ...(schedule && { schedule }),
    ...(approval && { approval }),
    ...(guard && { guard }),
    ...(hook && { hook }),
  };
}

type Run = { readonly current: Payout; readonly violation: string | null };

/** When a call began, and when it came. */
type Asked = Readonly<Record<'askedAtMs' | 'atMs', number>>;

interface Begin {
  readonly random: Random;
  readonly gateway: SimulatedGateway;
  readonly current: Payout;
  readonly limit: SimulatedLimit | null;
}

/** Yields the time that it waits for, and goes on when it has come. */
function* runLoop(begin: Begin): Generator<number, Run, void> {
  const { random, gateway, limit } = begin;
  const { clientOrderId: id } = begin.current;
  let { current } = begin;
  let nowMs = START_MS;
  let due: Due[] = [];
  let known = 0;
  let final: Payout['state'] | null = null;
  const underWay = {
    submission: false,
    question: false,
    watch: false,
    hold: false,
    consulting: false,
    settling: false,
  };
  /** Of this run: that a hold was asked for, and settled. A reset forgets both. */
  let [wasHeld, isSettled] = [false, false];
  let run = 1;
  /** Where the run can be reset, and the signals that it took. */
  let points: Point[] = [];
  let signals: Message[] = [];
  let resetsAtMs: number[] = [];
  /** The final state in which a run had ended that was reset. */
  let notified: Payout['state'] | null = null;
  let hasResent = false;
  const later = (afterMs: number, message: Message, kind: Due['kind'] = 'result') =>
    void due.push({ atMs: nowMs + afterMs, message, kind });
  const signal = (afterMs: number, message: Message) => later(afterMs, message, 'signal');
  const at = () => ({ policy: POLICY, atMs: nowMs });

  const takeCallbacks = () => {
    for (const order of gateway.orders.slice(known)) {
      for (const { atMs, report } of gateway.callbacksOf(order))
        due.push({ atMs, kind: 'signal', message: bring((ms) => ({ kind: 'report', report, atMs: ms })) });
    }
    known = gateway.orders.length;
  };
  if (random() < (current.gate === undefined ? 0.1 : 0.5)) planOperator();
  const { approval, guard, hook } = current.gate ?? {};
  if ((approval ?? guard ?? hook) !== undefined) planApprovers();
  if (current.state === 'awaiting_details') planReceiver();
  if (random() < 0.15) planResets();

  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const ready = due.filter(({ atMs }) => atMs <= nowMs);
    if (ready.length > 0) due = due.filter(({ atMs }) => atMs > nowMs);
    for (const { message, kind } of ready) {
      current = message(current, nowMs);
      if (kind === 'signal') signals.push(message);
    }
    current = applyClock(current, at());
    limit?.see(id, current);
    const overLimit = limit?.violation() ?? null;
    if (overLimit !== null) return { current, violation: overLimit };
    if (final !== null && current.state !== final)
      return { current, violation: `final ${final} was left for ${current.state}` };
    if (isFinalState(current.state)) final = current.state;
    if (random() < 0.3) points.push({ current, isSending: underWay.submission, signals: signals.length });
    const next = nextStep(current, POLICY, nowMs);
    if (next.step === 'finish' && isHoldOpen()) {
      settle();
      continue;
    }
    if (next.step === 'finish' && !underWay.settling) {
      if (notified !== null && notified !== current.state && !hasResent)
        return { current, violation: `wrong final: ${notified}, and ${current.state} after a reset` };
      const [resetAtMs] = resetsAtMs;
      if (resetAtMs === undefined) {
        due = due.filter(({ kind }) => kind === 'call');
        if (due.length === 0) return { current, violation: limit?.judgeEnd(id, current, nowMs) ?? null };
        nowMs = Math.max(nowMs, Math.min(...due.map(({ atMs }) => atMs)));
        yield nowMs;
        continue;
      }
      // What comes to a closed payout is another workflow's.
      due = due.filter(({ atMs, kind }) => atMs >= resetAtMs || kind === 'call');
      nowMs = Math.max(nowMs, resetAtMs);
      yield nowMs;
    }
    if ((resetsAtMs[0] ?? Number.POSITIVE_INFINITY) <= nowMs) reset();
    else if (next.step === 'submit') {
      if (isAfterReset() && !wasResent()) return { current, violation: 'sent after a reset' };
      if (nowMs < timeSetLast()) return { current, violation: 'sent before its time' };
      if (countApprovers() < (begin.current.gate?.approval?.needed ?? 0))
        return { current, violation: 'sent without its approvals' };
      if (hook !== undefined && !isAllowed(current, nowMs, PERSONS[0]))
        return { current, violation: 'sent without a word of its hook' };
      hasResent ||= isAfterReset();
      submit();
    } else if (next.step === 'confirm')
      current = applyAnswer(current, gateway.ask(current.orderId, nowMs) ?? 'silent', at());
    else if (next.step === 'ask' && !underWay.question) ask();
    else if (next.step === 'hold' && !underWay.hold) hold();
    else if (next.step === 'consult' && !underWay.consulting) consult();
    else {
      if (next.step === 'wait' && next.watchUntilMs !== null && !underWay.watch) watch(next.watchUntilMs);
      const alarmMs = next.step === 'wait' ? (next.alarm?.atMs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
      const wakeMs = Math.min(alarmMs, ...due.map(({ atMs }) => atMs), ...resetsAtMs);
      if (wakeMs === Number.POSITIVE_INFINITY) {
        const isHeld = current.state === 'needs_review' && current.attention !== null;
        return { current, violation: isHeld ? null : `lost: nothing will happen in ${current.state}` };
      }
      nowMs = Math.max(nowMs, wakeMs);
      yield nowMs;
    }
  }
  return { current, violation: 'lost: the payout never came to rest' };

  function consult(): void {
    underWay.consulting = true;
    const { answer, tookMs } = drawWord(random);
    later(tookMs, (payout, atMs) => {
      underWay.consulting = false;
      return applyEvidence(payout, { kind: 'hook', answer, atMs }, { policy: POLICY, atMs });
    });
  }

  /** The worker asks until there is an answer; what it asked may arrive late, and an answer may be lost with the worker. */
  function hold(): void {
    const { limits = [] } = current.gate ?? {};
    [underWay.hold, wasHeld] = [true, true];
    const asking = run;
    const askAfter = (afterMs: number): void => {
      const askedAtMs = nowMs + afterMs;
      // A call that the worker gives up may still arrive.
      const isGivenUp = random() < 0.05;
      if (isGivenUp)
        later(afterMs + random() * 2 * MINUTE, (payout, atMs) => ask(payout, { askedAtMs, atMs }).payout, 'call');
      if (isGivenUp) askAfter(afterMs + 15 * SECOND);
      else later(afterMs + random() * SECOND, (payout, atMs) => arrive(payout, { askedAtMs, atMs }), 'call');
    };
    const ask = (payout: Payout, at: Asked) => ({ payout, answer: limit?.hold(id, limits, at) });
    const arrive = (payout: Payout, at: Asked): Payout => {
      const { answer } = ask(payout, at);
      // The end of a payout cancels what is asked, but for an attempt that is under way.
      if (asking !== run || isSettled) return payout;
      const isAnswer = answer?.outcome === 'held' || answer?.outcome === 'over';
      if (!isAnswer || random() < 0.1) {
        askAfter(SECOND + random() * MINUTE);
        return payout;
      }
      underWay.hold = false;
      return applyEvidence(payout, { kind: 'limit', answer, atMs: at.atMs }, { policy: POLICY, atMs: at.atMs });
    };
    askAfter(0);
  }

  function isHoldOpen(): boolean {
    const { gate } = current;
    return !isSettled && gate?.limits !== undefined && (wasHeld || gate.limit !== undefined);
  }

  /** Until it is done, however often. */
  function settle(): void {
    isSettled = true;
    const { state } = current;
    if (!isFinalState(state)) return;
    underWay.settling = true;
    const how = endOfHold({ ...current, state });
    const settling = run;
    const arrive: Message = (payout, atMs) => {
      limit?.settle(id, how, atMs);
      if (settling !== run) return payout;
      if (random() < 0.1) later(random() * MINUTE, arrive, 'call');
      else underWay.settling = false;
      return payout;
    };
    later(random() * SECOND, arrive, 'call');
  }

  function submit(): void {
    if (underWay.submission) throw new Error('two sends at once');
    if (current.destination === null) throw new Error('a send without a destination');
    underWay.submission = true;
    current = applyEvidence(current, { kind: 'sending', atMs: nowMs }, at());
    const probe = gateway.ask(null, nowMs);
    const { submission, tookMs } = probeFirst(probe, nowMs);
    takeCallbacks();
    limit?.sent(id, nowMs);
    later(tookMs, endSubmission(submission));
  }

  function endSubmission(submission: Submission | null): Message {
    return (payout, atMs) => {
      underWay.submission = false;
      return applySubmissionResult(payout, submission, { policy: POLICY, atMs });
    };
  }

  function probeFirst(probe: StatusAnswer | null, atMs: number): { submission: Submission | null; tookMs: number } {
    if (probe === null) return { submission: { outcome: 'not_sent', cause: 'probe_unanswered' }, tookMs: 20 * SECOND };
    if (probe.found) return { submission: { outcome: 'adopted', report: probe.report }, tookMs: 200 };
    return gateway.create(atMs);
  }

  /** Another run from an earlier point on: it takes the later signals again, and what was under way in the former one is gone. */
  function reset(): void {
    resetsAtMs = resetsAtMs.slice(1);
    if (isFinalState(current.state)) notified = current.state;
    final = null;
    const first = { current: begin.current, isSending: false, signals: 0 };
    const point = points[Math.floor(random() * points.length)] ?? first;
    const again = signals.slice(point.signals);
    points = points.slice(0, points.indexOf(point) + 1);
    signals = signals.slice(0, point.signals);
    due = due.filter(({ kind }) => kind !== 'result');
    run += 1;
    [wasHeld, isSettled] = [false, false];
    for (const message of again) signal(0, message);
    Object.assign(underWay, {
      submission: point.isSending,
      question: false,
      watch: false,
      hold: false,
      consulting: false,
      settling: false,
    });
    current = applyEvidence(point.current, { kind: 'reset', atMs: nowMs }, at());
    if (!point.isSending) return;
    later(random() * SECOND, endSubmission({ outcome: 'unconfirmed', cause: 'run_was_reset', orderId: null }));
  }

  function planResets(): void {
    const count = 1 + Math.floor(random() * 3);
    const longestMs = random() < 0.5 ? 10 * MINUTE : 10 * HOUR;
    resetsAtMs = Array.from({ length: count }, () => START_MS + random() * longestMs).sort((one, two) => one - two);
  }

  function isAfterReset(): boolean {
    return current.evidence.some(({ what }) => what === 'reset');
  }

  /** Persons, by the timeline, who approved the send and did not take it back; who asked for it never counts. */
  function countApprovers(): number {
    const approvers = new Set<string>();
    for (const { what, rule, operator } of current.evidence) {
      if (what === 'approve' && rule === 'all') approvers.add(operator?.actor ?? '');
      if (what === 'withdraw' && rule === 'all') approvers.delete(operator?.actor ?? '');
    }
    approvers.delete(PERSONS[0]);
    return approvers.size;
  }

  /** Persons, and who asked for it, who approve, take it back or refuse; each with the key that is named like them. */
  function planApprovers(): void {
    for (let act = 0; act < 6; act += 1) {
      const actor = PERSONS[Math.floor(random() * PERSONS.length)] ?? PERSONS[0];
      const choice = random();
      const action = choice < 0.8 ? 'approve' : choice < 0.95 ? 'withdraw' : 'reject';
      const order: OperatorOrder = { id: `verdict-${act}`, actor, reason: 'looked', action };
      signal(
        random() * 5 * HOUR,
        bring((atMs) => ({ kind: 'operator', order, atMs })),
      );
    }
  }

  /** The time to send that was asked for last, by the timeline; what came first is in the gate it began with. */
  function timeSetLast(): number {
    const change = current.evidence.findLast(({ what }) => what.startsWith('reschedule_'))?.what;
    return change === undefined
      ? (begin.current.gate?.schedule?.executeAtMs ?? 0)
      : Date.parse(change.slice('reschedule_'.length));
  }

  /** A person had it sent again, with the last reset in the timeline. */
  function wasResent(): boolean {
    const lastOf = (word: string) => current.evidence.findLastIndex(({ what }) => what === word);
    return lastOf('resend') > lastOf('reset');
  }

  function ask(): void {
    underWay.question = true;
    later(random() * 2 * SECOND, (payout, atMs) => {
      underWay.question = false;
      return applyAnswer(payout, gateway.ask(payout.orderId, atMs) ?? 'silent', { policy: POLICY, atMs });
    });
  }

  /** The first final word within the polling, or its end. */
  function watch(untilMs: number): void {
    underWay.watch = true;
    const pollingSinceMs = current.pollingSinceMs ?? current.createdAtMs;
    const order = gateway.orders.find(({ orderId }) => orderId === current.orderId) ?? gateway.orders.at(-1);
    const saidAtMs = (order?.finalAtMs ?? Number.POSITIVE_INFINITY) + random() * 5 * SECOND;
    const finalAtMs = Math.max(nowMs + 4 * SECOND, saidAtMs);
    const atMs = Math.min(finalAtMs, untilMs);
    later(atMs - nowMs, (payout, ms) => {
      underWay.watch = false;
      const answer = finalAtMs <= untilMs ? gateway.ask(payout.orderId, ms) : null;
      const result =
        answer?.found === true ? ({ ended: false, answer } as const) : ({ ended: true, answered: true } as const);
      return applyWatchResult(payout, result, { policy: POLICY, atMs: ms, pollingSinceMs });
    });
  }

  /** A Receiver who enters details in time, twice, too late or never, and comes back from the form for no reason. */
  function planReceiver(): void {
    const entries = Math.floor(random() * 4);
    for (let entry = 0; entry < entries; entry += 1) {
      const destination = { type: 'bank_account', accountNumber: ACCOUNT } as const;
      signal(random() * 5 * HOUR, (payout, atMs) =>
        applyDetails(payout, { destination, receiver: {} }, { policy: POLICY, atMs }),
      );
      signal(
        random() * 5 * HOUR,
        bring((atMs) => ({ kind: 'returned', atMs })),
      );
    }
  }

  /** A person who looks now and then, and settles by the truth only. */
  function planOperator(): void {
    for (let act = 0; act < 4; act += 1) {
      const by = { id: `act-${act}`, actor: 'local', reason: 'looked' };
      const look = bring((atMs, payout) => ({ kind: 'operator', order: chooseAct(payout, by, atMs), atMs }));
      signal(random() * 12 * HOUR, look);
    }
  }

  function chooseAct(payout: Payout, by: { id: string; actor: string; reason: string }, atMs: number): OperatorOrder {
    const choice = random();
    if (choice < 0.25) return { ...by, action: 'cancel' };
    if (choice < 0.5) return { ...by, action: 'resend' };
    if (choice < 0.6) return { ...by, action: 'check' };
    if (choice < 0.75) {
      const executeAtMs = atMs + Math.floor(random() * 2 * HOUR);
      return { ...by, action: 'reschedule', schedule: { executeAtMs } };
    }
    const isOver = gateway.orders.length > 0 && gateway.orders.every(({ finalAtMs }) => finalAtMs <= atMs);
    const truth = gateway.truth === 'filtered' ? 'processing' : gateway.truth;
    return { ...by, action: 'resolve', resolution: isOver && payout.state === 'needs_review' ? truth : 'processing' };
  }
}

/** The four promises, held against what the gateway truly did. */
function judge(payout: Payout, gateway: SimulatedGateway): string | null {
  if (gateway.orders.length > 1) return `paid twice: ${gateway.orders.length} orders`;
  if (JSON.stringify(payout).includes(ACCOUNT)) return 'leaked: account data in the record';
  if (!isFinalState(payout.state)) return payout.state === 'needs_review' ? null : `lost: at rest in ${payout.state}`;
  const isUnsent = payout.state === 'rejected' || payout.state === 'cancelled' || payout.state === 'expired';
  if (isUnsent) return gateway.orders.length === 0 ? null : `wrong final: ${payout.state}, but an order exists`;
  if (gateway.orders.length === 0) return `wrong final: ${payout.state} without an order`;
  if (payout.state !== gateway.truth) return `wrong final: ${payout.state}, the gateway says ${gateway.truth}`;
  const wasChecked = payout.settledBy === 'poll' && payout.actualAmount !== null;
  return wasChecked && gateway.amount !== payout.amount ? 'wrong final: another amount' : null;
}
