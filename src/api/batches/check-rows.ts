import { setImmediate } from 'node:timers/promises';
import { BOUNDS } from '../../config/bounds';
import type { BatchGate } from '../../domain/batch-gate';
import { denialOf, withGate } from '../../domain/gate';
import { type AskedTime, latestOf } from '../../schedule/local-time';
import type { SumUp } from '../../store/batch-gates';
import type { BatchHead, NewRows } from '../../store/batches';
import { hashOfContent } from '../../store/fingerprint';
import type { Gates } from '../../store/gates';
import type { EndpointDirectory } from '../endpoints';
import { type CheckedRequest, checkRequest, toAskedPayout } from '../payouts/check-request';
import { payoutBody, toPayoutRequest } from '../payouts/schemas';
import type { Caller } from '../plugins/callers';
import { type FieldError, fieldErrorsOf, Problem } from '../plugins/errors';

/** A row that looks like an earlier one: the same receiver and amount. */
export interface RowWarning {
  readonly row: number;
  readonly sameAs: number;
}

/** Rows that can all be started, unless there are errors. */
export interface CheckedRows extends NewRows, Pick<BatchHead, 'totals' | 'contentHash'> {
  readonly endpoints: readonly string[];
  /** Null when nothing has to happen before the first row. */
  readonly gate: BatchGate | null;
  readonly errors: readonly FieldError[];
  /** Wrong with a new batch, and not with the repeat of one: times may have passed since, and rules have changed. */
  readonly timeErrors: readonly FieldError[];
  readonly warnings: readonly RowWarning[];
}

interface CheckDeps {
  readonly batchId: string;
  readonly caller: Caller;
  /** What has to happen before a row is sent, and before the first one is. */
  readonly decide: Gates['decideAlone'];
  readonly sumUp: SumUp;
  /** When the batch is to start. */
  readonly asked: AskedTime;
  readonly endpoints: EndpointDirectory;
  readonly hashKey: string;
  readonly atMs: number;
}

/** Between so many rows other requests have their turn. */
const ROWS_A_TURN = 20;
const ERRORS_A_ROW = 20;
const MOST_WARNINGS = 1_000;

/** Checks every row by the rules of `POST /payouts`. Null is a row of a file whose cells do not fit its head line. */
export async function checkRows(bodies: readonly unknown[], deps: CheckDeps): Promise<CheckedRows> {
  const rows: NewRows['rows'][number][] = [];
  const policies: Record<string, CheckedRequest['input']['policy']> = {};
  const [errors, timeErrors, warnings]: [FieldError[], FieldError[], RowWarning[]] = [[], [], []];
  const [rowsById, rowsByAim] = [new Map<string, number>(), new Map<string, number>()];
  const content = hashOfContent();
  const { caller, endpoints } = deps;
  const names = new Set<string>();
  const timeless = new Set<string>();
  const sum = deps.sumUp({ tenant: caller.tenant, requester: caller.person });

  for (const [at, body] of bodies.entries()) {
    const row = at + 1;
    if (row % ROWS_A_TURN === 0) await setImmediate();
    const { checked, errors: found } = checkRow(body, row, deps);
    const id = checked?.input.request.clientOrderId ?? '';
    const known = rowsById.get(id);
    if (checked !== null && known !== undefined)
      found.push({ field: 'clientOrderId', expected: `an id that no other row has; row ${known} has it` });
    errors.push(...found.slice(0, ERRORS_A_ROW).map((error) => ({ row, ...error })));
    if (checked === null) continue;
    timeErrors.push(...checked.timeErrors.map((error) => ({ row, ...error })));
    const { options } = checked;
    const asked = toAskedPayout({ ...checked, destinationHash: options.destinationHash }, caller, endpoints);
    const decision = deps.decide(asked);
    const denial = denialOf(decision);
    if (denial !== null) timeErrors.push({ row, ...denial });
    // Cut-off times and holidays move the batch, and no row alone; a row may have a time of its own.
    const { gate: ownTime, ...atOnce } = checked.input;
    const isTimed = checked.input.request.executeAt !== undefined;
    const input = withGate<CheckedRequest['input']>(isTimed ? checked.input : atOnce, decision);
    if (!isTimed) timeless.add(input.endpoint);
    names.add(input.endpoint);
    sum.add(asked.facts, input.gate);
    rowsById.set(id, known ?? row);
    const { acceptedAtMs: _acceptedAtMs, policy, ...kept } = input;
    policies[input.endpoint] = policy;
    const { fingerprint, destinationHash } = options;
    const hold = decision.hold && {
      hold: { ...decision.hold, gate: { ...decision.hold.gate, ...(isTimed && ownTime) } },
    };
    rows.push({ row, input: { ...kept, batch: deps.batchId }, fingerprint, destinationHash, ...hold });
    content.add(fingerprint);
    const { amount, currency, receiver } = input.request;
    const aim = JSON.stringify([destinationHash ?? receiver, amount, currency]);
    const sameAs = rowsByAim.get(aim);
    if (sameAs === undefined) rowsByAim.set(aim, row);
    else warnings.push({ row, sameAs });
  }
  const { asked, atMs: nowMs } = deps;
  const moved = latestOf(
    [...(asked.executeAt === undefined ? timeless : names)].map((name) => endpoints.schedule(name, asked, nowMs)),
  );
  const { gate, exceeded, totals } = sum.end(moved.schedule);
  timeErrors.push(...moved.errors);
  for (const { rule, amount } of exceeded)
    timeErrors.push({
      field: 'policy',
      expected: `a batch that takes at most ${amount} from the limit of rule ${rule}`,
    });
  return {
    ...{ rows, policies, timeErrors, gate, totals, endpoints: [...names] },
    errors: errors.slice(0, BOUNDS.batchErrors.most),
    warnings: warnings.slice(0, MOST_WARNINGS),
    contentHash: content.end(),
  };
}

/** One row by itself. Without an id of its own it is named by the batch and its place. */
function checkRow(body: unknown, row: number, { batchId, ...deps }: CheckDeps) {
  const errors: FieldError[] = [];
  const failed = { checked: null, errors };
  if (body === null) {
    errors.push({ field: 'row', expected: 'as many cells as the head line has' });
    return failed;
  }
  const isObject = typeof body === 'object' && !Array.isArray(body);
  const parsed = payoutBody.safeParse(isObject ? { clientOrderId: `${batchId}-${row}`, ...body } : body);
  if (!parsed.success) {
    const found = fieldErrorsOf(parsed.error.issues);
    const isFirst = ({ field, expected }: FieldError, at: number) =>
      found.findIndex((other) => other.field === field && other.expected === expected) === at;
    errors.push(...found.filter(isFirst));
    return failed;
  }
  try {
    const checked = checkRequest(toPayoutRequest(parsed.data), deps);
    return { checked, errors: [...checked.errors] };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    errors.push(...error.errors);
    return failed;
  }
}
