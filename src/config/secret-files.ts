import { statSync } from 'node:fs';

/** A file that holds a secret, and the setting that names it. */
export interface SecretFile {
  readonly setting: string;
  readonly path: string;
}

const OTHERS_MASK = 0o077;

/** True when others than the owner of a file may do anything with it. Windows keeps that in lists we do not read. */
export function isOpenToOthers(path: string): boolean {
  if (process.platform === 'win32') return false;
  const { mode } = statSync(path, { throwIfNoEntry: false }) ?? { mode: 0 };
  return (mode & OTHERS_MASK) !== 0;
}

/** What the log says of such files, each once; the setting, never the content. */
export function describeOpenFiles(
  files: readonly SecretFile[],
  isOpen: (path: string) => boolean = isOpenToOthers,
): string[] {
  const open = files.filter(({ path }) => isOpen(path));
  const settings = new Set(open.map(({ setting }) => setting));
  return [...settings].map((setting) => `${setting}: others than its owner have access to this file: chmod 600`);
}
