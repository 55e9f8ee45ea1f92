import { mkdirSync } from 'node:fs';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { projectRoot } from '../../scripts/project';
import { findChromium } from './find-chromium';

/** Where pictures go, for a person who asks for them with `PICTURES=1`: not in version control, and no test reads them. */
const PICTURES = process.env.PICTURES === undefined ? null : path.join(projectRoot, '.cache', 'pictures');

/** How long a page may take to become what a test waits for: a busy machine draws Temporal's pages in half a minute. */
const PATIENCE_MS = 60_000;

export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the page's console, uncaught exceptions and requests that failed, in the order in which they came. */
  readonly problems: readonly string[];
  /** Every address the page asked for, without its query. */
  readonly requested: readonly string[];
  /** Writes `.cache/pictures/{name}.png`, where pictures are asked for. */
  readonly takePicture: (name: string) => Promise<void>;
}

export interface TestBrowser {
  readonly browser: Browser;
  /** A page with cookies and storage of its own. */
  readonly openPage: (options?: BrowserContextOptions) => Promise<OpenPage>;
  readonly close: () => Promise<void>;
}

/**
 * A headless Chromium. What cannot be started is an error: a test of this kind is never skipped. Call `close` in afterAll.
 */
export async function launchBrowser({ program, env } = findChromium()): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: program,
    env: { ...process.env, ...env } as Record<string, string>,
    headless: true,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  return {
    browser,
    openPage: async (options = {}) => {
      // What turns while a Receiver waits is drawn by the processor here, sixty times a second.
      const still = { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' } as const;
      const context = await browser.newContext({ ...still, ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      return watchPage(context, await context.newPage());
    },
    close: () => browser.close(),
  };
}

/** What axe finds wrong with a page: rule and markup. No page has frames: one run sees all of it, and opens no page of its own. */
export async function findViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

function watchPage(context: BrowserContext, page: Page): OpenPage {
  const problems: string[] = [];
  const requested: string[] = [];
  const withoutQuery = (url: string): string => url.split('?', 1)[0] ?? url;
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? 'failed';
    // A page that is left cancels what it was loading.
    if (why !== 'net::ERR_ABORTED') problems.push(`request: ${withoutQuery(request.url())} ${why}`);
  });
  page.on('request', (request) => requested.push(withoutQuery(request.url())));
  return {
    ...{ page, context, problems, requested },
    takePicture: async (name) => {
      if (PICTURES === null) return;
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: path.join(PICTURES, `${name}.png`), fullPage: true });
    },
  };
}
