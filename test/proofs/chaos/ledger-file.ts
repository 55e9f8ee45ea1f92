import { readFileSync } from 'node:fs';
import type { GatewayOrder } from './comparison';

const FINAL_WORDS = ['approved', 'declined', 'filtered', 'error'];

interface LedgerLine {
  readonly kind: string;
  readonly orderId: string;
  readonly clientOrderId?: string;
  readonly amount?: string;
  readonly status?: string;
  readonly httpStatus?: number | null;
}

/** The gateway's own record, read from its file and not from the process that wrote it. */
export interface GatewayRecord {
  readonly orders: readonly GatewayOrder[];
  /** Answers to its callbacks, by HTTP status or `none`. */
  readonly callbackAnswers: ReadonlyMap<string, number>;
}

/** @throws when the file cannot be read or a line of it is no JSON */
export function readLedgerFile(file: string): GatewayRecord {
  const lines = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean);
  return readLedgerLines(lines.map((line) => JSON.parse(line) as LedgerLine));
}

/** Orders as the entries have them, in the order they were accepted. */
export function readLedgerLines(entries: readonly LedgerLine[]): GatewayRecord {
  const orders = new Map<string, GatewayOrder>();
  const callbackAnswers = new Map<string, number>();
  for (const { kind, orderId, clientOrderId = '', amount = '', status = '', httpStatus } of entries) {
    if (kind === 'accepted') {
      orders.set(orderId, { orderId, clientOrderId, amount, status: 'processing', isFinal: false });
    } else if (kind === 'status') {
      const order = orders.get(orderId);
      if (order !== undefined) orders.set(orderId, { ...order, amount, status, isFinal: FINAL_WORDS.includes(status) });
    } else if (kind === 'callback_answer') {
      const answer = String(httpStatus ?? 'none');
      callbackAnswers.set(answer, (callbackAnswers.get(answer) ?? 0) + 1);
    }
  }
  return { orders: [...orders.values()], callbackAnswers };
}
