import { setTimeout as sleep } from 'node:timers/promises';
import { describePayout } from '../../../scripts/payout-api';
import type { PlannedPayout } from './plan';
import { disturbAt, kill, killWhileHeld, type RunContext, takeTurn } from './run-context';

/** What a caller of the API knows of its payout. */
export interface ClientRecord {
  readonly clientOrderId: string;
  readonly scenario: string;
  readonly amount: string;
  readonly currency: string;
  /** Answered 2xx at least once. */
  accepted: boolean;
  /** How often the answer was 202: a payout was started. */
  started: number;
  /** An answer that no repetition can help, or null. */
  refused: string | null;
  readonly batch: string | null;
  /** Its batch was cancelled at a limit before any row of it began. */
  isUnmade: boolean;
  /** POSTs that brought no 2xx. */
  failures: number;
  /** Every outcome it ever got. */
  readonly outcomes: Set<string>;
}

export type Payer = ReturnType<typeof createPayer>;

const ANSWER_WITHIN_MS = 8_000;
const PAUSE_MS = 400;

/** The callers: each repeats its POST with the same id after any error until it is taken, at one API after the other. */
export function createPayer(context: RunContext, isOver: () => boolean) {
  const records = new Map<string, ClientRecord>();
  const { board, addFault, temporal } = context;
  let posts = 0;

  return { records: (): readonly ClientRecord[] => [...records.values()], pay, payBatch, look };

  /** Asks for a payout until it is taken, and perhaps once more. */
  async function pay(payout: PlannedPayout): Promise<void> {
    const record = keep(payout);
    await postUntilTaken(payout, record);
    if (payout.againAfterMs === null) return;
    await sleep(payout.againAfterMs);
    addFault('POST repeated after its answer');
    await postUntilTaken(payout, record);
  }

  function keep({ clientOrderId, scenario, amount, currency, batch }: PlannedPayout): ClientRecord {
    const record: ClientRecord = {
      ...{ clientOrderId, scenario, amount, currency, batch, isUnmade: false },
      ...{ accepted: false, started: 0, refused: null, failures: 0, outcomes: new Set<string>() },
    };
    records.set(clientOrderId, record);
    return record;
  }

  /** All rows in one request, until it is taken; and once more, as by a caller that lost the answer. */
  async function payBatch(batchId: string, planned: readonly PlannedPayout[]): Promise<void> {
    const kept = planned.map(keep);
    const rows = planned.map(({ clientOrderId, ...options }) => describePayout(clientOrderId, options));
    for (let taken = 0; taken < 2 && !isOver(); ) {
      posts += 1;
      const { port } = takeTurn(context.apis, posts);
      const answer = await askJson(`http://127.0.0.1:${port}/batches`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
        body: JSON.stringify({ batchId, rows }),
      });
      const status = typeof answer === 'string' ? answer : answer.httpStatus;
      addFault(`batch ${typeof status === 'number' && status < 300 ? 'taken' : status}`);
      if (typeof status === 'number' && status < 300) {
        taken += 1;
        for (const record of kept) Object.assign(record, { accepted: true, started: 1 });
      } else if (typeof status === 'number' && status < 500) {
        for (const record of kept) record.refused = `HTTP ${status} to its batch`;
        return;
      } else {
        for (const record of kept) record.failures += 1;
        await sleep(PAUSE_MS);
      }
    }
  }

  async function postUntilTaken(payout: PlannedPayout, record: ClientRecord): Promise<void> {
    while (!isOver() && record.refused === null) {
      if (await postOnce(payout, record)) return;
      record.failures += 1;
      await sleep(PAUSE_MS);
    }
  }

  async function postOnce(payout: PlannedPayout, record: ClientRecord): Promise<boolean> {
    posts += 1;
    const api = takeTurn(context.apis, posts);
    const point = context.areFaultsActive()
      ? board.take(['before_start', 'started_before_answer', 'temporal_at_start'])
      : null;
    const ask = (): Promise<boolean> => post(api.port, payout, record);
    if (point === 'before_start' || point === 'started_before_answer') {
      const at = { board, point, victim: api.process };
      return await killWhileHeld(at, [api.gate, point === 'before_start' ? 'out' : 'back'], ask);
    }
    const answer = ask();
    if (point !== null) void disturbAt({ board, point, victim: temporal }, kill);
    return await answer;
  }

  async function post(port: number, payout: PlannedPayout, record: ClientRecord): Promise<boolean> {
    const { clientOrderId, amount, currency, digits } = payout;
    const answer = await askJson(`http://127.0.0.1:${port}/payouts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(describePayout(clientOrderId, { amount, currency, digits })),
    });
    if (typeof answer === 'string') {
      addFault(`POST ${answer}`);
      return false;
    }
    if (answer.httpStatus === 200 || answer.httpStatus === 202) {
      record.accepted = true;
      if (answer.httpStatus === 202) record.started += 1;
      if (answer.outcome !== null) record.outcomes.add(answer.outcome);
      return true;
    }
    addFault(`POST ${answer.httpStatus}`);
    if (answer.httpStatus < 500) record.refused = `HTTP ${answer.httpStatus}`;
    return false;
  }

  /** Asks how a payout is; an answer or none. */
  async function look(clientOrderId: string): Promise<void> {
    posts += 1;
    const { port } = takeTurn(context.apis, posts);
    const answer = await askJson(`http://127.0.0.1:${port}/payouts/${clientOrderId}`, {});
    if (typeof answer === 'object' && answer.outcome !== null) records.get(clientOrderId)?.outcomes.add(answer.outcome);
  }
}

/** `unanswered` when nothing whole came back. */
async function askJson(
  url: string,
  init: RequestInit,
): Promise<{ httpStatus: number; outcome: string | null } | 'unanswered'> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const body = (await response.json()) as { outcome?: string | null };
    return { httpStatus: response.status, outcome: body.outcome ?? null };
  } catch {
    return 'unanswered';
  }
}
