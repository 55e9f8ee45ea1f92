import { rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { describePayout } from '../../../scripts/payout-api';
import { projectRoot } from '../../../scripts/project';
import type { TestBrowser } from '../../support/browser';
import type { Scene } from './scene';
import { MAX_BYTES, type Shot, WIDTHS } from './shots';

/** Where the documents find them. */
export const PICTURES_DIR = path.join(projectRoot, 'docs', 'pictures');

const COLUMNS = ['Status', 'Workflow ID', 'PayoutState', 'PayoutAttention', 'NextDeadline'];
/** What the Temporal UI keeps in each browser, under its names: the columns of its list, and whether its menu has words. */
const KEPT_BY_TEMPORAL_UI = {
  'namespace-workflow-table-columns': { default: COLUMNS.map((label) => ({ label })) },
  navOpen: false,
};
const KEEP = Object.entries(KEPT_BY_TEMPORAL_UI)
  .map(([name, kept]) => `localStorage.setItem('${name}', ${JSON.stringify(JSON.stringify(kept))});`)
  .join('');

/** What no picture may hold: all account numbers of the plays begin alike. */
const UNSHOWN = {
  'the name of this machine': hostname(),
  'an account number': describePayout('none').destination.accountNumber.slice(0, 12),
};

/**
 * Takes one picture and returns its size in bytes.
 *
 * @throws when the page does not come to say what it should, shows what it must not, or makes a picture too large for a document
 */
export async function takeShot(browser: TestBrowser, scene: Scene, shot: Shot): Promise<number> {
  const viewport = { width: WIDTHS[shot.width], height: shot.height ?? 700 };
  const { page, context } = await browser.openPage({ viewport, timezoneId: 'UTC', locale: 'en-GB' });
  // Frames without an origin of their own have no storage.
  await context.addInitScript(`try { ${KEEP} } catch {}`);
  await page.goto(shot.locate(scene));
  await shot.prepare?.(page);
  const place = shot.isFramed ? page.frameLocator('iframe').last() : page;
  for (const text of shot.until) await place.getByText(text).first().waitFor({ timeout: 30_000 });
  await page.evaluate('document.fonts.ready');
  for (const [what, text] of Object.entries(UNSHOWN)) {
    const isShown = (await page.getByText(text).filter({ visible: true }).count()) > 0;
    if (isShown) throw new Error(`${shot.name} would show ${what}`);
  }
  const picture = await page.screenshot({ fullPage: shot.height === null, animations: 'disabled', caret: 'hide' });
  await context.close();
  if (picture.length > MAX_BYTES)
    throw new Error(`${shot.name} has ${picture.length} bytes; ${MAX_BYTES} is the most a document takes`);
  const file = path.join(PICTURES_DIR, `${shot.name}.png`);
  await rm(file, { force: true });
  await writeFile(file, picture);
  return picture.length;
}
