import { readFileSync } from 'node:fs';
import type { LedgerEntry } from '../simulator/orders/ledger-entry';

/** What the gateway's ledger says of one payout. Epoch milliseconds. */
export interface Payment {
  /** How many orders it accepted: the figure that must be one. */
  orders: number;
  acceptedAtMs: number;
  /** When the first byte of the first callback left, and when one was answered 200; null: not yet. */
  calledBackAtMs: number | null;
  answeredAtMs: number | null;
}

/** Reads the gateway's ledger file as it grows: asking the gateway would cost it time, and the file is what it swears by. */
export function followLedger(file: string): () => ReadonlyMap<string, Payment> {
  const payments = new Map<string, Payment>();
  const byOrder = new Map<string, Payment>();
  let readLines = 0;

  function take(entry: LedgerEntry): void {
    const atMs = Date.parse(entry.at);
    if (entry.kind === 'accepted') {
      const known = payments.get(entry.clientOrderId);
      const payment = known ?? { orders: 0, acceptedAtMs: atMs, calledBackAtMs: null, answeredAtMs: null };
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
    // The last line may be half written yet: it comes with the next reading.
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    for (const line of lines.slice(readLines)) take(JSON.parse(line));
    readLines = lines.length;
    return payments;
  };
}
