import path from 'node:path';
import type { Page } from 'playwright-core';
import { createApiKey } from '../../scripts/keys';
import { findViolations, launchBrowser, type OpenPage, type TestBrowser } from '../support/browser';
import { follow } from '../support/payouts';
import { PATIENT } from '../support/quick';
import { createCaller } from '../support/signed-callbacks';
import { type Stack, startStack } from '../support/stack';

// A page is drawn and looked at by the same machine that runs everything else.
jest.setTimeout(180_000);

const operator = createApiKey({ name: 'back-office', scopes: 'payouts:write,payouts:read,payouts:operate' });
const reader = createApiKey({ name: 'reader', scopes: 'payouts:read' });
const approver = createApiKey({ name: 'approver', scopes: 'payouts:read,payouts:approve' });

/** The payouts of these tests, and the digits of the scenario of each. */
const SCENARIOS = {
  review: '505',
  differs: '712',
  unsent: '403',
  approved: '000',
  declined: '116',
  waiting: '321',
  slow: '611',
  reversed: '715',
};
const ALL = Object.keys(SCENARIOS).map((name) => `OP-${name}`);
const NEEDING = ['OP-differs', 'OP-reversed', 'OP-review', 'OP-unsent'];
/** What the gateway reports of a payout that nobody made. */
const STRANGER = 'OP-stranger';

let stack: Stack;
let browser: TestBrowser;

beforeAll(async () => {
  stack = await startStack({
    ...PATIENT,
    temporal: 'shared',
    api: { ...PATIENT.api, POLICIES_FILE: path.join(__dirname, '..', 'fixtures', 'policies.yaml') },
    callers: { entries: [operator.entry, reader.entry, approver.entry], key: operator.key },
  });
  browser = await launchBrowser();
  for (const [name, digits] of Object.entries(SCENARIOS)) {
    await stack.createPayout({ clientOrderId: `OP-${name}`, digits });
  }
  const sendCallback = await createCaller(stack);
  expect(await sendCallback({ status: 'approved', orderId: '4242', clientOrderId: STRANGER })).toBe(200);
  await follow(stack, 'OP-review').until('to be in review', ({ state }) => state === 'needs_review', 90_000);
  await follow(stack, 'OP-differs').until('to be in review', ({ state }) => state === 'needs_review', 90_000);
  await follow(stack, 'OP-unsent').until(
    'to call for attention',
    ({ attention }) => attention === 'gateway_forbids',
    90_000,
  );
  await follow(stack, 'OP-reversed').until(
    'to be called back about after its end',
    (payout) => payout.attention === 'post_payout_event',
    90_000,
  );
  await follow(stack, 'OP-approved').until('to be approved', ({ state }) => state === 'approved', 90_000);
  await stack.request('/payout-day');
  // Lists and counts are a moment behind, and a page that is open is not filled again.
  await stack.waitFor('the lists to show them all', async () => {
    const all = await listed('');
    const needing = await listed('?attention=any');
    const { waiting, attention } = (
      await stack.request<{ waiting: { needs_review: number }; attention: Record<string, number> }>('/payout-counts')
    ).body;
    const counted = Object.values(attention).reduce((sum, count) => sum + count, 0);
    const isThere = all.length === ALL.length && needing.length === NEEDING.length;
    return isThere && waiting.needs_review === 2 && counted === NEEDING.length + 1;
  });
}, 240_000);
// A page that is left open goes on asking.
afterEach(async () => {
  for (const context of browser?.browser.contexts() ?? []) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
}, 60_000);

async function listed(query: string): Promise<string[]> {
  const { payouts } = (await stack.request<{ payouts: { clientOrderId: string }[] }>(`/payouts${query}`)).body;
  return payouts.map(({ clientOrderId }) => clientOrderId).sort();
}
async function signIn({ page }: OpenPage, key = operator.key, address = '') {
  await page.goto(`${stack.api}/operate${address}`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}
const openPayout = async (page: Page, id: string) => {
  await page.goto(`${stack.api}/operate#/payouts/${id}`);
  await page.getByRole('heading', { level: 1, name: id }).waitFor();
  await page.getByRole('button', { name: 'Ask now' }).waitFor();
};
/** Refused requests show on every console; nothing else may. */
const problemsOf = ({ problems }: OpenPage) => problems.filter((problem) => !/status of (401|403|409)/.test(problem));

describe('the key', () => {
  it('is asked for, refused when wrong, kept in the tab alone, and gone after signing out', async () => {
    const opened = await browser.openPage();
    const { page, context } = opened;
    await signIn(opened, 'pk_wrong');
    await page.getByRole('alert').filter({ hasText: 'This API key is not valid' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-sign-in');
    await page.getByLabel('API key').fill(operator.key);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'OP-review' }).first().waitFor();
    expect(await page.evaluate('Object.values(sessionStorage)')).toEqual([operator.key]);
    expect(await page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
    expect(await context.cookies()).toEqual([]);
    expect(opened.requested.filter((url) => url.includes(operator.key))).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(await page.getByText('OP-review').count()).toBe(0);
    expect(problemsOf(opened)).toEqual([]);
  });

  it('is kept on the device when asked: for new tabs, sealed, and until signing out', async () => {
    const opened = await browser.openPage();
    const { page, context } = opened;
    await page.goto(`${stack.api}/operate`);
    await page.getByLabel('API key').fill(operator.key);
    await page.getByLabel('Keep me signed in').check();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'OP-review' }).waitFor();
    const other = await context.newPage();
    await other.goto(`${stack.api}/operate`);
    await other.getByRole('link', { name: 'OP-review' }).waitFor();
    const kept = (await other.evaluate(`new Promise((resolve) => {
      indexedDB.open('payouts').onsuccess = ({ target: { result: database } }) => {
        database.transaction('session').objectStore('session').get('session').onsuccess = ({ target: { result } }) =>
          resolve({ isOpen: result.seal.extractable, sealed: new TextDecoder('latin1').decode(result.sealed), hours: (result.untilMs - Date.now()) / 3600000 });
      };
    })`)) as { isOpen: boolean; sealed: string; hours: number };
    expect(kept.isOpen).toBe(false);
    expect(kept.sealed).not.toContain(operator.key.slice(0, 8));
    expect(kept.hours).toBeLessThanOrEqual(8);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('heading', { name: 'Sign in' }).waitFor();
    const third = await context.newPage();
    await third.goto(`${stack.api}/operate`);
    await third.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await third.evaluate('sessionStorage.length')).toBe(0);
  });
});

it('a refusal of what was asked before signing in does not sign out', async () => {
  const opened = await browser.openPage();
  const { page } = opened;
  let letGo = () => {};
  const isSignedIn = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/me', async (route) => {
    const isEarly = (await route.request().headerValue('authorization')) === null;
    if (isEarly) await isSignedIn;
    await route.continue();
  });
  const refused = page.waitForResponse((answer) => answer.url().endsWith('/me') && answer.status() === 401);
  await signIn(opened, operator.key, '#/payouts');
  await page.getByRole('link', { name: 'OP-review' }).waitFor();
  letGo();
  await (await refused).finished();
  // Whatever the page makes of the refusal, it has made of it when it draws next.
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  expect(await page.evaluate('Object.values(sessionStorage)')).toEqual([operator.key]);
  expect(await page.getByRole('heading', { name: 'Sign in' }).isVisible()).toBe(false);
});

const queued = (page: Page) => page.getByRole('region', { name: 'What needs a person' });
const rowOf = (page: Page, id: string) => page.getByRole('row').filter({ hasText: id });
const inList = async (page: Page) =>
  (
    await page.getByRole('region', { name: 'Payouts found' }).getByRole('link', { name: /^OP-/ }).allTextContents()
  ).sort();

/** One number, in the heading and in the title, and as many rows. */
async function expectQueue(page: Page, count: number) {
  await page.getByRole('heading', { level: 1, name: `${count} need a person`, exact: true }).waitFor();
  expect(await page.title()).toBe(`(${count}) Queue · Payouts`);
  expect(await queued(page).locator('tbody tr').count()).toBe(count);
}

describe('the queue', () => {
  it('is what the page opens with: one number that is its rows, totals, and an order that the address keeps', async () => {
    const opened = await browser.openPage();
    const { page, requested } = opened;
    await signIn(opened);
    await expectQueue(page, NEEDING.length + 1);
    expect((await queued(page).getByRole('link', { name: /^OP-/ }).allTextContents()).sort()).toEqual(NEEDING);
    await page.getByText(/EUR in \d/).waitFor();
    await rowOf(page, STRANGER).getByRole('button', { name: 'Acknowledge' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-queue');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-queue-dark');
    await page.getByLabel('Sort', { exact: true }).selectOption('largest first');
    await page.waitForURL('**/operate#/?sort=largest');
    await expectQueue(page, NEEDING.length + 1);
    // What has no amount comes last.
    await queued(page).locator('tbody tr').last().filter({ hasText: STRANGER }).waitFor();
    expect(requested.filter((url) => !url.startsWith(stack.api))).toEqual([]);
    expect(problemsOf(opened)).toEqual([]);
  });

  it('is used by keys alone', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, operator.key, '#/?sort=largest');
    await expectQueue(page, NEEDING.length + 1);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('q');
    await page.keyboard.press('Escape');
    for (const key of ['j', 'j', 'k', 'x']) await page.keyboard.press(key);
    const first = (await page.evaluate('document.activeElement.textContent')) as string;
    await page.getByText('1 selected').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: first }).waitFor();
    await page.getByText('1 of 4', { exact: false }).waitFor();
    await page.keyboard.press('j');
    await page.getByText('2 of 4', { exact: false }).waitFor();
    const next = (await page.locator('#payout-title').textContent()) ?? '';
    await page.keyboard.press('u');
    await expectQueue(page, NEEDING.length + 1);
    await page.locator('a:focus').filter({ hasText: next }).waitFor();
  });

  it('is of one reason alone when asked, and all of what is shown is selected at once', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened);
    await page.getByRole('list', { name: 'Reasons' }).getByRole('link', { name: '1 amount mismatch' }).click();
    await page.getByRole('heading', { level: 1, name: `1 of ${NEEDING.length + 1} need a person` }).waitFor();
    expect(await queued(page).getByRole('link', { name: /^OP-/ }).allTextContents()).toEqual(['OP-differs']);
    await page.getByRole('button', { name: 'Select all' }).click();
    await page.getByText('1 selected').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('link', { name: '1 amount mismatch' }).click();
    await expectQueue(page, NEEDING.length + 1);
  });

  it('shows no row beside an error, and comes back', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened);
    await expectQueue(page, NEEDING.length + 1);
    await page.route('**/attention', (route) => route.fulfill({ status: 503, json: { code: 'temporal_unavailable' } }));
    await page.getByRole('alert').filter({ hasText: 'Temporal does not answer.' }).waitFor();
    expect(await page.locator('#queue-table tr').count()).toBe(0);
    expect(await page.title()).toBe('Queue · Payouts');
    await page.unroute('**/attention');
    await expectQueue(page, NEEDING.length + 1);
    expect(await page.getByRole('alert').filter({ hasText: 'Temporal' }).count()).toBe(0);
  });

  it('keeps focus, selection and an open dialog while rows go; and what was acknowledged leaves', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened);
    await expectQueue(page, NEEDING.length + 1);
    await page.getByRole('checkbox', { name: 'Select OP-review' }).check();
    await rowOf(page, STRANGER).getByRole('button', { name: 'Acknowledge' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: `Acknowledge: ${STRANGER}` });
    await dialog.waitFor();
    await page.keyboard.type('of our old system');
    const seen = await stack.request('/payouts/OP-reversed/acknowledge', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'booked', attention: 'post_payout_event' }),
    });
    expect(seen.status).toBe(200);
    await rowOf(page, 'OP-reversed').waitFor({ state: 'detached' });
    expect(await dialog.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('of our old system');
    expect(await page.evaluate('document.activeElement.id')).toBe('act-reason');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(`Done: acknowledge, ${STRANGER}.`).waitFor();
    await rowOf(page, STRANGER).waitFor({ state: 'detached' });
    await expectQueue(page, NEEDING.length - 1);
    await page.evaluate("location.hash = '#/payouts/OP-reversed'");
    await page.locator('#payout-state').getByText('something speaks against it').waitFor();
    expect(problemsOf(opened)).toEqual([]);
  });
});

it('dead notifications are sent again, or acknowledged, from their row', async () => {
  const opened = await browser.openPage();
  const { page } = opened;
  const nothing = { state: null, endpoint: null, amount: null, currency: null, orderId: null, deadline: null };
  const dead = { kind: 'notification', attention: 'notification_dead', clientOrderId: 'OP-review', subscriber: 'erp' };
  const items = [{ ...nothing, ...dead, since: '2026-01-05T10:00:00.000Z' }];
  await page.route('**/attention', (route) => route.fulfill({ json: { items, totals: [], hasMore: false } }));
  await page.route('**/notifications/**', (route) => route.fulfill({ status: 202, json: {} }));
  await signIn(opened);
  await page.getByRole('heading', { level: 1, name: '1 needs a person' }).waitFor();
  for (const [name, act] of [
    ['Send again', 'resend'],
    ['Acknowledge', 'acknowledge'],
  ] as const) {
    await rowOf(page, 'to erp').getByRole('button', { name }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('mended');
    const sent = page.waitForRequest((request) => request.method() === 'POST');
    await page.getByRole('button', { name: `${name} now` }).click();
    expect(new URL((await sent).url()).pathname).toBe(`/notifications/erp%3AOP-review/${act}`);
    expect((await sent).postDataJSON()).toEqual({ reason: 'mended' });
    await page.getByText(`Done: ${name.toLowerCase()}, erp:OP-review.`).waitFor();
  }
});

describe('the list', () => {
  it('is searched with one box, filtered and saved; what cannot be searched for shows no row', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, operator.key, '#/payouts');
    await page.getByRole('link', { name: 'OP-slow' }).waitFor();
    expect(await inList(page)).toEqual([...ALL].sort());
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-list');
    const search = async (typed: string) => {
      await page.getByRole('searchbox', { name: 'Search' }).fill(typed);
      await page.keyboard.press('Enter');
    };
    await search('OP-d');
    await page.getByText('2 in all').waitFor();
    expect(await inList(page)).toEqual(['OP-declined', 'OP-differs']);
    await search('0035');
    await page.getByRole('alert').filter({ hasText: 'Search for a clientOrderId' }).waitFor();
    expect(await inList(page)).toEqual([]);
    await search('1.01 EUR');
    await page.getByText('No payout matches.').waitFor();
    const { amount, orderId } = await follow(stack, 'OP-approved').read();
    await search(`${amount} EUR`);
    await page.getByRole('link', { name: 'OP-approved' }).waitFor();
    await search(String(orderId));
    await page.getByText('1 in all').waitFor();
    expect(await inList(page)).toEqual(['OP-approved']);
    await page.getByText('Filters').click();
    await page.getByLabel('Endpoint').first().fill('Not An Endpoint');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('alert').filter({ hasText: 'endpoint: expected the name of an endpoint' }).waitFor();
    expect(await inList(page)).toEqual([]);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('link', { name: 'OP-approved' }).waitFor();
    expect(await page.getByText('Saved views of the Temporal UI').isVisible()).toBe(false);
    await page.getByText('Save as CSV').click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'With details' }).click();
    expect((await saved).suggestedFilename()).toBe('payouts.csv');
  });

  it('does one act with several payouts: a summary before, a result for each after', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, operator.key, '#/payouts');
    const boxes = page.getByRole('checkbox', { name: /^Select OP-/ });
    await boxes.first().click();
    await boxes.last().click({ modifiers: ['Shift'] });
    await page.getByText(`${await boxes.count()} selected`).waitFor();
    await boxes.first().click({ modifiers: ['Shift'] });
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
    for (const id of ['OP-slow', 'OP-waiting', 'OP-approved'])
      await page.getByRole('checkbox', { name: `Select ${id}` }).check();
    await page.getByRole('region', { name: 'With what is selected' }).getByRole('button', { name: 'Ask now' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ask now: 2 payouts' });
    await dialog.getByText('OP-approved. Only for').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-bulk');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('asked by the shop');
    await dialog.getByRole('button', { name: 'Ask now' }).click();
    await dialog.getByText('Results:').waitFor();
    expect(await dialog.locator('dd').allTextContents()).toEqual(['done', 'done']);
    for (const id of ['OP-slow', 'OP-waiting'])
      expect((await follow(stack, id).timeline()).filter(({ what }) => what === 'check')).toHaveLength(1);
  });

  it('fits a narrow screen', async () => {
    const opened = await browser.openPage({ viewport: { width: 360, height: 740 } });
    const { page } = opened;
    const width = () => page.evaluate('document.documentElement.scrollWidth');
    await signIn(opened);
    await page.getByRole('link', { name: 'OP-review' }).waitFor();
    expect(await width()).toBeLessThanOrEqual(360);
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-queue-narrow');
    await page.evaluate("location.hash = '#/payouts'");
    await page.getByRole('link', { name: 'OP-approved' }).waitFor();
    expect(await width()).toBeLessThanOrEqual(360);
    await opened.takePicture('operate-list-narrow');
    await page.evaluate("location.hash = '#/reasons'");
    const chosen = page.getByRole('link', { name: 'Runbook', exact: true });
    await page.locator('nav [aria-current]').and(chosen).waitFor();
    const { x = 0, width: wide = 0 } = (await chosen.boundingBox()) ?? {};
    expect(x + wide).toBeLessThanOrEqual(360);
    await openPayout(page, 'OP-review');
    expect(await width()).toBeLessThanOrEqual(360);
    await opened.takePicture('operate-payout-narrow');
    await page.emulateMedia({ colorScheme: 'dark' });
    await opened.takePicture('operate-payout-narrow-dark');
  });
});

it('the day is drawn, with its numbers as a table', async () => {
  const opened = await browser.openPage();
  const { page } = opened;
  await signIn(opened, operator.key, '#/day');
  await page.getByRole('img', { name: /made and paid, by hour/ }).waitFor();
  // Counted since the start of these tests; and the server takes every question.
  await page
    .getByText(/^\d+ \(\d+ %\)$/)
    .first()
    .waitFor();
  expect(await findViolations(page)).toEqual([]);
  await opened.takePicture('operate-day');
  expect(problemsOf(opened)).toEqual([]);
});

describe('a payout', () => {
  const actsOn = (page: Page) => page.locator('#payout-actions').getByRole('button');

  it.each([
    ['OP-review', ['Ask now', 'Send again', 'Resolve'], true],
    ['OP-differs', ['Ask now', 'Resolve'], true],
    ['OP-approved', [], false],
  ])('%s allows exactly what the API allows, and says what the rest needs', async (id, acts, takesNote) => {
    const opened = await browser.openPage();
    await signIn(opened, operator.key, `#/payouts/${id}`);
    await opened.page.getByRole('heading', { name: 'Timeline' }).waitFor();
    expect(await opened.page.getByRole('heading', { level: 1 }).textContent()).toBe(id);
    expect(await actsOn(opened.page).allTextContents()).toEqual(acts);
    expect(await opened.page.getByRole('button', { name: 'Add a note' }).isVisible()).toBe(takesNote);
    await opened.page.getByText('What is not possible now').click();
    expect(await opened.page.locator('#payout-others dt').count()).toBe(6 - acts.length);
    const { allowedActions } = (await stack.request<{ allowedActions: string[] }>(`/payouts/${id}`)).body;
    expect(allowedActions).toHaveLength(acts.length + (takesNote ? 1 : 0));
    expect(await findViolations(opened.page)).toEqual([]);
    await opened.takePicture(`operate-${id}`);
    await opened.page.emulateMedia({ colorScheme: 'dark' });
    expect(await findViolations(opened.page)).toEqual([]);
    await opened.takePicture(`operate-${id}-dark`);
    expect(problemsOf(opened)).toEqual([]);
  });

  it('is cancelled by keyboard alone, once, however often it is clicked, with a reason', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, operator.key, '#/payouts/OP-unsent');
    const cancel = page.getByRole('button', { name: 'Cancel' });
    await expectEnabled(page, cancel);
    await cancel.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Cancel: OP-unsent' });
    await dialog.waitFor();
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-cancel');
    await dialog.getByRole('textbox', { name: 'Reason' }).focus();
    await page.keyboard.type('withdrawn <b>by</b> the caller');
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.headers()['idempotency-key'] ?? '');
    });
    const submitTwice = () =>
      page.evaluate(
        `(() => { const form = document.getElementById('act-form'); form.requestSubmit(); form.requestSubmit(); })()`,
      );
    await dialog.getByLabel('Type OP-unsent').fill('OP-review');
    await submitTwice();
    expect(sent).toEqual([]);
    await dialog.getByLabel('Type OP-unsent').fill('OP-unsent');
    await submitTwice();
    await page.getByText('Done: cancel, OP-unsent.').waitFor();
    expect(new Set(sent).size).toBe(1);
    const steps = await follow(stack, 'OP-unsent').timeline();
    expect(steps.filter(({ what }) => what === 'cancel')).toHaveLength(1);
    expect(steps.at(-1)).toMatchObject({
      state: 'cancelled',
      actor: 'back-office',
      reason: 'withdrawn <b>by</b> the caller',
    });
    await page.getByRole('cell', { name: 'withdrawn <b>by</b> the caller' }).waitFor();
    expect(await page.locator('#payout-timeline b, #payout-story b').count()).toBe(0);
    expect(problemsOf(opened)).toEqual([]);
  });

  it('is resolved with what it is', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, operator.key, '#/payouts/OP-differs');
    await expectEnabled(page, page.getByRole('button', { name: 'Resolve' }));
    await page.getByRole('button', { name: 'Resolve' }).click();
    const dialog = page.getByRole('dialog', { name: 'Resolve: OP-differs' });
    // Nothing is offered before the question is answered, and each answer says what will be true.
    expect(await dialog.getByRole('button').allTextContents()).toEqual(['Back']);
    expect(await dialog.getByRole('textbox').count()).toBe(0);
    await dialog.getByLabel('Paid', { exact: true }).check();
    await dialog
      .getByText(/^The Receiver was paid .*, not the .* that we asked for\. This cannot be undone\.$/)
      .waitFor();
    await dialog.getByRole('button', { name: 'Record as paid' }).waitFor();
    await dialog.getByLabel('They do not say yet').check();
    expect(await dialog.getByLabel('Type OP-differs').count()).toBe(1);
    expect(await dialog.getByLabel('Type OP-differs').isVisible()).toBe(false);
    await dialog.getByLabel('Not paid: declined').check();
    await dialog.getByText('The Receiver was not paid: the gateway declined it. This cannot be undone.').waitFor();
    const { amount, actualAmount, orderId } = await follow(stack, 'OP-differs').read();
    const facts = (await dialog.locator('dd').allTextContents()).join('; ');
    for (const fact of [amount, actualAmount, orderId]) expect(facts).toContain(fact);
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-resolve');
    await page.getByRole('textbox', { name: 'Reason' }).fill('letter of the account manager');
    await dialog.getByLabel('Type OP-differs').fill('OP-differs');
    await dialog.getByRole('button', { name: 'Record as declined' }).click();
    // The gateway reports that it paid: nothing is sent before both are named.
    await dialog.getByText('This contradicts what the gateway told this service.').waitFor();
    await dialog.getByText(/^approved, by (order status|callback), /).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-against');
    const both = dialog.getByLabel('Type: declined not approved');
    await both.fill('OP-differs');
    await page.keyboard.press('Enter');
    expect(await follow(stack, 'OP-differs').read()).toMatchObject({ state: 'needs_review' });
    await dialog.getByRole('button', { name: 'Back' }).click();
    expect(await dialog.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('letter of the account manager');
    await dialog.getByRole('button', { name: 'Record as declined' }).click();
    await both.fill('declined not approved');
    await dialog.getByRole('button', { name: 'Record as declined, against approved' }).press('Enter');
    await page.getByText('Done: resolve, OP-differs.').waitFor();
    await page.waitForFunction("document.activeElement.id === 'main'");
    await page.locator('#payout-state').getByText('Settled by an operator').waitFor();
    expect(await page.locator('#payout-body').getByText('confirmed', { exact: false }).count()).toBe(0);
    expect(await follow(stack, 'OP-differs').read()).toMatchObject({ state: 'declined', settledBy: 'operator' });
  });

  it('of a key that may not act says so before anything is filled in', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, reader.key, '#/payouts/OP-review');
    await page.getByText('Your key may read, but not act: it lacks payouts:operate.').waitFor();
    await page.getByText('reader, read only').waitFor();
    expect(await page.locator('#payout-actions button:enabled').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Add a note' }).isVisible()).toBe(false);
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-not-permitted');
  });

  it('has the page of the runbook inside, and takes a note', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, operator.key, '#/payouts/OP-review');
    await page.getByText('Runbook page').click();
    await page.getByRole('heading', { name: 'Look at' }).waitFor();
    await page.getByLabel('Note').fill('wrote to the gateway');
    // What is being written survives that the payout is drawn again.
    await page.evaluate("window.dispatchEvent(new HashChangeEvent('hashchange'))");
    await page.getByRole('button', { name: 'Resolve' }).waitFor();
    expect(await page.getByLabel('Note').inputValue()).toBe('wrote to the gateway');
    await page.getByRole('button', { name: 'Add a note' }).click();
    await page.getByText('Done: add a note, OP-review.').waitFor();
    await page.getByRole('region', { name: 'Timeline' }).getByText('wrote to the gateway').waitFor();
  });

  it('that nothing follows says so, and leaves the queue only by typing its id: alone, never with others', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    const { body } = await stack.request<object>('/payouts/OP-approved');
    const stopped = {
      state: 'needs_review',
      outcome: null,
      attention: 'not_followed',
      allowedActions: ['acknowledge'],
    };
    await page.route(/payouts\/OP-approved($|\?wait)/, (route) => route.fulfill({ json: { ...body, ...stopped } }));
    await signIn(opened, operator.key, '#/payouts/OP-approved');
    await page.locator('#payout-state').getByText('it is not known here how it ends').waitFor();
    expect(await page.getByText('its outcome stays').count()).toBe(0);
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    const dialog = page.getByRole('dialog', { name: 'Acknowledge: OP-approved' });
    await dialog.getByText('nothing will report how it ends').waitFor();
    await dialog.getByLabel('Type OP-approved').waitFor();
    await page.keyboard.press('Escape');
    await page.evaluate("location.hash = '#/payouts'");
    await page.getByRole('checkbox', { name: 'Select OP-approved' }).check();
    await page
      .getByRole('region', { name: 'With what is selected' })
      .getByRole('button', { name: 'Acknowledge' })
      .click();
    await page.getByRole('alert').filter({ hasText: 'None of them allows it.' }).waitFor();
  });

  it('shows a note made elsewhere, and no act passes over it', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, operator.key, '#/payouts/OP-review');
    await page.getByRole('button', { name: 'Send again' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Send again: OP-review' });
    await dialog.waitFor();
    // The question has the focus: arrows choose.
    await page.keyboard.press('ArrowDown');
    expect(await dialog.getByLabel('There is one').isChecked()).toBe(true);
    await dialog.getByText('Then it must not be sent again.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Send again now' }).count()).toBe(0);
    await dialog.getByLabel('There is none').check();
    await dialog.getByText('the Receiver is paid twice. This cannot be undone.').waitFor();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('no order, in writing');
    await dialog.getByLabel('Type OP-review').fill('OP-review');
    // All is filled in; but by another answer nothing may be done, by no key either.
    await dialog.getByLabel('There is one').check();
    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await page.keyboard.press('Enter');
    await page.evaluate("document.getElementById('act-form').requestSubmit()");
    expect(posts).toEqual([]);
    await dialog.getByLabel('There is none').check();
    const noted = await stack.request('/payouts/OP-review/note', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'they see the order: do not send' }),
    });
    expect(noted.status).toBe(200);
    await dialog.getByText('The payout has changed since you opened this').waitFor();
    expect(await dialog.getByRole('button', { name: 'Send again now' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('cell', { name: 'they see the order: do not send' }).waitFor();
  });

  it('that is followed changes by itself', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await stack.createPayout({ clientOrderId: 'OP-live', digits: '000' });
    await signIn(opened, operator.key, '#/payouts/OP-live');
    await page.locator('#payout-state b').filter({ hasText: 'approved' }).waitFor();
    expect(problemsOf(opened)).toEqual([]);
  });

  describe('after one with live acts', () => {
    const actsOf = (page: Page) => page.locator('#payout-actions button').count();
    async function openReview(prepare: (page: Page) => Promise<unknown> = async () => {}) {
      const opened = await browser.openPage();
      await prepare(opened.page);
      await signIn(opened, operator.key, '#/payouts/OP-review');
      await expectEnabled(opened.page, opened.page.getByRole('button', { name: 'Send again' }));
      return opened.page;
    }
    const go = (page: Page, id: string) => page.evaluate(`location.hash = '#/payouts/${id}'`);

    it('one that does not exist shows no act, no fact and no step of the other', async () => {
      const page = await openReview();
      await go(page, 'OP-none');
      await page.getByRole('alert').filter({ hasText: 'There is no such payout' }).waitFor();
      expect(await actsOf(page)).toBe(0);
      expect(await page.locator('#payout').getByText('OP-review').count()).toBe(0);
      expect(await page.locator('#payout-facts dd, #payout-timeline tr').count()).toBe(0);
    });

    it.each([
      ['the payout', 'payouts/OP-slow'],
      ['the timeline', 'payouts/OP-slow/timeline'],
    ])('one of which %s cannot be read shows no act', async (_name, path) => {
      const page = await openReview();
      await page.route(`**/${path}`, (route) => route.fulfill({ status: 503, json: { code: 'temporal_unavailable' } }));
      await go(page, 'OP-slow');
      await page.getByRole('alert').filter({ hasText: 'Temporal does not answer.' }).waitFor();
      expect(await actsOf(page)).toBe(0);
      expect(await page.locator('#payout-title').textContent()).toBe('OP-slow');
    });

    it('one whose address cannot be read shows no act', async () => {
      const page = await openReview();
      await go(page, '%');
      await page.getByRole('alert').filter({ hasText: 'This page failed' }).waitFor();
      expect(await actsOf(page)).toBe(0);
    });

    it('the answer about the first, when it comes last, is not drawn under the second', async () => {
      const page = await openReview();
      let letGo = () => {};
      const isLetGo = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      await page.route('**/payouts/OP-review**', async (route) => {
        await isLetGo;
        await route.continue().catch(() => {});
      });
      await page.evaluate("location.hash = '#/reasons'");
      await go(page, 'OP-review');
      await page.waitForRequest('**/payouts/OP-review');
      await go(page, 'OP-approved');
      await page.locator('#payout-state b').filter({ hasText: 'approved' }).waitFor();
      letGo();
      await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
      expect(await page.locator('#payout-title').textContent()).toBe('OP-approved');
      expect(await page.locator('#payout-actions button:enabled').count()).toBe(0);
    });

    it('reads that begin to fail take its acts away and close the dialog', async () => {
      // The page waits twenty seconds for a change, here one.
      const page = await openReview((fresh) =>
        fresh.route('**/payouts/OP-review?wait=20', (route) =>
          route.continue({ url: route.request().url().replace('wait=20', 'wait=1') }),
        ),
      );
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.route('**/payouts/OP-review**', (route) =>
        route.fulfill({ status: 503, json: { code: 'temporal_unavailable' } }),
      );
      await page.getByRole('alert').filter({ hasText: 'Temporal does not answer.' }).waitFor();
      expect(await actsOf(page)).toBe(0);
      expect(await page.getByRole('dialog').count()).toBe(0);
      await page.unroute('**/payouts/OP-review**');
      await expectEnabled(page, page.getByRole('button', { name: 'Send again' }));
    });

    it('an act on what has changed since is refused, and the act carries what was seen', async () => {
      const page = await openReview();
      await page.route('**/payouts/OP-review/resend', (route) =>
        route.continue({ headers: { ...route.request().headers(), 'if-match': 'W/"another"' } }),
      );
      await page.getByRole('button', { name: 'Send again' }).click();
      await page.getByLabel('There is none').check();
      await page.getByRole('textbox', { name: 'Reason' }).fill('no order, in writing');
      await page.getByLabel('Type OP-review').fill('OP-review');
      const sent = page.waitForRequest('**/payouts/OP-review/resend');
      await page.getByRole('button', { name: 'Send again now' }).click();
      expect((await sent).headers()['if-match']).toMatch(/^W\/"/);
      await page.getByRole('alert').filter({ hasText: 'The payout has changed since you opened it' }).waitFor();
      expect(await follow(stack, 'OP-review').read()).toMatchObject({ state: 'needs_review' });
    });
  });
});

async function expectEnabled(page: Page, button: ReturnType<Page['getByRole']>) {
  await button.waitFor();
  await page.waitForFunction(
    (element) => element !== null && !(element as unknown as { disabled: boolean }).disabled,
    await button.elementHandle(),
  );
}

it('the reasons are explained, and a page of them has nothing to complain about', async () => {
  const opened = await browser.openPage({ colorScheme: 'dark' });
  await opened.page.goto(`${stack.api}/operate#/reasons/conflict`);
  await opened.page.getByText('Two sources report different final statuses.').waitFor();
  await opened.page.getByText('Hold the money on your books.').waitFor();
  expect(await findViolations(opened.page)).toEqual([]);
  await opened.takePicture('operate-reasons-dark');
});

it('what waits for approval appears by itself, is approved with the keyboard, and then nothing waits', async () => {
  const opened = await browser.openPage({ viewport: { width: 390, height: 800 } });
  const { page } = opened;
  await signIn(opened, approver.key, '#/approvals');
  await page.getByRole('heading', { level: 1, name: 'Nothing waits for approval' }).waitFor();
  await stack.createPayout({ clientOrderId: 'OP-held', amount: '7777.00' });
  await page.getByRole('heading', { level: 1, name: '1 waits for approval' }).waitFor();
  await page.getByRole('cell', { name: operator.entry.name }).waitFor();
  expect(await findViolations(page)).toEqual([]);
  expect(await page.locator('#who').textContent()).toBe(approver.entry.name);
  await page.evaluate("location.hash = '#/payouts/OP-held'");
  await page.getByText('Your key may approve and reject, but not act: it lacks payouts:operate.').waitFor();
  await page.evaluate("location.hash = '#/approvals'");
  await page.getByRole('button', { name: 'Approve' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Approve: OP-held' });
  await dialog.getByText('four-eyes').waitFor();
  await page.keyboard.type('invoice checked');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Nothing waits for approval' }).waitFor();
  await follow(stack, 'OP-held').until('to be approved', ({ state }) => state === 'approved', 90_000);
  await page.evaluate("location.hash = '#/limits'");
  await page.getByText('No limit is configured.').waitFor();
  expect(problemsOf(opened)).toEqual([]);
});

it('an act that waits for approval is in the queue as that, and who approves it reads what will be true', async () => {
  await stack.createPayout({ clientOrderId: 'OP-guarded', amount: '6666.00', digits: '712' });
  await follow(stack, 'OP-guarded').until('to be in review', ({ state }) => state === 'needs_review', 90_000);
  const asked = await stack.request('/payouts/OP-guarded/resolve', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outcome: 'declined', against: 'approved', reason: 'they sent it back' }),
  });
  expect(asked.status).toBe(200);
  const opened = await browser.openPage();
  const { page } = opened;
  await signIn(opened, approver.key);
  await rowOf(page, 'OP-guarded').getByRole('link', { name: 'act awaits approval' }).click();
  await rowOf(page, 'OP-guarded').getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Approve: OP-guarded' });
  await dialog.getByText('The Receiver was not paid: the gateway declined it.').waitFor();
  await dialog.getByText('they sent it back').waitFor();
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('seen their letter');
  await dialog.getByRole('button', { name: 'Approve now' }).click();
  await rowOf(page, 'OP-guarded').waitFor({ state: 'detached' });
  expect(await follow(stack, 'OP-guarded').read()).toMatchObject({ state: 'declined', settledBy: 'operator' });
});
