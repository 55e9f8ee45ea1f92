import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { linkToWorkflow } from '../../scripts/demonstration';
import { findTemporal } from '../../scripts/temporal-bin';
import { hashApiKey, makeApiKey } from '../../src/config/api-keys';
import { launchBrowser, type OpenPage, type TestBrowser } from '../support/browser';
import { follow, startPayout } from '../support/payouts';
import { QUICK } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

const run = promisify(execFile);
const PAYOUT = 'CODEC-1';
/** What a payout of the scenario 000 is paid to. */
const NUMBER = '10002000300040000000';
const reader = makeApiKey();
const shop = makeApiKey();
const entry = (name: string, key: string, scopes: string[]) => ({
  name,
  scopes,
  hash: `sha256:${hashApiKey(key).toString('hex')}`,
});

describe('reading payloads in the Temporal UI', () => {
  let stack: Stack;
  let browser: TestBrowser;
  const openPayout = async (): Promise<OpenPage> => {
    const opened = await browser.openPage();
    await opened.page.goto(linkToWorkflow(String(stack.temporalUi), PAYOUT));
    return opened;
  };
  /** Everything it logged, over all its starts. */
  const readLog = (name: 'api' | 'worker') => stack.logs(name).join('\n');
  const readsLogged = () =>
    readLog('api')
      .split('\n')
      .filter((line) => line.includes('payloads read'));

  beforeAll(async () => {
    stack = await startStack({
      ...QUICK,
      temporalUi: true,
    });
    browser = await launchBrowser();
    await startPayout(stack, PAYOUT);
    await follow(stack, PAYOUT).until('to be approved', ({ state }) => state === 'approved');
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  }, 60_000);

  test('without API keys on this machine, anyone who clicks the payout reads it, masked', async () => {
    const { page, problems, requested, takePicture } = await openPayout();
    await waitForText(page, '"firstName": "Ada"');
    const text = await page.locator('body').textContent();
    expect(text).toContain('"amount": "10.50"');
    expect(text).toMatch(/"accountNumber": "••••0000"/);
    expect(text).not.toContain(NUMBER);
    await takePicture('codec-server-open');
    // Nothing is fetched from elsewhere: the browser asks the UI, and the API for what is sealed.
    const origins = new Set(requested.map((url) => new URL(url).origin));
    expect([...origins].sort()).toEqual([stack.api, String(stack.temporalUi)].sort());
    expect(problems).toEqual([]);
    // A line is written a moment after the answer it is about.
    await stack.waitFor('the reading in the log', () =>
      readsLogged().some((line) => line.includes(`"workflowIds":["payout:${PAYOUT}"]`)),
    );
    expect(readsLogged().every((line) => line.includes('"actor":"local"'))).toBe(true);
  }, 180_000);

  describe('with API keys', () => {
    beforeAll(async () => {
      const callers = [entry('ops', reader, ['codec']), entry('shop', shop, ['payouts:read'])];
      Object.assign(stack.environment.api, { API_KEYS: JSON.stringify(callers) });
      await stack.kill('api', 'SIGTERM');
      await stack.start('api');
    }, 180_000);

    test('the same page shows ciphertext', async () => {
      const { page, takePicture } = await browser.openPage();
      // Listened for before the page is opened: the answer may be there before the page is.
      const refused = page.waitForResponse((response) => response.url().includes('/codec/decode'));
      await page.goto(linkToWorkflow(String(stack.temporalUi), PAYOUT));
      expect((await refused).status()).toBe(401);
      await Promise.all([waitForText(page, /"[A-Za-z0-9+/]{80}/), waitForText(page, 'Codec Server could not connect')]);
      const text = String(await page.locator('body').textContent());
      for (const clear of ['firstName', '10.50', '••••']) expect(text).not.toContain(clear);
      await takePicture('codec-server-closed');
    }, 180_000);

    test('who has signed in reads it, once the UI sends the session along', async () => {
      const { page, context, problems, takePicture } = await browser.openPage();
      await page.goto(`${stack.api}/codec`);
      await page.getByLabel('API key with scope codec').fill(shop);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('That key lacks the scope codec.').waitFor();
      expect(await context.cookies()).toEqual([]);
      await takePicture('codec-server-refused');
      await page.getByLabel('API key with scope codec').fill(reader);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Signed in as ops').waitFor();
      await takePicture('codec-server-session');
      expect(problems).toEqual([
        'console: Failed to load resource: the server responded with a status of 403 (Forbidden)',
      ]);
      expect(await context.cookies()).toEqual([
        expect.objectContaining({ httpOnly: true, sameSite: 'Strict', path: '/codec', secure: false }),
      ]);

      await page.goto(`${stack.temporalUi}/namespaces/default/workflows`);
      await sendCredentials(page, `${stack.api}/codec`);
      await takePicture('codec-server-settings');
      await page.goto(linkToWorkflow(String(stack.temporalUi), PAYOUT));
      await waitForText(page, '"firstName": "Ada"');
      expect(await page.locator('body').textContent()).toMatch(/"accountNumber": "••••0000"/);
      await stack.waitFor('the reading in the log', () =>
        readsLogged().some((line) => line.includes('"actor":"ops","by":"session"')),
      );
    }, 240_000);

    /** The log is written in order, a moment behind: what was read before a sign-in is in it when the sign-in is. */
    async function countReadsByKey(): Promise<number> {
      const countSignIns = () => readLog('api').split('session for reading payloads opened').length;
      const before = countSignIns();
      const signedIn = await fetch(`${stack.api}/codec`, {
        method: 'POST',
        body: new URLSearchParams({ act: 'enter', key: reader }),
        redirect: 'manual',
      });
      expect(signedIn.status).toBe(303);
      await stack.waitFor('the sign-in in the log', () => countSignIns() > before);
      return readsLogged().filter((line) => line.includes('"actor":"ops","by":"key"')).length;
    }

    test('the CLI reads it with a key, and without one it does not', async () => {
      const temporal = await findTemporal();
      const show = async (...more: string[]) => {
        const target = ['--address', stack.temporalAddress, '--namespace', stack.namespace];
        const codec = ['--codec-endpoint', `${stack.api}/codec`, ...more];
        const args = ['workflow', 'show', '--workflow-id', `payout:${PAYOUT}`, '--output', 'json', ...target, ...codec];
        return (await run(temporal.path, args)).stdout;
      };
      const readData = (stdout: string) =>
        [...stdout.matchAll(/"data": "([^"]*)"/g)]
          .map(([, data]) => Buffer.from(data ?? '', 'base64').toString())
          .join('\n');
      // The CLI gives a call ten seconds, codec server included: on a busy machine one may be over before.
      const askWithKey = async () => readData(await show('--codec-auth', `Bearer ${reader}`));
      const shown = await stack.waitFor('the CLI to show it', askWithKey, 60_000);
      expect(shown).toContain('"firstName":"Ada"');
      expect(shown).toContain('"accountNumber":"••••0000"');
      expect(shown).not.toContain(NUMBER);
      const readBefore = await countReadsByKey();
      expect(readBefore).toBeGreaterThan(0);
      // Refused, it asks again for those ten seconds, and then says nothing but that it has failed.
      const refused = [[], ['--codec-auth', `Bearer ${shop}`]].map((auth) =>
        show(...auth).catch(({ stdout }: { stdout: string }) => stdout),
      );
      for (const stdout of await Promise.all(refused)) expect(readData(stdout)).not.toContain('firstName');
      expect(await countReadsByKey()).toBe(readBefore);
    }, 150_000);
  });

  test('neither the account number nor a key ever stood in a log', () => {
    const logs = readLog('api') + readLog('worker');
    expect(logs).toContain('payloads read');
    for (const secret of [NUMBER, reader, shop, 'Ada']) expect(logs).not.toContain(secret);
  });
});

async function waitForText(page: Page, text: string | RegExp): Promise<void> {
  await page.locator('body', { hasText: text }).waitFor();
}

/** As a person does it: the codec server's button, "my browser setting", the endpoint, "include cross-origin credentials". */
async function sendCredentials(page: Page, endpoint: string): Promise<void> {
  await page.locator('[data-testid^="data-encoder-status"]').first().click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Use my browser setting' });
  await dialog.getByLabel('Use my browser setting').check({ force: true });
  await dialog.getByPlaceholder('Paste your endpoint here').fill(endpoint);
  await dialog.getByText('Include cross-origin credentials').click();
  await dialog.getByRole('button', { name: 'Apply' }).click();
}
