import type { Visibility, VisibleRun } from '../../src/store/visibility';
import { START_MS } from '../domain/samples';

/** A completed run of an approved payout unless told otherwise; an attribute that is `undefined` is not set. */
export function makeRun(id: string, fields: Partial<VisibleRun> = {}): VisibleRun {
  return {
    workflowId: `payout:${id}`,
    runId: `run-${id}`,
    type: 'payout',
    status: 'Completed',
    startedAtMs: START_MS,
    closedAtMs: START_MS + 8_000,
    hasReadableMemo: true,
    ...fields,
    attributes: {
      PayoutState: 'approved',
      PayoutOutcome: 'approved',
      PayoutEndpoint: 'default',
      PayoutCurrency: 'EUR',
      AmountMinor: 1_050,
      GatewayOrderId: '6768788',
      ...fields.attributes,
    },
  };
}

/** An open run of a payout on the fast path. */
export function makeOpenRun(id: string, fields: Partial<VisibleRun> = {}): VisibleRun {
  const attributes = { PayoutState: 'open', PayoutOutcome: undefined, GatewayOrderId: undefined, ...fields.attributes };
  return makeRun(id, { status: 'Running', closedAtMs: null, ...fields, attributes });
}

/**
 * Visibility in memory. What a query finds is not worked out here: the server does that in test/e2e. `list` answers page by page with
 * the runs of the first entry whose pattern the query fits, `count` with their number.
 */
export function createFakeVisibility(found: readonly (readonly [RegExp, readonly VisibleRun[]])[], onCall = () => {}) {
  const queries: string[] = [];
  const find = async (query: string) => {
    queries.push(query);
    // Like a call over a network: everybody else has a turn meanwhile.
    await new Promise(setImmediate);
    onCall();
    return found.find(([pattern]) => pattern.test(query))?.[1] ?? [];
  };
  return {
    queries,
    count: async (query: string) => (await find(query)).length,
    async list(query: string, { size, token }: { size: number; token: Uint8Array | null }) {
      const first = Number(Buffer.from(token ?? []).toString());
      const runs = await find(query);
      const next = first + size < runs.length ? new Uint8Array(Buffer.from(String(first + size))) : null;
      return { runs: runs.slice(first, first + size), next };
    },
  } satisfies Visibility & { queries: string[] };
}
