import { waitUntil } from '../../../scripts/wait-until';
import { bodyOf, type Caller, json } from './caller';
import type { Harness } from './harness';
import type { MarkerBook } from './marker';
import { GATED_AMOUNT, writePayoutBody } from './payout-body';
import { type Planned, readPayout } from './payouts';

/** A batch whose rows another person approves and a limit counts; and batches that are refused, with markers wherever there may be one. */
export async function payGated(
  book: MarkerBook,
  caller: Caller,
  { harness, prefix }: { harness: Harness; prefix: string },
): Promise<Planned[]> {
  const batchId = `${prefix}-BATCH`;
  const made = { authorization: `Bearer ${harness.gated.maker}` };
  const planned = ['approved', 'declined'].map((scenario, nth): Planned => {
    const clientOrderId = `${prefix}-row-${nth + 1}`;
    const digits = scenario === 'approved' ? '000' : '116';
    const body = { ...writePayoutBody(book, { clientOrderId, digits, type: 'bank_account' }), amount: GATED_AMOUNT };
    return { clientOrderId, scenario, body };
  });
  await sendRefusedBatches(book, caller, { batchId, made });
  for (const route of ['/batches?dryRun=true', '/batches'])
    await caller.send('batch', route, json({ batchId, rows: planned.map(({ body }) => body) }, made));
  const { contentHash } = bodyOf<{ contentHash: string }>(
    await caller.send('gated', `/batches/${batchId}`, { headers: made }),
  );
  const reason = book.words('reason of an approval', { length: 40, kind: "operator's words", of: batchId });
  const headers = { authorization: `Bearer ${harness.gated.approver}` };
  await caller.send('approve', `/batches/${batchId}/approve`, json({ reason, contentHash }, headers));
  for (const { clientOrderId } of planned)
    await waitUntil({
      ...{ what: `${clientOrderId} to be a payout`, timeoutMs: 60_000 },
      ask: async () => ((await readPayout(caller, clientOrderId)) === null ? null : true),
    });
  return planned;
}

/** What is seen of batches and limits by who may read. @returns how many rows the batch has by its own word */
export async function readGated(caller: Caller, { harness, prefix }: { harness: Harness; prefix: string }) {
  const headers = { authorization: `Bearer ${harness.gated.maker}` };
  const about = `${prefix}-BATCH`;
  const batch = `/batches/${about}`;
  await caller.send('gated', '/batches', { headers, about });
  for (const route of [`${batch}/result`, '/batches/template.csv', '/limits', '/me'])
    await caller.send('gated', route, { headers });
  return bodyOf<{ rows: number }>(await caller.send('gated', batch, { headers })).rows;
}

async function sendRefusedBatches(
  book: MarkerBook,
  caller: Caller,
  { batchId, made }: { batchId: string; made: Readonly<Record<string, string>> },
): Promise<void> {
  const card = (field: string) => book.digits(field, { length: 16, isCard: true });
  const word = (field: string) => book.words(field, { isPlain: true });
  const row = { amount: '1.00', currency: 'EUR' };
  const rows = [{ ...row, [card('field of a row')]: 1 }, { ...row, amount: word('amount of a row') }, word('a row')];
  await caller.send('batch refused', '/batches', json({ batchId, rows, [`${word('field of a batch')} ?`]: 1 }, made));
  await caller.send('batch refused', '/batches', json({ batchId, rows }, made));
  await caller.send('batch refused', '/batches', json({ batchId: card('id of a batch'), rows }, made));
  const csv = (what: string, text: string) =>
    caller.send(what, `/batches?batchId=${batchId}`, {
      ...{ method: 'POST', body: text, headers: { ...made, 'content-type': 'text/csv' } },
    });
  await csv('file refused', `amount,currency,${word('column of a file')} ?\r\n1.00,EUR,${card('cell of a file')}\r\n`);
  await csv('file refused', `amount,currency,accountNumber\r\n${word('cell')},EUR,"${card('cell that is not closed')}`);
  await caller.send(
    'batch act refused',
    `/batches/${batchId}/pause`,
    json({ reason: card('reason of a pause') }, made),
  );
}
