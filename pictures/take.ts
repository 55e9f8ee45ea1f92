import { rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../scripts/project';
import type { TestBrowser } from '../test/e2e/browser';
import type { Scene } from './scene';
import { MAX_BYTES, type Shot, WIDTHS } from './shots';

/** Where the documents find them. */
export const PICTURES_DIR = path.join(projectRoot, 'docs', 'pictures');

/** The columns of the Temporal UI's list that matter here; it keeps them in each browser, under this name. */
const COLUMNS_STORED_AS = 'namespace-workflow-table-columns';
const COLUMNS = ['Status', 'Workflow ID', 'PayoutState', 'PayoutAttention', 'PayoutOutcome', 'NextDeadline', 'Start'];

/**
 * Takes one picture and returns its size in bytes.
 *
 * @throws when the page does not come to say what it should, names this machine, or makes a picture too large for a document
 */
export async function takeShot(browser: TestBrowser, scene: Scene, shot: Shot): Promise<number> {
  const viewport = { width: WIDTHS[shot.width], height: shot.height ?? 700 };
  const { page, context } = await browser.openPage({ viewport, timezoneId: 'UTC', locale: 'en-GB' });
  const columns = JSON.stringify({ default: COLUMNS.map((label) => ({ label })) });
  await context.addInitScript(`localStorage.setItem('${COLUMNS_STORED_AS}', ${JSON.stringify(columns)})`);
  await page.goto(shot.locate(scene));
  await page.locator('body', { hasText: shot.until }).waitFor({ timeout: 30_000 });
  await shot.prepare?.(page);
  await page.evaluate('document.fonts.ready');
  const text = String(await page.locator('body').innerText());
  if (text.includes(hostname())) throw new Error(`${shot.name} would show the name of this machine`);
  const picture = await page.screenshot({ fullPage: shot.height === null, animations: 'disabled', caret: 'hide' });
  await context.close();
  if (picture.length > MAX_BYTES)
    throw new Error(`${shot.name} has ${picture.length} bytes; ${MAX_BYTES} is the most a document takes`);
  const file = path.join(PICTURES_DIR, `${shot.name}.png`);
  await rm(file, { force: true });
  await writeFile(file, picture);
  return picture.length;
}
