import { readFileSync } from 'node:fs';
import { countBy } from '../counts';
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

/** The gateway's own record, read from its file and not from the process that wrote it. @throws when the file cannot be read or a line of it is no JSON */
export function readLedgerFile(file: string) {
  const lines = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean);
  const entries = lines.map((line) => JSON.parse(line) as LedgerLine);
  return { ...readLedgerLines(entries), entries };
}

/** Orders as the entries have them, in the order they were accepted. */
export function readLedgerLines(entries: readonly LedgerLine[]) {
  const orders = new Map<string, GatewayOrder>();
  for (const { kind, orderId, clientOrderId = '', amount = '', status = '' } of entries) {
    if (kind === 'accepted') {
      orders.set(orderId, { orderId, clientOrderId, amount, status: 'processing', isFinal: false });
    } else if (kind === 'status') {
      const order = orders.get(orderId);
      if (order !== undefined) orders.set(orderId, { ...order, amount, status, isFinal: FINAL_WORDS.includes(status) });
    }
  }
  const answers = entries.filter(({ kind }) => kind === 'callback_answer');
  return {
    orders: [...orders.values()],
    /** By HTTP status or `none`. */
    callbackAnswers: countBy(answers, ({ httpStatus }) => String(httpStatus ?? 'none')),
  };
}
