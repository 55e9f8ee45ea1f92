import { setTimeout as sleep } from 'node:timers/promises';
import { describePayout } from '../../../scripts/payout-api';
import type { PlannedPayout } from './plan';
import { disturbAt, type RunContext, takeTurn } from './run-context';

/** What a caller of the API knows of its payout. */
export interface ClientRecord {
  readonly clientOrderId: string;
  readonly scenario: string;
  readonly amount: string;
  /** Answered 2xx at least once. */
  accepted: boolean;
  /** How often the answer was 202: a payout was started. */
  started: number;
  /** An answer that no repetition can help, or null. */
  refused: string | null;
  /** POSTs that brought no 2xx. */
  failures: number;
  /** Every outcome it ever got. */
  readonly outcomes: Set<string>;
}

export interface Payer {
  readonly records: () => readonly ClientRecord[];
  /** Asks for a payout until it is taken, and perhaps once more. */
  readonly pay: (payout: PlannedPayout) => Promise<void>;
  /** Asks how a payout is; an answer or none. */
  readonly look: (clientOrderId: string) => Promise<void>;
}

const ANSWER_WITHIN_MS = 8_000;
const PAUSE_MS = 400;
/** Time for the API to read a POST and to call Temporal, before it is killed. */
const HELD_MS = 250;

/** The callers: each repeats its POST with the same id after any error until it is taken, at one API after the other. */
export function createPayer(context: RunContext, until: { readonly isOver: () => boolean }): Payer {
  const records = new Map<string, ClientRecord>();
  const { board, faults, temporal } = context;
  let posts = 0;

  return { records: () => [...records.values()], pay, look };

  async function pay(payout: PlannedPayout): Promise<void> {
    const { clientOrderId, scenario, amount } = payout;
    const record: ClientRecord = {
      ...{ clientOrderId, scenario, amount },
      ...{ accepted: false, started: 0, refused: null, failures: 0, outcomes: new Set<string>() },
    };
    records.set(clientOrderId, record);
    await postUntilTaken(payout, record);
    if (payout.againAfterMs === null) return;
    await sleep(payout.againAfterMs);
    faults.add('POST repeated after its answer');
    await postUntilTaken(payout, record);
  }

  async function postUntilTaken(payout: PlannedPayout, record: ClientRecord): Promise<void> {
    while (!until.isOver() && record.refused === null) {
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
    if (point === null) return await post(api.port, payout, record);
    if (point === 'temporal_at_start') {
      const answer = post(api.port, payout, record);
      void disturbAt({ board, point, victim: temporal }, (controls) => controls.kill());
      return await answer;
    }
    const answers: Promise<boolean>[] = [];
    const isDisturbed = await disturbAt({ board, point, victim: api.process }, async (controls) => {
      api.gate.hold(point === 'before_start' ? 'out' : 'back');
      answers.push(post(api.port, payout, record));
      await sleep(HELD_MS);
      await controls.kill();
      api.gate.drop();
    });
    return isDisturbed ? ((await answers[0]) ?? false) : await post(api.port, payout, record);
  }

  async function post(port: number, payout: PlannedPayout, record: ClientRecord): Promise<boolean> {
    const { clientOrderId, amount, digits } = payout;
    const answer = await askJson(`http://127.0.0.1:${port}/payouts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(describePayout(clientOrderId, { amount, digits })),
    });
    if (typeof answer === 'string') {
      faults.add(`POST ${answer}`);
      return false;
    }
    if (answer.httpStatus === 200 || answer.httpStatus === 202) {
      record.accepted = true;
      if (answer.httpStatus === 202) record.started += 1;
      if (answer.outcome !== null) record.outcomes.add(answer.outcome);
      return true;
    }
    faults.add(`POST ${answer.httpStatus}`);
    if (answer.httpStatus < 500) record.refused = `HTTP ${answer.httpStatus}`;
    return false;
  }

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
