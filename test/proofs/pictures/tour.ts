import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { createApiKey } from '../../../scripts/keys';
import { projectRoot } from '../../../scripts/project';
import { findViolations, type TestBrowser } from '../../support/browser';
import { follow } from '../../support/payouts';
import { QUICK } from '../../support/quick';
import { createCaller } from '../../support/signed-callbacks';
import { type Stack, startStack } from '../../support/stack';
import { WIDTHS } from './shots';

/** Where a person finds them: not in version control. */
export const TOUR_DIR = path.join(projectRoot, '.cache', 'pictures', 'tour');

const operator = createApiKey({ name: 'back-office', scopes: 'payouts:write,payouts:read,payouts:operate,codec' });
const approver = createApiKey({ name: 'approver', scopes: 'payouts:read,payouts:approve' });
const POLICIES = `rules:
  - { name: four-eyes, match: { currency: EUR, amountFrom: "7777" }, approvals: 1 }
  - { name: acts, approvals: 1, approvalsFor: [resend, resolve], match: { currency: EUR, amountFrom: "500" } }
  - { name: daily, match: { currency: EUR }, limit: { amount: "50000.00", per: day, over: wait } }
  - { name: dollars, match: { currency: USD }, limit: { amount: "100.00", per: day, over: wait } }
`;
const HEAD =
  'amount;currency;receiver.firstName;receiver.lastName;receiver.email;receiver.ipAddress;destination.type;destination.accountNumber;destination.bankName;destination.bankBranch';
const fileOf = (rows: number, money = '10.50;EUR') =>
  `${HEAD}\n${`${money};Ada;Example;ada@example.com;192.0.2.10;bank_account;10002000000000010000;Cool Bank;Main\n`.repeat(rows)}`;
const BATCH = fileOf(1);
const PAYOUTS = {
  review: '505',
  differs: '712',
  unsent: '403',
  paid: '000',
  declined: '116',
  form: '321',
  back: '715',
};

/** Markup of Swagger UI, which no option of it changes. */
const OF_SWAGGER_UI = /^(button-name|heading-order|image-alt|landmark-one-main|nested-interactive|region|select-name):/;

interface Stop {
  readonly name: string;
  /** Path of the page, with its part behind `#`. */
  readonly at: string;
  /** Signed in with this key; no key where it is absent. */
  readonly key?: string;
  /** What a person does there first. */
  readonly act?: (page: Page) => Promise<unknown>;
  readonly until: string;
}

const press = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click();
const away = (page: Page) => page.context().setOffline(true);
async function resolveAs(page: Page, answer: string) {
  await press('Resolve')(page);
  await page.getByLabel(answer, { exact: true }).check();
}
async function contradict(page: Page) {
  await resolveAs(page, 'Not paid: declined');
  await page.getByRole('textbox', { name: 'Reason' }).fill('letter of the account manager');
  await page.getByLabel('Type T-differs').fill('T-differs');
  await press('Record as declined')(page);
}
async function checkBatch(page: Page, csv: string) {
  await page
    .getByLabel('CSV file')
    .setInputFiles({ name: 'friday.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByLabel('Batch id').fill('T-friday-2');
  await press('Check the file')(page);
}

const as = (key: string, name: string, at: string, until: string, act?: Stop['act']): Stop => ({
  ...{ name, at: `/operate${at}`, key, until },
  ...(act && { act }),
});
const mine = (name: string, at: string, until: string, act?: Stop['act']) => as(operator.key, name, at, until, act);

const STOPS: readonly Stop[] = [
  { name: 'start', at: '/', until: 'API' },
  { name: 'docs', at: '/docs', until: 'Payouts' },
  { name: 'problem', at: '/problems/not_allowed', until: 'not_allowed' },
  { name: 'codec-sign-in', at: '/codec', until: 'key' },
  { name: 'sign-in', at: '/operate', until: 'Sign in' },
  { name: 'sign-in-again', at: '/operate', key: 'pk_wrong', until: 'This API key is not valid' },
  mine('queue', '', 'need a person'),
  mine('queue-selected', '', 'selected', press('Select all')),
  mine('queue-offline', '', 'cannot be reached', away),
  mine('queue-row-act', '', 'Acknowledge: T-stranger', (page) =>
    page.getByRole('row').filter({ hasText: 'T-stranger' }).getByRole('button').first().click(),
  ),
  mine('keyboard', '', 'next and previous', press('Keyboard')),
  mine('list', '#/payouts', 'in all'),
  mine('list-filters', '#/payouts', 'Created from', (page) => page.getByText('Filters').click()),
  mine('list-none', '#/payouts?q=none', 'No payout matches'),
  mine('payout-review', '#/payouts/T-review', 'What you can do'),
  mine('payout-paid', '#/payouts/T-paid', 'Nothing at the moment'),
  mine('payout-after-end', '#/payouts/T-back', 'After the end'),
  mine('payout-offline', '#/payouts/T-review', 'cannot be reached', away),
  mine('payout-none', '#/payouts/T-none', 'no such payout'),
  mine('act-resolve', '#/payouts/T-differs', 'do the gateway', press('Resolve')),
  mine('act-paid', '#/payouts/T-differs', 'This cannot be undone', (page) => resolveAs(page, 'Paid')),
  mine('act-against', '#/payouts/T-differs', 'This contradicts', contradict),
  mine('act-resend', '#/payouts/T-review', 'an order for this payout', press('Send again')),
  mine('act-cancel', '#/payouts/T-unsent', 'is never sent', press('Cancel')),
  as(approver.key, 'approvals', '#/approvals', 'for approval'),
  as(approver.key, 'approve', '#/approvals', 'Compare amount', press('Approve')),
  mine('limits', '#/limits', 'daily'),
  mine('batches', '#/batches', 'T-over'),
  mine('batch-checked', '#/batches', 'rows', (page) => checkBatch(page, BATCH)),
  mine('batch-errors', '#/batches', 'expected', (page) => checkBatch(page, BATCH.replace('10.50', 'much'))),
  mine('batch-over', '#/batches/T-over', 'every payout is final'),
  mine('batch-waits', '#/batches/T-payday', 'Approve until'),
  mine('batch-reschedule', '#/batches/T-payday', 'Cut-off times and holidays', press('Reschedule')),
  as(approver.key, 'batch-approve', '#/batches/T-payday', 'Hash', press('Approve')),
  mine('batch-scheduled', '#/batches/T-monday', 'Starts (UTC)'),
  mine('batch-limit', '#/batches/T-no-room', 'room in the limit'),
  mine('batch-paused', '#/batches/T-paused', 'one look more'),
  mine('batch-cancel', '#/batches/T-paused', 'What was sent goes on', press('Cancel')),
  mine('batch-running', '#/batches/T-running', 'running'),
  mine('day', '#/day', '%)'),
  mine('reasons', '#/reasons/conflict', 'Hold the money'),
];

async function openTour(): Promise<Stack> {
  const policies = path.join(os.tmpdir(), `tour-${process.pid}.yaml`);
  await writeFile(policies, POLICIES);
  const stack = await startStack({
    ...{
      ...QUICK,
      temporal: 'shared',
      api: { ...QUICK.api, POLICIES_FILE: policies, CODEC_ORIGIN: 'http://127.0.0.1:8233' },
    },
    callers: { entries: [operator.entry, approver.entry], key: operator.key },
  });
  for (const [name, digits] of Object.entries(PAYOUTS))
    await stack.createPayout({ clientOrderId: `T-${name}`, digits });
  await stack.createPayout({ clientOrderId: 'T-held', amount: '7777.00' });
  await stack.createPayout({ clientOrderId: 'T-over-2' });
  await stack.createPayout({ clientOrderId: 'T-dollars', amount: '60.00', currency: 'USD' });
  await openBatches(stack);
  const sendCallback = await createCaller(stack);
  await sendCallback({ status: 'approved', orderId: '4242', clientOrderId: 'T-stranger' });
  for (const name of ['review', 'differs'])
    await follow(stack, `T-${name}`).until('to be in review', ({ state }) => state === 'needs_review', 90_000);
  await follow(stack, 'T-back').until('to be called back about', ({ attention }) => attention !== null, 90_000);
  await follow(stack, 'T-unsent').until('to call', ({ attention }) => attention === 'gateway_forbids', 90_000);
  return stack;
}

/** One in each state. */
async function openBatches(stack: Stack): Promise<void> {
  const send = async (query: string, body: string, type = 'text/csv') => {
    const { status } = await stack.request(`/batches${query}`, {
      ...{ method: 'POST', headers: { 'content-type': type }, body },
    });
    if (status >= 300) throw new Error(`POST /batches${query} answered ${status}`);
  };
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  await send('?batchId=T-over', fileOf(3));
  await send('?batchId=T-payday', fileOf(4, '2500.00;EUR'));
  await send(`?batchId=T-monday&executeAt=${tomorrow}`, fileOf(2));
  await follow(stack, 'T-dollars').until('to be sent', ({ orderId }) => orderId !== null);
  await send('?batchId=T-no-room', fileOf(5, '12.00;USD'));
  await send('?batchId=T-paused&perSecond=1', fileOf(60));
  await send('/T-paused/pause', JSON.stringify({ reason: 'one look more' }), 'application/json');
  await send('?batchId=T-running&perSecond=1', fileOf(300));
}

/** Takes a picture of one stop, light and dark, and says what axe finds wrong with each. */
async function takeStop(browser: TestBrowser, stack: Stack, stop: Stop, width: keyof typeof WIDTHS) {
  const viewport = { width: WIDTHS[width], height: 800 };
  const { page, context } = await browser.openPage({ viewport, timezoneId: 'UTC', locale: 'en-GB' });
  try {
    if (stop.key !== undefined)
      await context.addInitScript(`sessionStorage.setItem('payouts-api-key', ${JSON.stringify(stop.key)})`);
    await page.goto(stack.api + stop.at);
    if (stop.act !== undefined) await page.waitForLoadState('networkidle').catch(() => {});
    await stop.act?.(page);
    await page.getByText(stop.until).filter({ visible: true }).first().waitFor();
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // What is not our own chooses its colours when it is loaded.
      if (stop.name === 'docs') await page.reload({ waitUntil: 'networkidle' });
      const file = path.join(TOUR_DIR, `${stop.name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
      const wrong = (await findViolations(page)).filter((each) => stop.name !== 'docs' || !OF_SWAGGER_UI.test(each));
      found.push(...wrong.map((each) => `${colorScheme}: ${each.slice(0, 300)}`));
    }
    const isWide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
    return isWide ? [...found, 'scrolls sideways'] : found;
  } finally {
    await context.close();
  }
}

/** Every page and state of operators and engineers, wide and narrow, light and dark. @returns what is wrong with them, as lines */
export async function takeTour(browser: TestBrowser, only: string): Promise<string[]> {
  await mkdir(TOUR_DIR, { recursive: true });
  const stack = await openTour();
  const lines: string[] = [];
  try {
    for (const stop of STOPS.filter(({ name }) => only.split(',').some((begin) => name.startsWith(begin))))
      for (const width of ['wide', 'phone'] as const) {
        const found = await takeStop(browser, stack, stop, width).catch((error: unknown) => [
          String(error).slice(0, 300),
        ]);
        lines.push(...found.map((wrong) => `${stop.name}, ${width}: ${wrong}`));
      }
  } finally {
    await stack.stop();
  }
  return lines;
}
