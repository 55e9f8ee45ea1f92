import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { paint, paintState } from './colour';
import type { LiveLine } from './live-line';

/** A payout as the API returns it: the fields used here. */
export interface PayoutView {
  readonly clientOrderId: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly attention: string | null;
  readonly settledBy: string | null;
  readonly redirectTo: string | null;
  readonly receiverPage: string | null;
  readonly lateEvents: readonly { readonly confirmed: boolean }[];
}

/** One step of a payout: when, who reported it, what happened, the state it led to. */
export interface TimelineStep {
  readonly at: string;
  readonly source: string;
  readonly what: string;
  readonly state: string;
}

export interface PayoutAnswer {
  readonly status: number;
  readonly body: PayoutView;
}

export interface CreateOptions {
  readonly amount?: string;
  readonly currency?: string;
  /** Last digits of the account number: they choose the simulator's scenario. */
  readonly digits?: string;
}

/** The API answered with a problem. The message has its status and code, and nothing that was sent. */
export class ApiProblemError extends Error {
  override readonly name = 'ApiProblemError';
  readonly status: number;

  constructor(what: string, status: number, code: unknown) {
    super(`${what} answered ${status}${typeof code === 'string' ? ` (${code})` : ''}`);
    this.status = status;
  }
}

async function askJson<T>(what: string, url: string, init: RequestInit = {}): Promise<{ status: number; body: T }> {
  const response = await fetch(url, { ...init, signal: init.signal ?? AbortSignal.timeout(70_000) });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiProblemError(what, response.status, (body as { code?: unknown } | null)?.code);
  return { status: response.status, body: body as T };
}

/** A clientOrderId that was never used before. */
export function makeClientOrderId(prefix: string): string {
  const moment = new Date().toISOString().replace(/\D/g, '').slice(2, 14);
  return `${prefix}-${moment}-${randomBytes(4).toString('hex')}`;
}

/** Body of a payout to an invented bank account. */
export function describePayout(clientOrderId: string, options: CreateOptions = {}) {
  return {
    clientOrderId,
    amount: options.amount ?? '10.50',
    currency: options.currency ?? 'EUR',
    description: 'Demonstration',
    receiver: { firstName: 'Ada', lastName: 'Example', email: 'ada@example.com', ipAddress: '192.0.2.10' },
    destination: {
      type: 'bank_account',
      accountNumber: `1000200030004000${(options.digits ?? '000').padStart(4, '0')}`,
      bankName: 'Cool Bank',
      bankBranch: 'Main',
    },
  };
}

/** `POST /payouts`, with an API key where one is needed. @throws ApiProblemError */
export function createPayout(api: string, payout: object, key?: string): Promise<PayoutAnswer> {
  const headers = {
    'content-type': 'application/json',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  return askJson('POST /payouts', `${api}/payouts`, { method: 'POST', headers, body: JSON.stringify(payout) });
}

/** `GET /payouts/:clientOrderId`. @throws ApiProblemError */
export async function readPayout(api: string, clientOrderId: string): Promise<PayoutView> {
  const url = `${api}/payouts/${encodeURIComponent(clientOrderId)}`;
  return (await askJson<PayoutView>('GET /payouts/:clientOrderId', url)).body;
}

/** `GET /payouts/:clientOrderId/timeline`. @throws ApiProblemError */
export async function readTimeline(api: string, clientOrderId: string): Promise<readonly TimelineStep[]> {
  const url = `${api}/payouts/${encodeURIComponent(clientOrderId)}/timeline`;
  return (await askJson<{ steps: TimelineStep[] }>('GET /payouts/:clientOrderId/timeline', url)).body.steps;
}

export interface FollowOptions {
  readonly api: string;
  readonly clientOrderId: string;
  /** Whether there is nothing more to wait for. */
  readonly isDone: (payout: PayoutView) => boolean | Promise<boolean>;
  readonly print: (line: string) => void;
  /** Where to show what is awaited. */
  readonly live?: LiveLine;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

/** One line of a timeline: time since the first step, who reported it, what happened, the state after it. */
export function formatStep(step: TimelineStep, firstAt: string): string {
  const seconds = (Date.parse(step.at) - Date.parse(firstAt)) / 1000;
  const time = paint('dim', `+${seconds.toFixed(1)} s`.padStart(9));
  return `  ${time}  ${step.source.padEnd(10)}  ${step.what}  [${paintState(step.state)}]`;
}

/** Whether another try may help: no answer, or a server error. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ApiProblemError) || error.status >= 500;
}

/**
 * Prints a payout's steps as they come, until it is done or time is up.
 *
 * @returns the payout as last seen, null when it was never seen. @throws ApiProblemError when the API refuses.
 */
export async function followTimeline(options: FollowOptions): Promise<PayoutView | null> {
  const startedAt = performance.now();
  const deadline = startedAt + options.timeoutMs;
  const print = (line: string): void => {
    options.live?.clear();
    options.print(line);
  };
  let printed = 0;
  let formShown = false;
  let payout: PayoutView | null = null;
  do {
    try {
      payout = await readPayout(options.api, options.clientOrderId);
      // Read after the payout, so that the steps are never behind the state that ends the wait.
      const steps = await readTimeline(options.api, options.clientOrderId);
      for (const step of steps.slice(printed)) print(formatStep(step, steps[0]?.at ?? step.at));
      printed = Math.max(printed, steps.length);
      const form = payout.receiverPage ?? payout.redirectTo;
      if (payout.state === 'awaiting_receiver' && form !== null && !formShown) {
        formShown = true;
        print(`             The Receiver is needed. Open ${form}`);
      }
      if (await options.isDone(payout)) break;
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      options.live?.show(`  ${`${seconds} s`.padStart(9)}  ${payout.state}…`);
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await sleep(options.intervalMs ?? 300);
  } while (performance.now() < deadline);
  options.live?.clear();
  return payout;
}
