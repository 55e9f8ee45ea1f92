import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
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

/** Unpacks the browser that comes with the packages, once. Two processes may do it at once: the first to finish wins. */
function unpack(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(path.dirname(folder), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  try {
    const env = { ...process.env, ...WITH_LIBRARIES, TMPDIR: draft };
    execFileSync(process.execPath, ['-e', UNPACK], { cwd: projectRoot, env, stdio: ['ignore', 'ignore', 'pipe'] });
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The browser of the packages (Linux on x64), with the libraries and fonts it brings. */
export function unpackChromium(folder = path.join(projectRoot, '.cache', 'chromium-147')): Chromium {
  unpack(folder);
  return {
    program: path.join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: path.join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: path.join(folder, 'fonts') },
  };
}

/**
 * The browser for tests and pictures: CHROMIUM_PATH, else an installed one, else the one that comes with the packages.
 *
 * @throws Error when CHROMIUM_PATH names no program.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env, fromPackages = unpackChromium): Chromium {
  const named = env.CHROMIUM_PATH;
  if (named) {
    if (isProgram(named)) return { program: named, env: {} };
    throw new Error('CHROMIUM_PATH: expected the path of a program');
  }
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const name of CHROMIUM_NAMES) {
    const found = folders.map((folder) => path.join(folder, name)).find(isProgram);
    if (found !== undefined) return { program: found, env: {} };
  }
  return fromPackages();
}
