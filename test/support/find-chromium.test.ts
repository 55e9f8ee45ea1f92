import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchBrowser } from './browser';
import { CHROMIUM_NAMES, findChromium, unpackChromium } from './find-chromium';

describe('finding Chromium', () => {
  let dir: string;
  const place = (name: string, mode = 0o755): string => {
    const file = path.join(dir, name);
    writeFileSync(file, '', { mode });
    return file;
  };

  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'find-chromium-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const packaged = { program: '/packaged/chromium', env: { LD_LIBRARY_PATH: '/packaged/lib' } };

  test('the named file comes first', () => {
    place('chromium');
    const named = place('my-browser');
    expect(findChromium({ CHROMIUM_PATH: named, PATH: dir }, () => packaged).program).toBe(named);
    expect(findChromium({ CHROMIUM_PATH: named, PATH: dir }, null).program).toBe(named);
  });

  test('a named file that is no program is an error, not a reason to look elsewhere', () => {
    place('chromium');
    const named = place('my-browser', 0o644);
    expect(() => findChromium({ CHROMIUM_PATH: named, PATH: dir })).toThrow(
      'CHROMIUM_PATH: expected the path of a program',
    );
  });

  test.each(CHROMIUM_NAMES)('%s is found on PATH where the packages have none', (name) => {
    const file = place(name);
    const env = { CHROMIUM_PATH: '', PATH: `/nowhere${path.delimiter}${dir}` };
    expect(findChromium(env, null).program).toBe(file);
  });

  test('the one of the packages comes before PATH', () => {
    place('chromium');
    expect(findChromium({ PATH: dir }, () => packaged)).toBe(packaged);
  });

  test('where there is none, an error says what was expected', () => {
    place('chromium', 0o644);
    expect(() => findChromium({ PATH: dir }, null)).toThrow(
      'a browser: expected CHROMIUM_PATH, or one of chromium, chromium-browser, google-chrome on PATH',
    );
  });

  test('the one of the packages is unpacked with its libraries and fonts, and draws a form', async () => {
    const browser = await launchBrowser(unpackChromium());
    try {
      const { page } = await browser.openPage();
      await page.setContent('<label>Name <input></label>');
      expect((await page.locator('input').boundingBox())?.width).toBeGreaterThan(0);
      expect((await page.screenshot()).length).toBeGreaterThan(0);
    } finally {
      await browser.close();
    }
  }, 60_000);
});
