import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApiKey } from '../../scripts/keys';
import type { QueueItem } from '../../src/store/attention-queue';
import { type MoneyLine, sumLedger } from '../proofs/limits/ledger-sum';
import { zoneAtMidday } from '../proofs/limits/zone';
import { findViolations, launchBrowser, type TestBrowser } from '../support/browser';
import { parseCsv } from '../support/parse-csv';
import type { LedgerEntry } from '../support/payouts';
import { QUICK, withProduct } from '../support/quick';
import { type Stack, startStack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

jest.setTimeout(180_000);

const operator = createApiKey({
  name: 'payroll',
  scopes: 'payouts:write,payouts:read,payouts:operate,payouts:approve',
});
const lead = createApiKey({ name: 'lead', scopes: 'payouts:read,payouts:approve' });
const reader = createApiKey({ name: 'reader', scopes: 'payouts:read' });
const HEAD =
  'amount;currency;receiver.firstName;receiver.lastName;receiver.email;receiver.ipAddress;destination.type;destination.accountNumber;destination.bankName;destination.bankBranch';
const line = (nth: number, amount = '10.50', { currency = 'EUR', digits = '000' } = {}) =>
  `${amount};${currency};Ada;Example;ada@example.com;192.0.2.10;bank_account;10002000${String(nth).padStart(8, '0')}0${digits};Cool Bank;Main`;
const fileOf = (rows: number, first = 0) =>
  [`\uFEFF${HEAD}`, ...Array.from({ length: rows }, (_, nth) => line(first + nth)), ''].join('\r\n');
/** Only payouts in this currency meet the rules. */
const RULED = 'USD';
const ruledFileOf = (amounts: readonly string[], digits: readonly string[] = []) =>
  [HEAD, ...amounts.map((amount, nth) => line(4_000 + nth, amount, { currency: RULED, digits: digits[nth] })), ''].join(
    '\n',
  );
const RULES = [
  { name: 'four-eyes', match: { currency: RULED, amountFrom: '40' }, approvals: 1 },
  {
    name: 'daily',
    match: { currency: RULED },
    limit: { amount: '160.00', per: 'day', zone: zoneAtMidday(Date.now()), over: 'refuse' },
  },
];

interface BatchJson {
  readonly state: string;
  readonly started: number;
  readonly failed: number;
  readonly left: number;
  readonly isSettled: boolean | null;
  readonly payouts: { readonly paid: number; readonly open: number } | null;
  readonly contentHash: string;
  readonly approval: { readonly approvedBy: readonly string[] } | null;
  readonly acts: readonly { readonly actor: string; readonly reason: string }[];
  readonly errors?: readonly { readonly field: string; readonly expected: string }[];
}

let stack: Stack;
let browser: TestBrowser;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'payouts-batches-'));
  const policies = path.join(dir, 'policies.json');
  await writeFile(policies, JSON.stringify({ rules: RULES }));
  stack = await startStack({
    ...withProduct(QUICK, { POLICIES_FILE: policies }),
    temporal: 'shared',
    callers: { entries: [operator.entry, lead.entry, reader.entry], key: operator.key },
  });
  browser = await launchBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  await rm(dir, { recursive: true, force: true });
}, 60_000);

const send = (query: string, csv: string) =>
  stack.request<BatchJson>(`/batches?${query}`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: csv });
const read = async (batchId: string) => (await stack.request<BatchJson>(`/batches/${batchId}`)).body;
const until = (batchId: string, what: string, isEnough: (batch: BatchJson) => boolean) =>
  stack.waitFor(
    `${batchId} ${what}`,
    async () => {
      const batch = await read(batchId);
      return isEnough(batch) ? batch : null;
    },
    120_000,
  );

/** How many orders the gateway accepted for each id of the batch. */
async function acceptedBy(batchId: string): Promise<ReadonlyMap<string, number>> {
  const { entries } = await stack.control<{ entries: (LedgerEntry & { clientOrderId?: string })[] }>('/ledger');
  const counts = new Map<string, number>();
  for (const { kind, clientOrderId = '' } of entries)
    if (kind === 'accepted' && clientOrderId.startsWith(`${batchId}-`))
      counts.set(clientOrderId, (counts.get(clientOrderId) ?? 0) + 1);
  return counts;
}

const act = (batchId: string, action: string, more: object = {}, { key } = operator) =>
  stack.request<BatchJson>(`/batches/${batchId}/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ reason: 'checked', ...more }),
  });

describe('a worker that is killed while the rows of two batches start', () => {
  const rows = 40;
  let over: BatchJson;
  let funded: BatchJson;
  let refused: BatchJson;
  let paused: BatchJson;

  beforeAll(async () => {
    await stack.createPayout({ clientOrderId: 'FUNDED-2' });
    // 150 in sum: 120 are paid, 10 declined, 10 in doubt, and 10 are no payout, for their id is another's.
    const amounts = ['40', ...Array.from({ length: 11 }, () => '10')];
    const csv = ruledFileOf(amounts, ['000', '000', '116', '505']);
    const executeAt = (ms: number) => new Date(Date.now() + ms).toISOString();
    const tooLarge = await send('batchId=LARGE', ruledFileOf(Array.from({ length: 17 }, () => '10')));
    expect([tooLarge.status, tooLarge.body.errors]).toEqual([
      400,
      [{ field: 'policy', expected: 'a batch that takes at most 160.00 USD from the limit of rule daily' }],
    ]);
    const sent = await send(`batchId=FUNDED&perSecond=1&executeAt=${executeAt(86_400_000)}`, csv);
    expect([sent.status, sent.body.state]).toEqual([202, 'awaiting_approval']);
    const queue = await stack.waitFor('the batch to be in the queue', async () => {
      const { items } = (await stack.request<{ items: QueueItem[] }>('/attention')).body;
      return items.length > 0 ? items : null;
    });
    expect(queue).toMatchObject([{ kind: 'batch', clientOrderId: 'FUNDED', attention: 'awaiting_approval' }]);
    const { contentHash } = sent.body;
    expect((await act('FUNDED', 'approve', { contentHash })).status).toBe(409);
    expect((await act('FUNDED', 'approve', { contentHash: contentHash.replace(/.$/, '!') }, lead)).status).toBe(409);
    const approved = await act('FUNDED', 'approve', { contentHash }, lead);
    expect(approved.body).toMatchObject({ state: 'scheduled', started: 0, approval: { approvedBy: ['lead'] } });

    // While the gateway hangs no send can be under way: what the kill hits was certainly not sent, and each row has its own end.
    await stack.kill('simulator', 'SIGSTOP');
    expect((await send('batchId=KILLED&perSecond=3', fileOf(rows))).status).toBe(202);
    expect((await act('FUNDED', 'reschedule', { executeAt: executeAt(1_000) })).status).toBe(200);
    await until('FUNDED', 'to have begun', ({ started }) => started >= 2);
    paused = (await act('FUNDED', 'pause')).body;
    // The whole sum is held, also of rows that have not started.
    expect((await send('batchId=NO-ROOM', ruledFileOf(['10', '10']))).status).toBe(202);
    refused = await until('NO-ROOM', 'to be refused', ({ state }) => state === 'cancelled');
    await until('KILLED', 'to have begun', ({ started }) => started >= 10);
    await act('FUNDED', 'resume');
    await until('FUNDED', 'to go on', ({ started }) => started > paused.started);
    await stack.kill('worker', 'SIGKILL');
    await stack.kill('simulator', 'SIGCONT');
    // Reads and repeats need no worker.
    expect(await read('KILLED')).toMatchObject({ state: 'running' });
    expect((await send('batchId=KILLED&perSecond=3', fileOf(rows))).status).toBe(200);
    await stack.start('worker');
    over = await until('KILLED', 'to be settled', ({ isSettled }) => isSettled === true);
    funded = await until('FUNDED', 'to be settled', ({ isSettled }) => isSettled === true);
  });

  it('pays each once, though the file is sent twice, and the result says so', async () => {
    const counts = { started: rows, failed: 0, left: 0, payouts: { paid: rows, open: 0 } };
    expect(over).toMatchObject({ state: 'started', ...counts });
    const accepted = await acceptedBy('KILLED');
    expect(accepted.size).toBe(rows);
    expect([...accepted.values()].filter((count) => count !== 1)).toEqual([]);
    const listed = await stack.request<{ payouts: unknown[] }>('/payouts?batch=KILLED&limit=200');
    expect(listed.body.payouts).toHaveLength(rows);
    const response = await fetch(`${stack.api}/batches/KILLED/result`, {
      headers: { authorization: `Bearer ${operator.key}` },
    });
    const result = await parseCsv(await response.text());
    expect(result.map(({ row, result: became, state }) => [row, became, state])).toEqual(
      Array.from({ length: rows }, (_, at) => [String(at + 1), 'started', 'approved']),
    );
  });

  it('has the sum held once before the first of them', () => {
    expect(paused.state).toBe('paused');
    expect(paused.left).toBeGreaterThan(0);
    const reason = 'limit_reached: the limit of rule daily has no room for the whole batch';
    expect(refused).toMatchObject({ started: 0, left: 2, acts: [{ action: 'cancel', reason }] });
  });

  it('leaves those approved under a limit each with one order', async () => {
    expect(funded).toMatchObject({ state: 'started', started: 11, failed: 1, payouts: { paid: 9, open: 1 } });
    const accepted = await acceptedBy('FUNDED');
    // The second is a payout of its own; no order was ever made for the fourth.
    const ids = [1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12].map((row) => [`FUNDED-${row}`, 1]);
    expect(Object.fromEntries(accepted)).toEqual(Object.fromEntries(ids));
  });
});

it('an id that is another payout’s fails its row alone, and a batch that is cancelled starts no more', async () => {
  await stack.createPayout({ clientOrderId: 'MIXED-2' });
  await send('batchId=MIXED', fileOf(3, 1_000));
  expect(await until('MIXED', 'to be started', ({ state }) => state === 'started')).toMatchObject({
    started: 2,
    failed: 1,
  });
  const isPaid = async () => {
    const counts = [...(await acceptedBy('MIXED')).values()];
    return counts.length === 3 ? counts : null;
  };
  expect(await stack.waitFor('all three to be paid', isPaid)).toEqual([1, 1, 1]);
  const client = await connectClient(stack);
  const priorities = ['MIXED-1', 'MIXED-2'].map(async (id) => {
    const { priority } = await client.workflow.getHandle(`payout:${id}`).describe();
    return priority?.priorityKey ?? null;
  });
  expect(await Promise.all(priorities)).toEqual([4, null]);
  await client.connection.close();

  await send('batchId=STOPPED&perSecond=2', fileOf(100, 2_000));
  await until('STOPPED', 'to have begun', ({ started }) => started >= 2);
  expect((await act('STOPPED', 'pause')).body.state).toBe('paused');
  expect((await act('STOPPED', 'cancel')).body.state).toBe('cancelled');
  // An act is stored at once, and what the batch makes of it is read a moment later.
  const { started, left } = await until('STOPPED', 'to be cancelled', ({ state }) => state === 'cancelled');
  expect((await act('STOPPED', 'resume')).status).toBe(409);
  expect(started + left).toBe(100);
  expect(left).toBeGreaterThan(50);
});

it('the page checks a file, shows its errors by row and column, starts it, and acts on it', async () => {
  const opened = await browser.openPage({ colorScheme: 'light' });
  const { page } = opened;
  await page.goto(`${stack.api}/operate#/batches`);
  await page.getByLabel('API key').fill(operator.key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'New batch' }).waitFor();
  const choose = (csv: string) =>
    page
      .getByLabel('CSV file')
      .setInputFiles({ name: 'Friday 27.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await choose([HEAD, line(3_000), line(3_001, '0'), 'too;short', ''].join('\n'));
  expect(await page.getByLabel('Batch id').inputValue()).toBe('Friday-27');
  await page.getByRole('button', { name: 'Check the file' }).press('Enter');
  await page.getByText('2 errors. Nothing was started.').waitFor();
  const cells = await page.getByRole('region', { name: 'Errors' }).getByRole('cell').allInnerTexts();
  expect(cells).toEqual(['2', 'amount', 'an amount above zero', '3', 'row', 'as many cells as the head line has']);
  expect(await findViolations(page)).toEqual([]);
  await opened.takePicture('operate-batch-errors');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the file with its errors' }).click();
  expect((await saving).suggestedFilename()).toBe('Friday-27-errors.csv');

  await choose(fileOf(40, 3_000));
  await page.getByLabel('Rows a second').fill('2');
  await page.getByRole('button', { name: 'Check the file' }).click();
  await page.getByText('Every row is valid').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await opened.takePicture('operate-batch-checked');
  await page.getByRole('button', { name: 'Start 40 payouts' }).click();
  await page.getByRole('heading', { level: 1, name: 'Friday-27' }).waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('textbox', { name: 'Reason' }).fill('one look more');
  await page.getByRole('button', { name: 'Pause now' }).click();
  await page.getByText('paused', { exact: true }).waitFor();
  await page.getByRole('cell', { name: 'one look more' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [390, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await opened.takePicture(`operate-batch-${colorScheme}-${width}`);
    }
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Batches' }).click();
  await page.getByRole('link', { name: 'Friday-27' }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  await opened.takePicture('operate-batches');
  expect(opened.problems.filter((problem) => !/status of (400|401)/.test(problem))).toEqual([]);
  await page.context().close();
});

it('a limit holds what was paid or is in doubt, once; the rest has room for the next batch', async () => {
  const readLimit = async () => {
    const { limits } = (await stack.request<{ limits: Record<'used' | 'held' | 'left', string>[] }>('/limits')).body;
    return limits.map(({ used, held, left }) => `${used} used, ${held} held, ${left} left`).join();
  };
  const untilLimit = (line: string) =>
    stack.waitFor(`the limit to be ${line}`, async () => (await readLimit()) === line, 60_000);
  // What no row took is free a moment after the last start.
  await untilLimit('120.00 used, 10.00 held, 30.00 left');
  await send('batchId=NEXT', ruledFileOf(['10', '10', '10']));
  expect(await until('NEXT', 'to be settled', ({ isSettled }) => isSettled === true)).toMatchObject({ started: 3 });
  await untilLimit('150.00 used, 10.00 held, 0.00 left');
  const resolved = await stack.request('/payouts/FUNDED-4/resolve', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outcome: 'declined', reason: 'the gateway has no order' }),
  });
  expect(resolved.status).toBe(200);
  await untilLimit('150.00 used, 0.00 held, 10.00 left');
  const ledger = readFileSync(path.join(stack.dir, 'simulator-ledger.jsonl'), 'utf8').trim().split('\n');
  const lines = ledger.map((each) => JSON.parse(each) as MoneyLine & { readonly currency?: string });
  const ruled = new Set(lines.filter(({ currency }) => currency === RULED).map(({ orderId }) => orderId));
  const sum = sumLedger(
    lines.filter(({ orderId }) => ruled.has(orderId)),
    RULED,
  );
  expect(sum).toMatchObject({ lastMinor: 150_00n, paidTwice: 0, orders: 13 });
  expect(sum.mostMinor).toBeLessThanOrEqual(160_00n);
});
