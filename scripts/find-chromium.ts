import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { describeError } from './project';

/** Names under which distributions install the browser, in the order in which they are looked for. */
export const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'] as const;

const REMEDY =
  'Install it (Debian: apt-get install -y --no-install-recommends chromium), or name the file: export CHROMIUM_PATH=/path/to/chromium';

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Path of Chromium: CHROMIUM_PATH, else the first of its names on PATH. Nothing is downloaded: a browser needs the libraries that a
 * distribution's package brings along.
 *
 * @throws Error with the remedy when there is none, or when CHROMIUM_PATH names no program.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const named = env.CHROMIUM_PATH;
  if (named) {
    if (isProgram(named)) return named;
    throw new Error(`CHROMIUM_PATH names no program. ${REMEDY}`);
  }
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  for (const name of CHROMIUM_NAMES) {
    const found = folders.map((folder) => path.join(folder, name)).find(isProgram);
    if (found !== undefined) return found;
  }
  throw new Error(`No Chromium: looked on PATH for ${CHROMIUM_NAMES.join(', ')}. ${REMEDY}`);
}

if (require.main === module) {
  try {
    console.log(findChromium());
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
}
