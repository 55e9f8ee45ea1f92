import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CHROMIUM_NAMES, findChromium } from '../../scripts/find-chromium';
import { projectRoot } from '../../scripts/project';

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
    expect(findChromium({ CHROMIUM_PATH: named, PATH: dir })).toBe(named);
  });

  test('a named file that is no program is an error, not a reason to look elsewhere', () => {
    place('chromium');
    const named = place('my-browser', 0o644);
    expect(() => findChromium({ CHROMIUM_PATH: named, PATH: dir })).toThrow('CHROMIUM_PATH names no program');
  });

  test.each(CHROMIUM_NAMES)('%s is found on PATH', (name) => {
    const file = place(name);
    expect(findChromium({ CHROMIUM_PATH: '', PATH: `/nowhere${path.delimiter}${dir}` })).toBe(file);
  });

  test('none is an error with the remedy', () => {
    place('chromium', 0o644);
    expect(() => findChromium({ PATH: dir })).toThrow(/apt-get install .* chromium.* export CHROMIUM_PATH=/);
  });

  test('the machine that runs the tests looks for the same names before it installs one', () => {
    const script = readFileSync(path.join(projectRoot, '.ci/run'), 'utf8');
    for (const name of CHROMIUM_NAMES) expect(script).toContain(`command -v ${name} `);
  });
});
