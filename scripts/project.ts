import { existsSync } from 'node:fs';
import path from 'node:path';

/** This file runs from `scripts/` and, compiled, from `dist/scripts/`: package.json marks the root. */
function findProjectRoot(from: string): string {
  if (existsSync(path.join(from, 'package.json'))) return from;
  const parent = path.dirname(from);
  if (parent === from) throw new Error('no package.json above the scripts folder');
  return findProjectRoot(parent);
}

/** Absolute path of the folder that holds package.json. */
export const projectRoot = findProjectRoot(__dirname);

/** The data of a run: databases, ledgers, keys, logs. Not in version control; `DATA_DIR` moves it. */
export const dataDir = path.resolve(projectRoot, process.env.DATA_DIR || '.data');

/** Text of an unknown thrown value, for messages shown to a person. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
