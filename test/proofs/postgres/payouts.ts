import { setTimeout as sleep } from 'node:timers/promises';
import { describePayout } from '../../../scripts/payout-api';
import type { Stack } from '../../support/stack';
import type { ClientView, ProductView } from '../chaos/comparison';

/** What the gateway does with each, by the last digits of its account number. */
export const DIGITS: readonly string[] = [
  ...['000', '000', '000', '000', '116', '116', '600', '601', '610', '400'],
  ...['504', '506', '500', '714', '717', '718', '703', '701', '700', '218'],
];
const AMOUNT = '10.50';
const PACE_MS = 500;
const ANSWER_WITHIN_MS = 8_000;
const ALL_ENDED_MS = 240_000;

const idOf = (nth: number): string => `PG-${nth}`;

/** Twenty callers, half a second apart, each of which repeats its POST until it is taken. */
export async function payThrough(stack: Stack): Promise<ClientView[]> {
  return await Promise.all(
    DIGITS.map(async (digits, nth) => {
      await sleep(nth * PACE_MS);
      const clientOrderId = idOf(nth);
      for (let started = 0; ; await sleep(300)) {
        const status = await post(stack, clientOrderId, digits);
        if (status === 202) started += 1;
        if (status === 200 || status === 202) {
          const record = {
            clientOrderId,
            scenario: digits,
            amount: AMOUNT,
            currency: 'EUR',
            refused: null,
            outcomes: new Set<string>(),
          };
          return { ...record, accepted: true, started };
        }
        if (status !== null && status < 500) throw new Error(`${clientOrderId}: POST answered ${status}`);
      }
    }),
  );
}

async function post(stack: Stack, clientOrderId: string, digits: string): Promise<number | null> {
  const body = JSON.stringify(describePayout(clientOrderId, { amount: AMOUNT, digits }));
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const answer = await stack
    .request('/payouts', { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    .catch(() => null);
  return answer?.status ?? null;
}

/** Each payout once it has ended or waits for a person, and how many did in time. */
export async function readEnds(stack: Stack, clients: readonly ClientView[]) {
  const product = new Map<string, ProductView>();
  const deadline = performance.now() + ALL_ENDED_MS;
  let reached = 0;
  for (const { clientOrderId } of clients) {
    for (;;) {
      const answer = await stack.request<ProductView>(`/payouts/${clientOrderId}`).catch(() => null);
      if (answer?.status === 200) product.set(clientOrderId, answer.body);
      const { outcome = null, state = '' } = product.get(clientOrderId) ?? {};
      const hasEnded = outcome !== null || state === 'needs_review';
      if (hasEnded) reached += 1;
      if (hasEnded || performance.now() > deadline) break;
      await sleep(300);
    }
  }
  return { product, reached };
}
