import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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

  test('the named file comes before PATH', () => {
    place('chromium');
    const named = place('my-browser');
    expect(findChromium({ CHROMIUM_PATH: named, PATH: dir }).program).toBe(named);
  });

  test('a named file that is no program is an error, not a reason to look elsewhere', () => {
    place('chromium');
    const named = place('my-browser', 0o644);
    expect(() => findChromium({ CHROMIUM_PATH: named, PATH: dir })).toThrow(
      'CHROMIUM_PATH: expected the path of a program',
    );
  });

  test.each(CHROMIUM_NAMES)('%s is found on PATH', (name) => {
    const file = place(name);
    expect(findChromium({ CHROMIUM_PATH: '', PATH: `/nowhere${path.delimiter}${dir}` }).program).toBe(file);
  });

  test('where none is installed it comes with the packages', () => {
    place('chromium', 0o644);
    const packaged = { program: '/packaged/chromium', env: { LD_LIBRARY_PATH: '/packaged/lib' } };
    expect(findChromium({ PATH: dir }, () => packaged)).toBe(packaged);
  });

  test('the one of the packages is unpacked with its libraries, and starts', () => {
    const { program, env } = unpackChromium();
    const version = execFileSync(program, ['--version'], { env: { ...process.env, ...env }, encoding: 'utf8' });
    expect(version).toMatch(/^Chromium \d+|HeadlessChrome|Google Chrome/);
  });
});
