import { TEXTS } from '../../src/api/receiver/language';
import { renderReceiverPage } from '../../src/api/receiver/page';
import { planForm } from '../../src/api/receiver/receiver-form';
import { createReceiverLinks } from '../../src/api/receiver/receiver-links';
import { openPayout, type Payout } from '../../src/domain/payout';
import { TemporalUnavailable } from '../../src/store/errors';
import { ENDPOINT, INPUT, makeApp, makeReading, makeStore, RECEIVER_LINK_KEYS } from '../api/app-harness';
import { COLLECTING, makeFinal, makeFollowed, makePayout, START_MS } from '../domain/samples';
import { findViolations, launchBrowser, type OpenPage, type TestBrowser } from '../support/browser';

// A page is drawn and looked at by the same machine that runs everything else.
jest.setTimeout(180_000);

const DAY_MS = 86_400_000;
const ASKED = openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS });

/** Every page a Receiver may see, by the name of its picture; null while Temporal is away. */
const STATES: Readonly<Record<string, Payout | null>> = {
  details: ASKED,
  working: makeFollowed(),
  form: makeFollowed({ state: 'awaiting_receiver', redirectTo: 'https://gate.example.com/form/1' }),
  checking: makePayout({ state: 'needs_review', attention: 'outcome_unknown' }),
  paid: makeFinal('approved', { amount: '1234567.00' }),
  not_paid: makeFinal('declined'),
  cancelled: makePayout({ state: 'cancelled', confirmed: true }),
  expired: { ...ASKED, state: 'expired', confirmed: true },
  unavailable: null,
};

let browser: TestBrowser;
let served: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  browser = await launchBrowser();
  served = await serve();
}, 60_000);
afterAll(async () => {
  await served?.close();
  await browser?.close();
});

/** The product's HTTP side alone, listening, with the payout that a test gives it. */
async function serve() {
  let payout: Payout | null = null;
  const publicBaseUrl = 'http://127.0.0.1:3000';
  const read = async () => {
    if (payout === null) throw new TemporalUnavailable();
    return makeReading(payout, { input: { ...INPUT, request: COLLECTING } });
  };
  const endpoint = { collect: ['bank_account', 'card'], requiredFields: ['receiver.country'] } as const;
  const logo = { ending: 'svg', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') } as const;
  const look = { colour: '#0b5d1e', darkColour: '#7fd99a', logo };
  const brand = { name: 'shop', payer: 'Example Shop', purpose: 'Your sales', tenants: null, endpoints: null, ...look };
  const { app } = await makeApp({
    ...{ store: makeStore({ read }), publicBaseUrl, now: Date.now, endpoint, brands: [brand] },
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  const links = createReceiverLinks({ receiverLinkKeys: RECEIVER_LINK_KEYS, publicBaseUrl });
  return {
    origin,
    show(next: Payout | null): string {
      const nowMs = Date.now();
      const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
      payout = next && {
        ...next,
        ...times,
        settledAtMs: next.settledAtMs === null ? null : nowMs,
        ...(next.collecting ? { collecting: { untilMs: nowMs + 7 * DAY_MS, gotAtMs: null } } : {}),
      };
      const away = { ...ASKED, ...times, collecting: { untilMs: nowMs + 7 * DAY_MS, gotAtMs: null } };
      return links.pageOf(payout ?? away).replace(publicBaseUrl, origin);
    },
    become(next: Partial<Payout>) {
      if (payout !== null) payout = { ...payout, ...next };
    },
    close: async () => await app.close(),
  };
}

async function expectSound(open: OpenPage, name: string, tolerated: readonly RegExp[] = []): Promise<void> {
  await open.takePicture(`receiver-${name}`);
  expect(await findViolations(open.page)).toEqual([]);
  expect(open.problems.filter((problem) => !tolerated.some((pattern) => pattern.test(problem)))).toEqual([]);
  expect(await open.context.cookies()).toEqual([]);
  expect(new Set(open.requested.map((url) => new URL(url).origin))).toEqual(new Set([served.origin]));
  expect(await open.page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
}

const LOOKS = [
  ['wide-light', 'en', { viewport: { width: 1280, height: 900 } }],
  ['narrow-dark', 'de', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' }],
] as const;
/** What the browser says of a page that is answered with an error, not of what is on it. */
const BY_STATUS = [/^console: Failed to load resource: the server responded with a status of (404|410|422|503)/];

test('Arabic runs from the right; amount, account number and host do not', async () => {
  const open = await browser.openPage({ viewport: { width: 320, height: 640 } });
  const { page } = open;
  const directionOf = (selector: string) =>
    page.evaluate(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).direction`);
  await page.goto(`${served.show(ASKED)}?lang=ar`);
  const account = '[name="destination.accountNumber"]';
  expect([await directionOf('main'), await directionOf('.amount bdi'), await directionOf(account)]).toEqual([
    ...['rtl', 'ltr', 'ltr'],
  ]);
  await expectSound(open, 'details-arabic');
  await page.fill(account, 'DE٨٩ ٣٧٠٤ ٠٠٤٤ ٠٥٣٢ ٠١٣٠ ٠٠');
  await page.selectOption('select', 'DE');
  await page.click('.button');
  await page.waitForSelector('.entered >> text=DE89 3704 0044 0532 0130 00');
  expect(await directionOf('.entered bdi')).toBe('ltr');
  await expectSound(open, 'check-arabic');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${served.show(STATES.form as Payout)}?lang=ar`);
  expect(await directionOf('.host')).toBe('ltr');
  await expectSound(open, 'form-arabic');
  await open.context.close();
});

describe.each(LOOKS)('every page, %s in %s', (look, language, options) => {
  test.each(Object.entries(STATES))(
    '%s: axe complains of nothing, nothing is refused or kept, no sideways scrolling',
    async (name, payout) => {
      const open = await browser.openPage(options);
      await open.page.goto(`${served.show(payout)}?lang=${language}`);
      expect(await open.page.getAttribute('html', 'lang')).toBe(language);
      expect(await open.page.getAttribute('#payment', 'data-stage')).toBe(name);
      await expectSound(open, `${name}-${look}`, payout === null ? BY_STATUS : []);
      await open.context.close();
    },
  );

  test('a form with everything wrong, and the other way of being paid', async () => {
    const open = await browser.openPage({ ...options, javaScriptEnabled: false });
    await open.page.goto(`${served.show(ASKED)}?lang=${language}&by=card`);
    await open.page.click('.button');
    await open.page.waitForSelector('.error:visible');
    expect(await open.page.locator('.error:visible').count()).toBe(2);
    await open.context.close();
    const scripted = await browser.openPage(options);
    await scripted.page.goto(`${served.show(ASKED)}?lang=${language}&by=card`);
    await scripted.page.fill('[name="destination.cardNumber"]', '4444333322221112');
    await scripted.page.fill('[name="destination.cardHolder"]', '4444333322221111');
    await scripted.page.click('.button');
    await scripted.page.waitForSelector('.problem:focus');
    // What only the server knows is said together with what the page knows, and no number is lost.
    expect(await scripted.page.locator('.error:not(:empty)').count()).toBe(3);
    expect(await scripted.page.inputValue('[name="destination.cardNumber"]')).toBe('4444333322221112');
    await expectSound(scripted, `details-wrong-${look}`, BY_STATUS);
    await scripted.context.close();
  });

  test.each([true, false])(
    'what was entered is checked before it is sent; with script: %j',
    async (javaScriptEnabled) => {
      const open = await browser.openPage({ ...options, javaScriptEnabled });
      const { page } = open;
      await page.goto(`${served.show(ASKED)}?lang=${language}`);
      await page.fill('[name="destination.accountNumber"]', 'de89370400440532013000');
      await page.selectOption('select', 'DE');
      await page.click('.button');
      await page.waitForSelector('.entered >> text=DE89 3704 0044 0532 0130 00');
      if (javaScriptEnabled) await expectSound(open, `check-${look}`);
      await page.click('button[value="edit"]');
      await page.waitForSelector('select');
      expect(await page.inputValue('[name="destination.accountNumber"]')).toBe('DE89 3704 0044 0532 0130 00');
      expect(await page.inputValue('select')).toBe('DE');
      await open.context.close();
    },
  );

  test.each([true, false])(
    'the other way of being paid keeps what was typed for this one; with script: %j',
    async (javaScriptEnabled) => {
      const open = await browser.openPage({ ...options, javaScriptEnabled });
      const { page } = open;
      await page.goto(`${served.show(ASKED)}?lang=${language}`);
      await page.fill('[name="destination.accountNumber"]', 'DE89370400440532013000');
      await page.fill('[name="destination.accountName"]', 'José');
      await page.selectOption('select', 'DE');
      await page.click('.ways [value="card"]');
      await page.fill('[name="destination.cardHolder"]', 'JOSE');
      expect(await page.inputValue('select')).toBe('DE');
      expect(await page.content()).not.toContain('3704');
      await page.click('.ways [value="bank_account"]');
      await page.waitForSelector('[name="destination.accountNumber"]');
      expect(await page.inputValue('[name="destination.accountNumber"]')).toBe('DE89 3704 0044 0532 0130 00');
      expect(await page.inputValue('[name="destination.accountName"]')).toBe('José');
      // Enter sends the form; it does not go another way.
      await page.press('[name="destination.accountName"]', 'Enter');
      await page.waitForSelector('.entered >> text=DE89 3704 0044 0532 0130 00');
      await page.click('button[value="edit"]');
      await page.click('.ways [value="card"]');
      await page.waitForSelector('[name="destination.cardHolder"]');
      expect(await page.inputValue('[name="destination.cardHolder"]')).toBe('JOSE');
      await open.context.close();
    },
  );

  test.each([
    ['unknown', '/r/wrong'],
    ['deep below', '/r/a/b/c'],
  ])('a link that is not one: %s', async (name, path) => {
    const open = await browser.openPage(options);
    await open.page.goto(`${served.origin}${path}?lang=${language}`);
    await expectSound(open, `${name.replaceAll(' ', '-')}-${look}`, BY_STATUS);
    await open.context.close();
  });
});

test('news appear without a click, in place, and the page stops asking at the end', async () => {
  const open = await browser.openPage();
  await open.page.goto(served.show(makeFollowed()));
  served.become({ state: 'awaiting_receiver', redirectTo: 'https://gate.example.com/form/1' });
  await open.page.waitForSelector('a.button');
  expect(await open.page.textContent('a.button')).toBe('Continue to gate.example.com');
  served.become({ state: 'approved', confirmed: true, redirectTo: null });
  await open.page.waitForSelector('text=Your payment has been sent');
  expect(await open.page.title()).toBe('Your payment has been sent – Example Shop');
  expect(await open.page.getAttribute('#payment', 'data-over')).toBe('true');
  expect(open.problems).toEqual([]);
  // Loaded once: what is new is put in.
  expect(open.requested.filter((url) => url.endsWith('.js'))).toHaveLength(5);
  await open.context.close();
}, 60_000);

test('a form that is being filled in is left alone until the payment goes on', async () => {
  const open = await browser.openPage();
  await open.page.goto(served.show(ASKED));
  await open.page.fill('[name="destination.accountName"]', 'José');
  // When the page asks again, it has done what it does about the answer before.
  for (let nth = 0; nth < 2; nth += 1) await open.page.waitForRequest((request) => request.url().endsWith('/status'));
  expect(await open.page.inputValue('[name="destination.accountName"]')).toBe('José');
  await open.page.click('.languages summary');
  await open.page.click('.languages [lang="de"]');
  await open.page.waitForSelector('html[lang="de"]');
  expect(await open.page.inputValue('[name="destination.accountName"]')).toBe('José');
  served.become({ state: 'accepted', destination: '••••1111' });
  await open.page.waitForSelector('text=Ihre Zahlung wird bearbeitet');
  expect(await open.page.locator('form').count()).toBe(0);
  await open.context.close();
}, 60_000);

test('without a connection it says so, keeps what was entered, and sends it when there is one', async () => {
  const open = await browser.openPage({ timezoneId: 'Asia/Tokyo' });
  const { page, context } = open;
  const url = served.show(ASKED);
  await page.goto(url);
  expect(await page.textContent('time')).toContain('GMT+9');
  await page.fill('[name="destination.accountNumber"]', 'FR14');
  await page.waitForSelector('text=IBANs from this country are too long');
  await page.fill('[name="destination.accountNumber"]', 'DE89370400440532013000');
  await page.selectOption('select', 'DE');
  await context.setOffline(true);
  await page.click('.button');
  await page.waitForSelector('#offline >> text=may not have arrived');
  expect(await page.inputValue('[name="destination.accountNumber"]')).toBe('DE89370400440532013000');
  // The page goes on looking for news meanwhile: that must not hide what was not sent.
  await page.waitForTimeout(4_000);
  expect(await page.textContent('#offline')).toContain('may not have arrived');
  await context.setOffline(false);
  await page.click('.button');
  await page.waitForSelector('text=Check your details');
  expect(await page.isHidden('#offline')).toBe(true);
  expect(page.url()).toBe(url);
  await context.close();
}, 60_000);

const SEEDS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  '</title><script>alert(1)</script>',
  '</main><iframe src=javascript:alert(1)>',
  '" autofocus onfocus=alert(1) x="',
  "' style='x:expression(alert(1))' '",
  '<!--><script>alert(1)</script>-->',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '`onmouseover=alert(1)`',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;img src=x onerror=alert(1)&#62;',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  ']]><script>alert(1)</script>',
  '<meta http-equiv=refresh content=0;url=//evil.example>',
  '<base href=//evil.example/>',
  '<form action=//evil.example><input name=x>',
  '#{alert(1)}{{7*7}}<%= 7*7 %>',
  '\u0000<script\u0000>alert(1)</script>',
  '\u2028</p>\u202e<b>',
];
const WRAPS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => `\n${text}\t`,
  (text) => `"${text}`,
  (text) => `'${text}`,
  (text) => `>${text}<`,
  (text) => `-->${text}<!--`,
  (text) => `</textarea>${text}`,
  (text) => `%3Cb%3E${text}`,
  (text) => `/${text}/`,
];
const ENDS = ['', '"', "'", '<', '\\'];
const PAYLOADS = SEEDS.flatMap((seed) => WRAPS.flatMap((wrap) => ENDS.map((end) => wrap(seed) + end)));

test('1,000 payloads in every field that is shown make no new node and no new attribute', async () => {
  expect(new Set(PAYLOADS).size).toBe(1_000);
  const rules = { ...ENDPOINT, requiredFields: ['destination.bankName', 'receiver.email'] };
  const plan = planForm(COLLECTING, rules, 'bank_account');
  const render = (text: string, language: 'en' | 'de'): string[] => {
    const reader = { language, locale: TEXTS[language].locale };
    const shown = {
      clientOrderId: text,
      amount: text,
      destination: text,
    } as unknown as Partial<Payout>;
    const brand = { payer: text, purpose: text, style: null, logo: null };
    const page = {
      stage: 'form' as const,
      ...{ tag: text, token: text, base: '/r/', host: text, reader, form: null, check: null, pauseS: 5 },
      ...{ brand, purpose: text },
    };
    const values = new Map(plan.fields.map(({ name }) => [name, text]));
    const form = { plan, values, kept: text, errors: new Map([['destination.accountNumber', 'iban' as const]]) };
    return [
      renderReceiverPage({
        ...page,
        payout: makeFollowed({ ...shown, state: 'awaiting_receiver', redirectTo: `https://gate.example.com/${text}` }),
      }),
      renderReceiverPage({ ...page, brand: null, stage: 'details', form, payout: { ...ASKED, ...shown } }),
      renderReceiverPage({ ...page, check: { plan, values, sealed: text }, payout: { ...ASKED, ...shown } }),
    ];
  };
  const open = await browser.openPage();
  const shapesOf = async (pages: readonly string[]) =>
    (await open.page.evaluate(`(${JSON.stringify(pages)}).map((html) => {
      const nodes = [...new DOMParser().parseFromString(html, 'text/html').querySelectorAll('*')];
      return nodes.map((node) => node.localName + '[' + node.getAttributeNames().join(' ') + ']').join(' ');
    })`)) as string[];
  const harmless = await shapesOf([...render('x', 'en'), ...render('x', 'de')]);
  expect(new Set(harmless).size).toBeGreaterThanOrEqual(2);
  for (let at = 0; at < PAYLOADS.length; at += 50) {
    const pages = PAYLOADS.slice(at, at + 50).flatMap((text) => [...render(text, 'en'), ...render(text, 'de')]);
    const shapes = await shapesOf(pages);
    expect(shapes.filter((shape, nth) => shape !== harmless[nth % 6])).toEqual([]);
  }
  expect(open.problems).toEqual([]);
  await open.context.close();
}, 120_000);
