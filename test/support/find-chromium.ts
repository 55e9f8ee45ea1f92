import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../scripts/project';

/** Names under which distributions install the browser, in the order in which they are looked for. */
export const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

/** A browser to start: its program, and what its environment needs beside the caller's. */
export interface Chromium {
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Tells the package to unpack the shared libraries too: a bare system has none of them. */
const WITH_LIBRARIES = { AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' };
const UNPACK =
  "require('@sparticuz/chromium').executablePath().catch((e) => { console.error(e.message); process.exit(1); })";

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The package's own names folders of a cloud function: without fonts the browser dies of the first field of a form. */
const describeFonts = (folder: string): string => {
  const fonts = path.join(folder, 'fonts');
  return `<fontconfig><dir>${path.join(fonts, 'fonts')}</dir><cachedir>${path.join(fonts, 'cache')}</cachedir></fontconfig>\n`;
};

/** Unpacks the browser that comes with the packages, once. Two processes may do it at once: the first to finish wins. */
function unpack(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(path.dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  try {
    const env = { ...process.env, ...WITH_LIBRARIES, TMPDIR: draft };
    execFileSync(process.execPath, ['-e', UNPACK], { cwd: projectRoot, env, stdio: ['ignore', 'ignore', 'pipe'] });
    writeFileSync(path.join(draft, 'fonts', 'fonts.conf'), describeFonts(folder));
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The browser of the packages (Linux on x64), with the libraries and fonts it brings. */
export function unpackChromium(folder = path.join(projectRoot, '.cache', 'browser-147')): Chromium {
  unpack(folder);
  return {
    program: path.join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: path.join(folder, 'fonts') },
  };
}

/** The browser of the packages, where it runs; null elsewhere. */
const PACKAGED = process.platform === 'linux' && process.arch === 'x64' ? unpackChromium : null;

/**
 * The browser for tests and pictures: CHROMIUM_PATH, else the one that comes with the packages, which starts and draws in a fraction of
 * the time of a whole browser, else an installed one.
 *
 * @throws Error when CHROMIUM_PATH names no program, and when there is none.
 */
export function findChromium(
  env: NodeJS.ProcessEnv = process.env,
  fromPackages: (() => Chromium) | null = PACKAGED,
): Chromium {
  const named = env.CHROMIUM_PATH;
  if (named) {
    if (isProgram(named)) return { program: named, env: {} };
    throw new Error('CHROMIUM_PATH: expected the path of a program');
  }
  if (fromPackages !== null) return fromPackages();
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const name of CHROMIUM_NAMES) {
    const found = folders.map((folder) => path.join(folder, name)).find(isProgram);
    if (found !== undefined) return { program: found, env: {} };
  }
  throw new Error(`a browser: expected CHROMIUM_PATH, or one of ${CHROMIUM_NAMES.join(', ')} on PATH`);
}
