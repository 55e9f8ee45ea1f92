import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../../scripts/wait-until';
import type { PayoutJson } from '../../support/payouts';
import { bodyOf, type Caller, json } from './caller';
import type { Harness } from './harness';
import type { MarkerBook } from './marker';
import { writePayoutBody } from './payout-body';

export interface Planned {
  readonly clientOrderId: string;
  readonly scenario: string;
  readonly body: object;
}

/** One payout of every scenario for each round, with a few to cards among them. */
export async function planPayouts(
  book: MarkerBook,
  harness: Harness,
  { prefix, rounds }: { prefix: string; rounds: number },
): Promise<Planned[]> {
  const { scenarios } = await harness.stack.control<{ scenarios: { name: string; digits: string[] }[] }>('/scenarios');
  const planned: Planned[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const [nth, { name, digits }] of scenarios.entries()) {
      const clientOrderId = `${prefix}-${round}-${name.replaceAll('_', '-')}`;
      const type = (nth + round) % 5 === 0 ? 'card' : 'bank_account';
      const body = writePayoutBody(book, { clientOrderId, digits: digits[0] ?? '000', type });
      planned.push({ clientOrderId, scenario: name, body });
    }
  }
  return planned;
}

/** Sends each until it is taken: while the API is away, again. */
export async function startPayouts(caller: Caller, planned: readonly Planned[]): Promise<void> {
  for (const { clientOrderId, body } of planned) {
    await waitUntil({
      what: `${clientOrderId} to be taken`,
      timeoutMs: 60_000,
      ask: async () => {
        const { status } = await caller.send('start', '/payouts', { ...json(body), about: clientOrderId });
        if (status !== 0 && status < 300) return true;
        if (status !== 0 && status !== 503) throw new Error(`${clientOrderId} was answered ${status}`);
        await sleep(100);
        return null;
      },
    });
  }
}

/** The payout as the API shows it; null while the API is away. */
export async function readPayout(caller: Caller, clientOrderId: string): Promise<PayoutJson | null> {
  const answer = await caller.send('read', `/payouts/${clientOrderId}`);
  return answer.status === 200 ? bodyOf<PayoutJson>(answer) : null;
}

/** Nothing more happens to it by itself. */
export function isSettled({ state, attention }: PayoutJson): boolean {
  return ['needs_review', 'awaiting_receiver'].includes(state) || attention === 'gateway_forbids' || FINAL.has(state);
}
/** Final states that payouts of a run come to. */
export const FINAL: ReadonlySet<string> = new Set('approved declined filtered error rejected cancelled'.split(' '));

/** Waits until nothing more happens to any of them by itself, then reads their timelines. @returns their states */
export async function awaitEnds(caller: Caller, planned: readonly Planned[]): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  for (const { clientOrderId } of planned) {
    const payout = await waitUntil({
      what: `${clientOrderId} to come to rest`,
      timeoutMs: 120_000,
      ask: async () => {
        const read = await readPayout(caller, clientOrderId);
        return read !== null && isSettled(read) ? read : null;
      },
    });
    states.set(clientOrderId, payout.state);
    await caller.send('timeline', `/payouts/${clientOrderId}/timeline`);
  }
  return states;
}

/**
 * The gateway ends orders with a text of its own that holds what a Receiver would not want to read in a log. A payout whose call was
 * lost in a kill may have no order: it comes to rest in review.
 */
export async function settleWithWords(
  book: MarkerBook,
  { caller, harness, ids }: { caller: Caller; harness: Harness; ids: readonly string[] },
): Promise<void> {
  for (const id of ids) {
    const payout = await waitUntil({
      what: `${id} to have an order, or none for good`,
      timeoutMs: 60_000,
      ask: async () => {
        const read = await readPayout(caller, id);
        return read !== null && (read.orderId !== null || read.state === 'needs_review') ? read : null;
      },
    });
    if (payout.orderId === null) continue;
    const words = book.words('errorMessage', { kind: "gateway's words", of: id });
    const errorMessage = `${words} ${book.digits('errorMessage: card', { length: 16, isCard: true })}`;
    const settled = { status: 'declined', errorCode: '42', errorMessage };
    await harness.stack.control(`/orders/${payout.orderId}/settle`, settled);
  }
}

/** Operators act on every payout in review, each with a reason that only operators may read. */
export async function operate(book: MarkerBook, caller: Caller, states: ReadonlyMap<string, string>): Promise<number> {
  let acts = 0;
  for (const [id, state] of states) {
    const reason = book.words('reason of an operator', { length: 40, kind: "operator's words", of: id });
    if (state === 'needs_review') {
      const timeline = await caller.send('timeline', `/payouts/${id}/timeline`);
      const { lastWord } = bodyOf<{ lastWord: { status: string } | null }>(timeline);
      const against = lastWord?.status === 'approved' ? lastWord.status : undefined;
      await caller.send('resolve', `/payouts/${id}/resolve`, json({ reason, outcome: 'declined', against }));
    } else if (acts % 4 === 0) await caller.send('check', `/payouts/${id}/check`, json({ reason }));
    else if (state === 'sending') await caller.send('cancel', `/payouts/${id}/cancel`, json({ reason }));
    acts += 1;
  }
  return acts;
}
