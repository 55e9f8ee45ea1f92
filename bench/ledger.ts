import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { LedgerEntry } from '../simulator/orders/ledger-entry';

/** What the gateway's ledger says of one payout. Epoch milliseconds. */
export interface Payment {
  /** How many orders it accepted: the figure that must be one. */
  orders: number;
  /** The first order's. */
  readonly orderId: string;
  acceptedAtMs: number;
  /** When the first byte of the first callback left, and when one was answered 200; null: not yet. */
  calledBackAtMs: number | null;
  answeredAtMs: number | null;
}

/** What was written to a file of JSON lines since the last call; a line that is half written comes with the next one. */
export function followLines<T>(file: string): () => readonly T[] {
  let at = 0;
  return () => {
    const opened = openSync(file, 'r');
    const bytes = Buffer.alloc(Math.max(0, fstatSync(opened).size - at));
    readSync(opened, bytes, 0, bytes.length, at);
    closeSync(opened);
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    at += whole.length;
    return whole
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };
}

/** Reads the gateway's ledger file as it grows: asking the gateway would cost it time, and the file is what it swears by. */
export function followLedger(file: string): () => ReadonlyMap<string, Payment> {
  const payments = new Map<string, Payment>();
  const byOrder = new Map<string, Payment>();
  const readNew = followLines<LedgerEntry>(file);

  function take(entry: LedgerEntry): void {
    const atMs = Date.parse(entry.at);
    if (entry.kind === 'accepted') {
      const known = payments.get(entry.clientOrderId);
      const payment = known ?? {
        ...{ orders: 0, orderId: entry.orderId, acceptedAtMs: atMs, calledBackAtMs: null, answeredAtMs: null },
      };
      payment.orders += 1;
      payments.set(entry.clientOrderId, payment);
      byOrder.set(entry.orderId, payment);
    }
    const payment = byOrder.get(entry.orderId);
    if (payment === undefined) return;
    if (entry.kind === 'callback_attempt') payment.calledBackAtMs ??= atMs;
    if (entry.kind === 'callback_answer' && entry.httpStatus === 200) payment.answeredAtMs ??= atMs;
  }

  return () => {
    for (const entry of readNew()) take(entry);
    return payments;
  };
}
