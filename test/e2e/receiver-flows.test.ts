import { randomUUID } from 'node:crypto';
import { launchBrowser, type OpenPage, type TestBrowser } from '../support/browser';
import { joinPatientStack } from '../support/patient-stack';
import { follow, type PayoutJson, startPayout } from '../support/payouts';
import { enterAccount } from '../support/receiver-form';
import type { Stack } from '../support/stack';

type WithPage = PayoutJson & { readonly receiverPage: string; readonly destination: string | null };

const FIRST = 'DE89370400440532013000';
const OTHER = 'GB29NWBK60161331926819';
const SENT = 'text=Your payment has been sent';

let stack: Stack;
let browser: TestBrowser;
beforeAll(async () => {
  // The browser is back before the gateway has made up its mind, on a slow machine too.
  stack = await joinPatientStack();
  await stack.control('/settings', { processingMs: 3_500 }, 'PATCH');
  browser = await launchBrowser();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
}, 60_000);

const pageOf = async (id: string) => ((await follow(stack, id).read()) as WithPage).receiverPage;

async function collect(id: string): Promise<string> {
  const body = { clientOrderId: id, amount: '10.50', currency: 'EUR', description: 'Invoice 42', collect: 'receiver' };
  const { status, body: payout } = await stack.request<WithPage>('/payouts', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([status, payout.state, payout.destination]).toEqual([202, 'awaiting_details', null]);
  return payout.receiverPage;
}

/** Through the gateway's form and back, without or with script. */
async function passForm({ page }: OpenPage, choice: 'submit' | 'refuse'): Promise<void> {
  await page.waitForSelector('a.button', { timeout: 60_000 });
  const host = new URL(stack.simulator).host;
  expect(await page.textContent('a.button')).toContain(host);
  await page.click('a.button');
  await page.waitForSelector('#bank_code_word');
  await page.fill('#bank_code_word', 'sunflower');
  await page.check('#confirmation');
  await page.click(`button[value="${choice}"]`);
}

describe('the gateway’s form', () => {
  test('is reached from the Receiver’s page, and coming back shows the end without a click', async () => {
    const payout = await startPayout(stack, 'R-submits', '321');
    const open = await browser.openPage();
    const url = await pageOf('R-submits');
    await open.page.goto(url);
    await passForm(open, 'submit');
    await open.page.waitForURL(url);
    await open.page.waitForSelector(SENT, { timeout: 60_000 });
    expect(await payout.read()).toMatchObject({ state: 'approved', confirmed: true });
    expect(await payout.accepted()).toBe(1);
    const steps = (await payout.timeline()).filter(({ source }) => source === 'receiver').map(({ what }) => what);
    expect(steps).toEqual(['returned']);
    expect(open.problems).toEqual([]);
    expect(await open.context.cookies()).toEqual([]);
    await open.context.close();
  }, 120_000);

  test('refused: the page says so plainly', async () => {
    const payout = await startPayout(stack, 'R-refuses', '321');
    const open = await browser.openPage();
    await open.page.goto(await pageOf('R-refuses'));
    await passForm(open, 'refuse');
    await open.page.waitForSelector('text=This payment was not made', { timeout: 60_000 });
    expect(await payout.read()).toMatchObject({ state: 'declined' });
    await open.context.close();
  }, 120_000);

  test('works with JavaScript off', async () => {
    const payout = await startPayout(stack, 'R-no-script', '321');
    const open = await browser.openPage({ javaScriptEnabled: false });
    const url = await pageOf('R-no-script');
    await open.page.goto(url);
    await passForm(open, 'submit');
    await open.page.click('text=Continue');
    await open.page.waitForURL(url);
    await open.page.waitForSelector(SENT, { timeout: 60_000 });
    expect(await payout.accepted()).toBe(1);
    await open.context.close();
  }, 120_000);

  test('a forged return shows no success and settles nothing', async () => {
    const payout = await startPayout(stack, 'R-forged', '321');
    await payout.until('to need the Receiver', ({ state }) => state === 'awaiting_receiver');
    const { orderId } = await payout.read();
    const fields = {
      status: 'approved',
      orderid: String(orderId),
      client_orderid: 'R-forged',
      control: '0'.repeat(40),
      amount: '99.00',
    };
    const url = await pageOf('R-forged');
    for (let nth = 0; nth < 20; nth += 1) {
      const answer = await fetch(`${url}/return`, { method: 'POST', body: new URLSearchParams(fields) });
      expect([answer.status, answer.url]).toEqual([200, url]);
      expect(await answer.text()).toContain('One more step is needed');
    }
    expect(await payout.read()).toMatchObject({ state: 'awaiting_receiver', outcome: null });
    const returns = (await payout.timeline()).filter(({ source }) => source === 'receiver');
    expect(returns.length).toBeLessThanOrEqual(2);
  }, 120_000);
});

describe('the Receiver says where the money goes', () => {
  test('by keyboard alone: a wrong number is pointed out, the right one is paid once', async () => {
    const url = await collect('R-keyboard');
    const open = await browser.openPage({ viewport: { width: 320, height: 640 } });
    const { page } = open;
    await page.goto(url);
    await page.focus('[name="destination.accountNumber"]');
    await page.keyboard.type('DE89 3704 0044 0532 0130 01');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.problem:focus');
    await page.waitForSelector('text=This IBAN is not valid');
    // The summary's first link leads to the field.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.name')).toBe('destination.accountNumber');
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('0');
    await page.keyboard.press('Tab');
    await page.keyboard.type('José O’Neil');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.type')).toBe('submit');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.entered >> text=DE89 3704 0044 0532 0130 00');
    expect(await page.evaluate('document.activeElement.localName')).toBe('h1');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector(SENT, { timeout: 60_000 });
    expect(await page.textContent('dl')).toContain('••••3000');
    const payout = follow(stack, 'R-keyboard');
    expect(await payout.read()).toMatchObject({ state: 'approved', destination: '••••3000' });
    expect(await payout.accepted()).toBe(1);
    await page.goBack().catch(() => null);
    await page.goto(url);
    await page.waitForSelector(SENT);
    // The wrong number was answered 422.
    expect(open.problems).toEqual([expect.stringContaining('status of 422')]);
    await open.context.close();
  }, 120_000);

  test('in two tabs with two accounts: one is paid, once, and both tabs say which', async () => {
    const url = await collect('R-two-tabs');
    const tabs = await Promise.all([browser.openPage(), browser.openPage()]);
    await Promise.all(tabs.map(async ({ page }) => await page.goto(url)));
    await tabs[0]?.page.fill('[name="destination.accountNumber"]', FIRST);
    await tabs[1]?.page.fill('[name="destination.accountNumber"]', OTHER);
    await Promise.all(tabs.map(async ({ page }) => await page.click('.button')));
    await Promise.all(tabs.map(async ({ page }) => await page.click('button[value="send"]')));
    await Promise.all(tabs.map(async ({ page }) => await page.waitForSelector(SENT, { timeout: 60_000 })));
    const payout = follow(stack, 'R-two-tabs');
    const { destination } = (await payout.read()) as WithPage;
    expect(['••••3000', '••••6819']).toContain(destination);
    for (const { page, context } of tabs) {
      expect(await page.textContent('dl')).toContain(String(destination));
      await context.close();
    }
    expect(await payout.accepted()).toBe(1);
  }, 120_000);

  test('ten times at once, with workers down and the API killed right after: paid once, and never reported otherwise', async () => {
    const url = await collect('R-many');
    await stack.kill('worker');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, nth) => enterAccount(url, nth % 2 === 0 ? FIRST : OTHER)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 303));
    const payout = follow(stack, 'R-many');
    expect(await (await fetch(url)).text()).toContain('Your payment is being processed');
    // What comes while a task is out is recorded when that task is given up: seconds after its worker was killed.
    const notified = (await payout.until('to be accepted', ({ state }) => state === 'accepted')) as WithPage;
    await stack.kill('api');
    await stack.start('api');
    expect(await (await fetch(url)).text()).toContain('Your payment is being processed');
    await stack.start('worker');
    const paid = (await payout.until('to be approved', ({ state }) => state === 'approved', 90_000)) as WithPage;
    expect(paid.destination).toBe(notified.destination);
    expect(await payout.accepted()).toBe(1);
    expect((await enterAccount(url, OTHER)).status).toBe(303);
    expect(await payout.accepted()).toBe(1);
  }, 180_000);

  test('after it was cancelled: nothing is sent, and the page says so', async () => {
    const url = await collect('R-cancelled');
    const cancelled = await stack.request<PayoutJson>('/payouts/R-cancelled/cancel', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ reason: 'asked for by the payer' }),
    });
    expect(cancelled).toMatchObject({ status: 200, body: { state: 'cancelled', outcome: 'cancelled' } });
    expect((await enterAccount(url, FIRST)).status).toBe(303);
    expect(await (await fetch(url)).text()).toContain('This payment was cancelled');
    expect(await follow(stack, 'R-cancelled').accepted()).toBe(0);
  }, 60_000);

  test('no number they entered is in any log', () => {
    const lines = (['api', 'worker'] as const).flatMap((name) => stack.logs(name)).join('\n');
    for (const secret of [FIRST, OTHER, '37040044', '60161331']) expect(lines).not.toContain(secret);
    expect(lines).toContain('/r/:token');
  });
});
