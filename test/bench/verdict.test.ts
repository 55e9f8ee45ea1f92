import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { followLedger } from '../../bench/ledger';
import { judge } from '../../bench/verdict';

const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
const accepted = (orderId: string, clientOrderId: string) => ({ kind: 'accepted', at: at(1), orderId, clientOrderId });
const toText = (entries: readonly object[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

test('the ledger tells who was paid twice, who never, and who has no final status', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'bench-')), 'ledger.jsonl');
  writeFileSync(file, toText([accepted('1', 'A'), accepted('2', 'B'), accepted('3', 'B')]));
  const read = followLedger(file);
  const finals = new Map([
    ['A', 1],
    ['B', 2],
  ]);
  expect(judge(['A', 'B', 'C'], read(), finals)).toEqual({
    ...{ payouts: 3, orders: 3, paidTwice: 1, neverSent: 1, notFinal: 1 },
  });
});

test('the ledger is read as it grows, and a line that is half written later', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'bench-')), 'ledger.jsonl');
  const answer = { kind: 'callback_answer', at: at(3), orderId: '1', httpStatus: 200 };
  writeFileSync(file, `${toText([accepted('1', 'A')])}{"kind":"callback_at`);
  const read = followLedger(file);
  expect(read().get('A')).toMatchObject({ orders: 1, calledBackAtMs: null, answeredAtMs: null });
  appendFileSync(file, `tempt","at":"${at(2)}","orderId":"1"}\n${toText([answer])}`);
  expect(read().get('A')).toEqual({
    ...{ orders: 1, orderId: '1' },
    acceptedAtMs: Date.parse(at(1)),
    calledBackAtMs: Date.parse(at(2)),
    answeredAtMs: Date.parse(at(3)),
  });
});
