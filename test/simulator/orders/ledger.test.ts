import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { type Ledger, openLedger } from '../../../simulator/orders/ledger';
import type { LedgerDraft } from '../../../simulator/orders/ledger-entry';
import { makeLedgerPath } from '../connecting-party';

const draft = (attempt: number): LedgerDraft => ({
  kind: 'callback_attempt',
  orderId: '1',
  callbackId: 'c',
  attempt,
});

let file: ReturnType<typeof makeLedgerPath>;
let ledger: Ledger | null = null;
beforeEach(() => {
  file = makeLedgerPath();
});
afterEach(async () => {
  await ledger?.close();
  ledger = null;
  file.remove();
});

const open = async () => {
  ledger = await openLedger(file.path, () => 0);
  return ledger;
};

test('an entry is on disk when append resolves, stamped and in order', async () => {
  const { append } = await open();
  await append(draft(1));
  expect(readFileSync(file.path, 'utf8')).toBe(
    '{"seq":1,"at":"1970-01-01T00:00:00.000Z","kind":"callback_attempt","orderId":"1","callbackId":"c","attempt":1}\n',
  );
  await Promise.all([2, 3, 4].map((attempt) => append(draft(attempt))));
  const lines = readFileSync(file.path, 'utf8').trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([1, 2, 3, 4]);
});

test('what was written is read again and numbering goes on', async () => {
  const first = await open();
  await first.append(draft(1));
  await first.close();
  const second = await open();
  expect(second.entries).toEqual([{ seq: 1, at: '1970-01-01T00:00:00.000Z', ...draft(1) }]);
  expect((await second.append(draft(2))).seq).toBe(2);
});

test.each([
  ['cut in the middle', '{"seq":2,"at":"19'],
  ['cut before its line end', '{"seq":2,"at":"1970-01-01T00:00:00.000Z","kind":"form","orderId":"1"}'],
  ['garbage with a line end', '\u0000\u0000\n'],
])('a torn last line (%s) is cut off, and the next entry starts on a line of its own', async (_name, torn) => {
  const first = await open();
  await first.append(draft(1));
  await first.close();
  appendFileSync(file.path, torn);
  const second = await open();
  expect(second.entries).toHaveLength(1);
  await second.append(draft(2));
  await second.close();
  const third = await open();
  expect(third.entries.map(({ seq }) => seq)).toEqual([1, 2]);
});

test('an unreadable line before the last one stops the start and is named', async () => {
  writeFileSync(file.path, 'garbage\n{"seq":2,"at":"x","kind":"form"}\n');
  await expect(openLedger(file.path, () => 0)).rejects.toThrow('ledger: line 1 is unreadable');
});

test('after a failed write nothing more is accepted', async () => {
  const opened = await open();
  await opened.close();
  ledger = null;
  await expect(opened.append(draft(1))).rejects.toThrow();
  await expect(opened.append(draft(2))).rejects.toThrow();
});
