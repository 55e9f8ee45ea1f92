import { createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { BOUNDS } from '../../config/bounds';
import type { CurrencyCode } from '../../domain/currencies';
import { formatDecimal, parseDecimal } from '../../domain/money';
import type { BatchHead, NewRows } from '../../store/batches';
import type { Gates } from '../../store/gates';
import type { EndpointDirectory } from '../endpoints';
import { type CheckedRequest, checkRequest } from '../payouts/check-request';
import { denialOf, toAskedPayout, withGate } from '../payouts/gating';
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
  readonly errors: readonly FieldError[];
  /** Wrong with a new batch, and not with the repeat of one: times may have passed since, and rules have changed. */
  readonly timeErrors: readonly FieldError[];
  readonly warnings: readonly RowWarning[];
}

interface CheckDeps {
  readonly batchId: string;
  readonly caller: Caller;
  /** What has to happen before a row is sent. */
  readonly decide: Gates['decideAlone'];
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
  const sums = new Map<CurrencyCode, { count: number; minor: bigint }>();
  const content = createHmac('sha256', deps.hashKey).update('batch\n');

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
    const asked = { input: checked.input, destinationHash: options.destinationHash };
    const decision = deps.decide(toAskedPayout(asked, deps.caller, deps.endpoints));
    const denial = denialOf(decision);
    if (denial !== null) timeErrors.push({ row, ...denial });
    const input = withGate(checked.input, decision);
    rowsById.set(id, known ?? row);
    const { acceptedAtMs: _acceptedAtMs, policy, ...kept } = input;
    policies[input.endpoint] = policy;
    const { fingerprint, destinationHash } = options;
    rows.push({ row, input: { ...kept, batch: deps.batchId }, fingerprint, destinationHash });
    content.update(`${fingerprint}\n`);
    const { amount, currency, receiver } = input.request;
    const aim = JSON.stringify([destinationHash ?? receiver, amount, currency]);
    const sameAs = rowsByAim.get(aim);
    if (sameAs === undefined) rowsByAim.set(aim, row);
    else warnings.push({ row, sameAs });
    const sum = sums.get(currency) ?? { count: 0, minor: 0n };
    sums.set(currency, { count: sum.count + 1, minor: sum.minor + parseDecimal(amount, currency).minor });
  }
  return {
    ...{
      rows,
      policies,
      timeErrors,
      errors: errors.slice(0, BOUNDS.batchErrors.most),
      warnings: warnings.slice(0, MOST_WARNINGS),
    },
    contentHash: content.digest('hex'),
    totals: [...sums].map(([currency, { count, minor }]) => ({
      ...{ currency, count, amount: formatDecimal({ minor, currency }) },
    })),
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
