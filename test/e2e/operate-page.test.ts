import type { Page } from 'playwright-core';
import { createApiKey } from '../../scripts/keys';
import { findViolations, launchBrowser, type OpenPage, type TestBrowser } from '../support/browser';
import { follow } from '../support/payouts';
import { PATIENT } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

// A page is drawn and looked at by the same machine that runs everything else.
jest.setTimeout(180_000);

const operator = createApiKey({ name: 'back-office', scopes: 'payouts:write,payouts:read,payouts:operate' });
const reader = createApiKey({ name: 'reader', scopes: 'payouts:read' });

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

let stack: Stack;
let browser: TestBrowser;

beforeAll(async () => {
  stack = await startStack({
    ...PATIENT,
    temporal: 'shared',
    callers: { entries: [operator.entry, reader.entry], key: operator.key },
  });
  browser = await launchBrowser();
  for (const [name, digits] of Object.entries(SCENARIOS)) {
    await stack.createPayout({ clientOrderId: `OP-${name}`, digits });
  }
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
  // Lists and counts are a moment behind, and a page that is open is not filled again.
  await stack.waitFor('the lists to show them all', async () => {
    const all = await listed('');
    const needing = await listed('?attention=any');
    const { waiting, attention } = (
      await stack.request<{ waiting: { needs_review: number }; attention: Record<string, number> }>('/payout-counts')
    ).body;
    const counted = Object.values(attention).reduce((sum, count) => sum + count, 0);
    const isThere = all.length === ALL.length && needing.length === NEEDING.length;
    return isThere && waiting.needs_review === 2 && counted === NEEDING.length;
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
});

it('a refusal of what was asked before signing in does not sign out', async () => {
  const opened = await browser.openPage();
  const { page } = opened;
  let letGo = () => {};
  const isSignedIn = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/payout-counts', async (route) => {
    const isEarly = (await route.request().headerValue('authorization')) === null;
    if (isEarly) await isSignedIn;
    await route.continue();
  });
  const refused = page.waitForResponse((answer) => answer.url().endsWith('/payout-counts') && answer.status() === 401);
  await signIn(opened);
  await page.getByRole('link', { name: '2 in review' }).waitFor();
  letGo();
  await (await refused).finished();
  // Whatever the page makes of the refusal, it has made of it when it draws next.
  await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  expect(await page.evaluate('Object.values(sessionStorage)')).toEqual([operator.key]);
  expect(await page.getByRole('heading', { name: 'Sign in' }).isVisible()).toBe(false);
});

describe('the list', () => {
  it('shows first what needs a person, with counts, and asks only the API', async () => {
    const opened = await browser.openPage();
    const { page, requested } = opened;
    await signIn(opened);
    const needing = page.getByRole('region', { name: 'Payouts that need a person' });
    await needing.getByRole('link', { name: 'OP-review' }).waitFor();
    expect((await needing.getByRole('link', { name: /^OP-/ }).allTextContents()).sort()).toEqual(NEEDING);
    const found = page.getByRole('region', { name: 'Payouts found' });
    // The two tables are asked for apart: this one may come after the other.
    await found.getByRole('link', { name: 'OP-slow' }).waitFor();
    expect((await found.getByRole('link', { name: /^OP-/ }).allTextContents()).sort()).toEqual([...ALL].sort());
    await page.getByRole('link', { name: '2 in review' }).waitFor();
    await page.getByRole('link', { name: `${NEEDING.length} need attention` }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-list');
    expect(requested.filter((url) => !url.startsWith(stack.api))).toEqual([]);
    expect(problemsOf(opened)).toEqual([]);
  });

  it('is filtered, and goes back to everything', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened);
    await page.getByRole('link', { name: 'OP-approved' }).waitFor();
    await page.getByLabel('clientOrderId').fill('OP-d*');
    await page.getByLabel('Currency').fill('eur');
    await page.getByRole('button', { name: 'Show' }).click();
    const found = page.getByRole('region', { name: 'Payouts found' });
    await page.getByRole('heading', { name: 'Found' }).waitFor();
    await found.getByRole('link', { name: 'OP-differs' }).waitFor();
    expect(await found.getByRole('link', { name: 'OP-approved' }).count()).toBe(0);
    expect((await found.getByRole('link', { name: /^OP-/ }).allTextContents()).sort()).toEqual([
      'OP-declined',
      'OP-differs',
    ]);
    await page.getByLabel('Endpoint').fill('Not An Endpoint');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByRole('alert').filter({ hasText: 'endpoint: expected the name of an endpoint' }).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('link', { name: 'OP-approved' }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as CSV' }).click();
    expect((await saved).suggestedFilename()).toBe('payouts.csv');
  });

  it('fits a narrow screen', async () => {
    const opened = await browser.openPage({ viewport: { width: 360, height: 740 } });
    const { page } = opened;
    await signIn(opened);
    await page.getByRole('link', { name: 'OP-approved' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(await findViolations(page)).toEqual([]);
    await opened.takePicture('operate-list-narrow');
    await openPayout(page, 'OP-review');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await opened.takePicture('operate-payout-narrow');
  });
});

describe('a payout', () => {
  const allowedOn = async (page: Page) => {
    const buttons = page
      .getByRole('list')
      .filter({ has: page.getByRole('button', { name: 'Ask now' }) })
      .getByRole('button');
    return await Promise.all(
      (await buttons.all()).map(async (button) => [await button.textContent(), await button.isEnabled()]),
    );
  };

  it.each([
    ['OP-review', { 'Ask now': true, Cancel: false, 'Send again': true, Resolve: true }],
    ['OP-differs', { 'Ask now': true, Cancel: false, 'Send again': false, Resolve: true }],
    ['OP-approved', { 'Ask now': false, Cancel: false, 'Send again': false, Resolve: false }],
  ])('%s allows exactly what the API allows, and says what the rest needs', async (id, allowed) => {
    const opened = await browser.openPage();
    await signIn(opened, operator.key, `#/payouts/${id}`);
    await opened.page.getByRole('button', { name: 'Ask now' }).waitFor();
    expect(await opened.page.getByRole('heading', { level: 1 }).textContent()).toBe(id);
    expect(Object.fromEntries(await allowedOn(opened.page))).toEqual(allowed);
    const { allowedActions } = (await stack.request<{ allowedActions: string[] }>(`/payouts/${id}`)).body;
    expect(allowedActions).toHaveLength(Object.values(allowed).filter(Boolean).length);
    expect(await findViolations(opened.page)).toEqual([]);
    await opened.takePicture(`operate-${id}`);
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
    await page.evaluate(
      `(() => { const form = document.getElementById('act-form'); form.requestSubmit(); form.requestSubmit(); })()`,
    );
    await page.getByText('Done: cancel, OP-unsent.').waitFor();
    expect(new Set(sent).size).toBe(1);
    const steps = await follow(stack, 'OP-unsent').timeline();
    expect(steps.filter(({ what }) => what === 'cancel')).toHaveLength(1);
    expect(steps.at(-1)).toMatchObject({
      state: 'cancelled',
      actor: 'back-office',
      reason: 'withdrawn <b>by</b> the caller',
    });
    await page.getByText('withdrawn <b>by</b> the caller').waitFor();
    expect(await page.locator('#payout-timeline b').count()).toBe(0);
    expect(problemsOf(opened)).toEqual([]);
  });

  it('is resolved with what it is', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, operator.key, '#/payouts/OP-differs');
    await expectEnabled(page, page.getByRole('button', { name: 'Resolve' }));
    await page.getByRole('button', { name: 'Resolve' }).click();
    await page.getByLabel('What is it?').selectOption('declined');
    await page.getByRole('textbox', { name: 'Reason' }).fill('letter of the account manager');
    await page.getByRole('button', { name: 'Resolve now' }).click();
    await page.getByText('Done: resolve, OP-differs.').waitFor();
    expect(await follow(stack, 'OP-differs').read()).toMatchObject({ state: 'declined', settledBy: 'operator' });
  });

  it('of a key that may not act says so, and nothing happens', async () => {
    const opened = await browser.openPage();
    const { page } = opened;
    await signIn(opened, reader.key, '#/payouts/OP-review');
    await expectEnabled(page, page.getByRole('button', { name: 'Send again' }));
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('no order, in writing');
    await page.getByRole('button', { name: 'Send again now' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'Your key does not permit this. scope: expected payouts:operate' })
      .waitFor();
    await opened.takePicture('operate-not-permitted');
    expect(await follow(stack, 'OP-review').read()).toMatchObject({ state: 'needs_review' });
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
      await page.getByRole('alert').filter({ hasText: 'There is no such payout.' }).waitFor();
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
      await page.getByRole('textbox', { name: 'Reason' }).fill('no order, in writing');
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
  expect(await findViolations(opened.page)).toEqual([]);
  await opened.takePicture('operate-reasons-dark');
});
