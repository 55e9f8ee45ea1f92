import type { Stack } from './stack';

/** A payout as the API answers it: what the tests read of it. */
export interface PayoutJson {
  readonly clientOrderId: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly attention: string | null;
  readonly settledBy: string | null;
  readonly confirmed: boolean;
  readonly orderId: string | null;
  readonly amount: string;
  readonly actualAmount: string | null;
  readonly redirectTo: string | null;
  readonly reason: { readonly code: string | null; readonly message: string | null } | null;
}

export interface LedgerEntry {
  readonly kind: string;
  readonly orderId: string;
  readonly status?: string;
  readonly httpStatus?: number | null;
  readonly type?: string;
}

/** How long one request waits for a change. */
const WAIT_SECONDS = 5;

/** A payout's ways to be read and its oracle, by its id. */
export function follow(stack: Stack, clientOrderId: string) {
  const read = async () => (await stack.request<PayoutJson>(`/payouts/${clientOrderId}`)).body;
  return {
    clientOrderId,
    read,
    /** Asks for what changed since the answer before: a wait costs a few requests, not hundreds. */
    until: (what: string, isEnough: (payout: PayoutJson) => boolean, timeoutMs = 45_000) => {
      let known: string | null = null;
      return stack.waitFor<PayoutJson>(
        `${clientOrderId} ${what}`,
        async () => {
          const [wait, headers] = known === null ? ['', {}] : [`?wait=${WAIT_SECONDS}`, { 'if-none-match': known }];
          const answer = await stack.request<PayoutJson>(`/payouts/${clientOrderId}${wait}`, { headers });
          if (answer.status !== 200) return null;
          known = answer.etag;
          return isEnough(answer.body) ? answer.body : null;
        },
        timeoutMs,
      );
    },
    timeline: async () =>
      (
        await stack.request<{ steps: { source: string; what: string; state: string }[] }>(
          `/payouts/${clientOrderId}/timeline`,
        )
      ).body.steps,
    ledger: async (): Promise<LedgerEntry[]> =>
      (await stack.control<{ entries: LedgerEntry[] }>(`/ledger?clientOrderId=${clientOrderId}`)).entries,
    /** How many orders the gateway accepted for this payout: the figure that must never be two. */
    accepted: async () =>
      (await stack.control<{ entries: LedgerEntry[] }>(`/ledger?clientOrderId=${clientOrderId}`)).entries.filter(
        ({ kind }) => kind === 'accepted',
      ).length,
    requests: async (): Promise<{ route: string; verdict: string }[]> =>
      (
        await stack.control<{ requests: { route: string; verdict: string }[] }>(
          `/requests?clientOrderId=${clientOrderId}`,
        )
      ).requests,
  };
}

export type Followed = ReturnType<typeof follow>;

/** Starts a payout whose account number ends with the digits of a scenario. */
export async function startPayout(stack: Stack, clientOrderId: string, digits = '000'): Promise<Followed> {
  await stack.createPayout({ clientOrderId, digits });
  return follow(stack, clientOrderId);
}
