import { createApiKey } from '../../scripts/keys';
import { findViolations, launchBrowser, type TestBrowser } from '../support/browser';
import { parseCsv } from '../support/parse-csv';
import type { LedgerEntry } from '../support/payouts';
import { QUICK } from '../support/quick';
import { type Stack, startStack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

jest.setTimeout(180_000);

const operator = createApiKey({ name: 'payroll', scopes: 'payouts:write,payouts:read,payouts:operate' });
const reader = createApiKey({ name: 'reader', scopes: 'payouts:read' });
const HEAD =
  'amount;currency;receiver.firstName;receiver.lastName;receiver.email;receiver.ipAddress;destination.type;destination.accountNumber;destination.bankName;destination.bankBranch';
const line = (nth: number, amount = '10.50') =>
  `${amount};EUR;Ada;Example;ada@example.com;192.0.2.10;bank_account;10002000${String(nth).padStart(8, '0')}0000;Cool Bank;Main`;
const fileOf = (rows: number, first = 0) =>
  [`\uFEFF${HEAD}`, ...Array.from({ length: rows }, (_, nth) => line(first + nth)), ''].join('\r\n');

interface BatchJson {
  readonly state: string;
  readonly started: number;
  readonly failed: number;
  readonly left: number;
  readonly isSettled: boolean | null;
  readonly payouts: { readonly paid: number; readonly open: number } | null;
}

let stack: Stack;
let browser: TestBrowser;

beforeAll(async () => {
  stack = await startStack({
    ...QUICK,
    temporal: 'shared',
    callers: { entries: [operator.entry, reader.entry], key: operator.key },
  });
  browser = await launchBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
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

it('each row is paid once, though the worker is killed in the middle, the file is sent twice, and the result says so', async () => {
  const rows = 40;
  // While the gateway hangs no send can be under way: what the kill hits was certainly not sent, and each row ends paid.
  await stack.kill('simulator', 'SIGSTOP');
  expect((await send('batchId=KILLED&perSecond=30', fileOf(rows))).status).toBe(202);
  await until('KILLED', 'to have begun', ({ started }) => started >= 10);
  await stack.kill('worker', 'SIGKILL');
  await stack.kill('simulator', 'SIGCONT');
  // Reads and repeats need no worker.
  expect(await read('KILLED')).toMatchObject({ state: 'running' });
  expect((await send('batchId=KILLED&perSecond=30', fileOf(rows))).status).toBe(200);
  await stack.start('worker');
  const over = await until('KILLED', 'to be settled', ({ isSettled }) => isSettled === true);
  expect(over).toMatchObject({ state: 'started', started: rows, failed: 0, left: 0, payouts: { paid: rows, open: 0 } });
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
  const act = (action: string) =>
    stack.request<BatchJson>(`/batches/STOPPED/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'the wrong file' }),
    });
  expect((await act('pause')).body.state).toBe('paused');
  expect((await act('cancel')).body.state).toBe('cancelled');
  // An act is stored at once, and what the batch makes of it is read a moment later.
  const { started, left } = await until('STOPPED', 'to be cancelled', ({ state }) => state === 'cancelled');
  expect((await act('resume')).status).toBe(409);
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
