import { type Attribute, type Clause, fits, formatClause } from '../../../src/api/lists/clause';
import type { ListFilter } from '../../../src/api/lists/list-filter';
import type { Visibility, VisibleRun } from '../../../src/api/lists/visibility';
import { START_MS } from '../../domain/samples';

export const START_US = START_MS * 1_000;

export const EVERYTHING: ListFilter = {
  states: null,
  outcome: null,
  attention: null,
  endpoint: null,
  currency: null,
  orderId: null,
  clientOrderId: null,
  fromUs: null,
  toUs: null,
};

/** A run of a payout: completed and approved unless told otherwise. */
export function makeRun(
  id: string,
  fields: Partial<Omit<VisibleRun, 'attributes'>> & {
    attributes?: Partial<Record<Attribute, string | undefined>>;
  } = {},
): VisibleRun {
  const workflowId = fields.workflowId ?? `payout:${id}`;
  const attributes = {
    WorkflowId: workflowId,
    WorkflowType: 'payout',
    ExecutionStatus: 'Completed',
    PayoutState: 'approved',
    PayoutOutcome: 'approved',
    PayoutEndpoint: 'default',
    PayoutCurrency: 'EUR',
    GatewayOrderId: '6768788',
    ...fields.attributes,
  };
  const defined = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return {
    workflowId,
    runId: fields.runId ?? `run-${id}`,
    startUs: fields.startUs ?? START_US,
    closedAtMs: fields.closedAtMs === undefined ? START_MS + 8_000 : fields.closedAtMs,
    amountMinor: fields.amountMinor === undefined ? 1_050 : fields.amountMinor,
    attributes: Object.fromEntries(defined) as VisibleRun['attributes'],
  };
}

/** An open run of a payout on the fast path. */
export function makeOpenRun(id: string, fields: Parameters<typeof makeRun>[1] = {}): VisibleRun {
  return makeRun(id, {
    closedAtMs: null,
    ...fields,
    attributes: {
      ExecutionStatus: 'Running',
      PayoutState: 'open',
      PayoutOutcome: undefined,
      GatewayOrderId: undefined,
      ...fields.attributes,
    },
  });
}

/** Visibility in memory, answering like the server: `pageSize` runs at most, in an order that is no use. Runs may be replaced meanwhile. */
export function createFakeVisibility(runs: VisibleRun[], options: { pageSize?: number; onCall?: () => void } = {}) {
  const { pageSize = 1_000, onCall = () => {} } = options;
  const calls = { count: 0, list: 0, listed: 0 };
  const find = async (clause: Clause) => {
    formatClause(clause);
    // Like a call over a network: everybody else has a turn meanwhile.
    await new Promise(setImmediate);
    return runs.filter((run) => fits(run, clause)).sort((left, right) => (left.runId < right.runId ? -1 : 1));
  };
  return {
    calls,
    async count(clause: Clause) {
      calls.count += 1;
      const { length } = await find(clause);
      onCall();
      return length;
    },
    async list(clause: Clause, next?: Uint8Array) {
      calls.list += 1;
      const found = await find(clause);
      const first = next === undefined || next.length === 0 ? 0 : Number(Buffer.from(next).toString());
      const page = found.slice(first, first + pageSize);
      calls.listed += page.length;
      onCall();
      const end = first + page.length;
      return { runs: page, next: end < found.length ? Buffer.from(String(end)) : null };
    },
  } satisfies Visibility & { calls: typeof calls };
}
