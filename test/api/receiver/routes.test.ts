import { readWeb } from '../../../src/api/plugins/assets';
import { createReceiverLinks } from '../../../src/api/receiver/receiver-links';
import type { Payout } from '../../../src/domain/payout';
import { TemporalUnavailable } from '../../../src/store/errors';
import { makeFinal, makeFollowed, makePayout, START_MS } from '../../domain/samples';
import { makeApp, makeReading, makeStore, PUBLIC_BASE_URL, RECEIVER_LINK_KEYS } from '../app-harness';

const links = createReceiverLinks({ receiverLinkKeys: RECEIVER_LINK_KEYS, publicBaseUrl: PUBLIC_BASE_URL });
const PATH = links.pageOf(makePayout()).slice(PUBLIC_BASE_URL.length);
const DAY_MS = 86_400_000;
const FORM = 'https://gate.example.com/form/1?a=b&c=d';

async function open(payout: Payout | null, options: { now?: () => number; publicBaseUrl?: string } = {}) {
  const store = makeStore({ read: async () => (payout === null ? null : makeReading(payout)) });
  return await makeApp({ store, ...options });
}
const textOf = (html: string) =>
  html
    .replaceAll(/<(script|style|noscript)[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'application/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

describe('the page', () => {
  it('shows the stage of the payout, its amount, tail and reference, and nothing else of it', async () => {
    const { app } = await open(makeFollowed({ attention: 'gateway_unreachable' }));
    const page = await app.inject(PATH);
    expect(page.statusCode).toBe(200);
    expect(textOf(page.body)).toBe(
      ' Your payment is being processed – Your payment cp.example.org ' +
        'Language: English English Deutsch Español Français Italiano العربية ' +
        'Your payment €10.50 Paid through cp.example.org (default) To ••••3000 Reference PO-000001 In progress Sent ' +
        'Your payment is being processed This can take a few minutes, sometimes longer. You do not need to do anything. ' +
        'You can close this page. The same link brings you back. This link works until 22 Dec 2024, 12:00 UTC . ' +
        'This page updates automatically. Refresh ',
    );
    for (const hidden of ['DE8937', 'José', 'Neil', 'Cool Bank', 'Invoice', '6768788', 'unreachable'])
      expect(page.body).not.toContain(hidden);
  });

  it('speaks German when asked to', async () => {
    const { app } = await open(makeFinal('approved'));
    for (const page of [
      await app.inject(`${PATH}?lang=de`),
      await app.inject({ url: PATH, headers: { 'accept-language': 'de-DE,en;q=0.5' } }),
    ]) {
      expect(page.body).toContain('<html lang="de" dir="ltr" data-locale="de-DE">');
      expect(page.body).toContain('Ihre Zahlung wurde gesendet');
      expect(page.body).toContain(`href="${PATH}?lang=en"`);
    }
  });

  it('says where the form is before anybody goes there, and goes nowhere by itself', async () => {
    const { app } = await open(makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM }));
    const { body } = await app.inject(PATH);
    expect(textOf(body)).toContain('Continue to gate.example.com');
    expect(body).toContain('<a class="button" rel="noreferrer" href="https://gate.example.com/form/1?a=b&amp;c=d">');
    expect(body.match(/http-equiv="refresh"[^>]*>/g)).toEqual(['http-equiv="refresh" content="5">']);
  });

  it.each([
    [0, 5],
    [60_000, 15],
    [600_000, 60],
    [3_600_000, 300],
  ])('without script it looks again, %i ms after the last news in %i s', async (quietMs, seconds) => {
    const { app } = await open(makeFollowed(), { now: () => START_MS + quietMs });
    expect((await app.inject(PATH)).body).toContain(
      `<noscript><meta http-equiv="refresh" content="${seconds}"></noscript>`,
    );
  });

  it.each(['approved', 'declined', 'filtered', 'error'] as const)('%s is the end: it waits no more', async (state) => {
    const { app } = await open(makeFinal(state));
    const { body } = await app.inject(PATH);
    expect(body).not.toContain('http-equiv');
    expect(body).toContain('data-over="true"');
    expect(body.includes('has been sent')).toBe(state === 'approved');
  });

  it('may load its own scripts and styles only, and is never framed, kept or named in a referrer', async () => {
    const { app } = await open(makeFollowed());
    for (const url of [PATH, '/r/wrong', '/r/return']) {
      const { headers } = await app.inject(url);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('set-cookie');
    }
  });

  it('has no code or style within it', async () => {
    const { app } = await open(makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM }));
    const { body } = await app.inject(PATH);
    expect(body).not.toMatch(/ (?:style|on[a-z]+)=|<style/);
    expect(body.match(/<script[^>]*>(?!<\/script>)/g)).toBeNull();
    const links = [...body.matchAll(/"\/r\/(assets\/[0-9a-f]{12}\/)([a-z]+\.(?:css|js))"/g)];
    expect(links.map(([, , name]) => name)).toEqual([
      'receiver.css',
      'progress.css',
      'form.css',
      'receiver.js',
      'form.js',
    ]);
    for (const [, path, name = ''] of [
      ...links,
      ...['icon.svg', 'numbers.js', 'show.js', 'times.js'].map((name) => ['', links[0]?.[1], name]),
    ]) {
      const file = await app.inject(`/r/${path}${name}`);
      const type = TYPES[name.replace(/^.*\./, '')];
      expect([file.statusCode, file.headers['content-type']]).toEqual([200, type]);
      expect(file.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(file.body).toBe(readWeb(`receiver/${name}`));
    }
  });

  it('serves nothing but its styles and scripts', async () => {
    const { app } = await open(makeFollowed());
    const folder = /\/r\/assets\/[0-9a-f]{12}\//.exec((await app.inject(PATH)).body)?.[0];
    for (const name of ['', 'page.html', 'texts/en.json', '../operate/operate.js', '..%2foperate%2foperate.js'])
      expect({ name, status: (await app.inject(`${folder}${name}`)).statusCode }).toEqual({ name, status: 404 });
  });

  it('keeps to the path of the public address', async () => {
    const { app } = await open(makeFollowed(), { publicBaseUrl: 'https://cp.example.org/pay' });
    const { body } = await app.inject(PATH);
    const paths = [...body.matchAll(/(?:href|src|data-status)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThanOrEqual(5);
    expect(paths.filter((path) => !path.startsWith('/pay/r/'))).toEqual([]);
  });
});

describe('a link that is not one', () => {
  const token = PATH.slice('/r/'.length);
  it('gets one constant page, whatever is wrong with it, and asks nothing of Temporal', async () => {
    const { app, store } = await open(null);
    const answers = new Set<string>();
    const wrong = ['x', 'PO-000001', `${token}x`, token.slice(0, -1), token.replace('PO', 'PP'), '~~', '%00', '<b>'];
    for (const part of wrong) {
      for (const url of [`/r/${part}`, `/r/${part}/return`]) {
        const answer = await app.inject(url);
        expect({ url, status: answer.statusCode }).toEqual({ url, status: 404 });
        answers.add(answer.body);
      }
    }
    for (const url of ['/r/a/b/c', '/r/', '/r/assets/receiver.js', `${PATH}/other`])
      answers.add((await app.inject(url)).body);
    expect(store.read).not.toHaveBeenCalled();
    answers.add((await app.inject(PATH)).body);
    expect(store.read).toHaveBeenCalledTimes(1);
    expect(answers.size).toBe(1);
  });

  it.each([
    ['a'.repeat(900), [404, 'not_found']],
    ['MARKER7f3%zz', [400, 'invalid_request']],
    ['MARKER7f3'.repeat(40), [404, 'not_found']],
  ])('is not repeated when no path can be read of it', async (part, answered) => {
    const { app } = await open(null);
    const answer = await app.inject(`/r/${part}`);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual(answered);
    expect(answer.body).not.toContain(part.slice(0, 9));
  });

  it('is said to have expired only when it was ours', async () => {
    const { app, store } = await open(makeFollowed(), { now: () => START_MS + 30 * DAY_MS });
    const ours = await app.inject(PATH);
    expect([ours.statusCode, textOf(ours.body)]).toEqual([410, expect.stringContaining('This link has expired')]);
    expect((await app.inject(`${PATH}/status`)).statusCode).toBe(410);
    expect(textOf(ours.body)).toContain('give them the reference. Reference PO-000001');
    expect(ours.body).toContain(`href="${PATH}?lang=de"`);
    store.read.mockClear();
    expect((await app.inject(`${PATH.slice(0, -1)}`)).statusCode).toBe(404);
    expect(store.read).not.toHaveBeenCalled();
  });

  it('never reaches a log, nor does one that is right', async () => {
    const { app, log } = await open(makeFollowed());
    const mac = token.split('~')[2] ?? '';
    for (const url of [PATH, `${PATH}/status`, `${PATH}/return`, `//r/${token}`, `/R/${token}`, `${PATH}/x/y`])
      await app.inject(url);
    expect(mac).toHaveLength(22);
    expect(log()).not.toContain(mac);
    expect(log()).toContain('/r/:token/status');
  });
});

describe('the status', () => {
  it('is a word, a tag that changes with the page, and whether it is over', async () => {
    const working = await (await open(makeFollowed())).app.inject(`${PATH}/status`);
    expect(working.json()).toEqual({ stage: 'working', tag: expect.stringMatching(/^[\w-]{16}$/), isOver: false });
    const paid = await (await open(makeFinal('approved'))).app.inject(`${PATH}/status`);
    expect(paid.json()).toEqual({ stage: 'paid', tag: expect.any(String), isOver: true });
    expect(paid.headers['cache-control']).toBe('no-store');
    expect(paid.json<{ tag: string }>().tag).not.toBe(working.json<{ tag: string }>().tag);
    const { body } = await (await open(makeFinal('approved'))).app.inject(PATH);
    expect(body).toContain(`data-tag="${paid.json<{ tag: string }>().tag}"`);
  });
});

describe('the final redirect', () => {
  const FORGED = new URLSearchParams({
    status: 'approved',
    orderid: '6768788',
    merchant_order: 'PO-000001',
    client_orderid: 'PO-000001',
    control: '0'.repeat(40),
    amount: '999999.00',
    'processor-tx-id': 'MARKER7f3',
    error_message: '<script>MARKER7f3</script>',
    lang: 'de',
  }).toString();

  it.each(['GET', 'POST'] as const)('by %s shows no success, whatever it claims', async (method) => {
    const { app, store, log } = await open(makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM }));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await app.inject({
      method,
      url: `${PATH}/return?${FORGED}`,
      headers,
      ...(method === 'POST' ? { payload: FORGED } : {}),
    });
    expect([answer.statusCode, answer.headers.location, answer.body]).toEqual([303, PATH, '']);
    expect(textOf((await app.inject(PATH)).body)).toContain('One more step is needed');
    expect(store.signalReturn.mock.calls).toEqual([['PO-000001']]);
    expect(store.signalCallback).not.toHaveBeenCalled();
    expect(log()).not.toContain('MARKER7f3');
  });

  it('leads to the page also while Temporal is away', async () => {
    const store = makeStore({ read: () => Promise.reject(new TemporalUnavailable()) });
    const { app } = await makeApp({ store });
    const answer = await app.inject({ method: 'POST', url: `${PATH}/return` });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, PATH]);
    const page = await app.inject(PATH);
    expect([page.statusCode, page.headers['retry-after']]).toEqual([503, '5']);
    expect(textOf(page.body)).toContain('We cannot show your payment right now');
    expect(page.body).toContain('<a href="?lang=en">Refresh</a>');
  });

  it('of a payout whose address was too long lands on a page that names no payout', async () => {
    const { app, store } = await open(makeFollowed());
    for (const method of ['GET', 'POST'] as const) {
      const answer = await app.inject({ method, url: `/r/return?${FORGED}` });
      expect([answer.statusCode, textOf(answer.body)]).toEqual([200, expect.stringContaining('Thank you')]);
    }
    expect(store.read).not.toHaveBeenCalled();
  });
});

describe('a link that says it lasts for ten years', () => {
  /** Made with the right key: by anyone who learnt it, or by an earlier version. */
  const lasting = links.pageOf(makePayout({ createdAtMs: START_MS + 3_650 * DAY_MS })).slice(PUBLIC_BASE_URL.length);
  const asking = makePayout({
    destination: null,
    state: 'awaiting_details',
    collecting: { untilMs: START_MS + 7 * DAY_MS, gotAtMs: null },
  });
  const form = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'by=bank_account&destination.accountNumber=DE89370400440532013000',
  } as const;

  it('takes no account once the payout’s own time is over', async () => {
    for (const days of [7, 37]) {
      const { app, store } = await open(asking, { now: () => START_MS + days * DAY_MS });
      await app.inject({ ...form, url: lasting });
      expect(store.signalDetails).toHaveBeenCalledTimes(0);
    }
  });

  it.each([
    ['an open payout, 30 days after it was accepted', makeFollowed(), 30],
    ['one that waits for details, 30 days after the time for them', asking, 37],
    ['one that ended, seven days after that', makeFinal('approved', { settledAtMs: START_MS }), 7],
  ])('ends with %s', async (_name, payout, days) => {
    const statusesAt = async (nowMs: number) => {
      const { app } = await open(payout, { now: () => nowMs });
      return Promise.all(
        [{ url: lasting }, { url: `${lasting}/status` }, { ...form, url: lasting }].map(
          async (options) => (await app.inject(options)).statusCode,
        ),
      );
    };
    expect(await statusesAt(START_MS + days * DAY_MS - 1)).not.toContain(410);
    expect(await statusesAt(START_MS + days * DAY_MS)).toEqual([410, 410, 410]);
  });
});
