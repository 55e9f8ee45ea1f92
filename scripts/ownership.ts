import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isStillRunning, type ProcessIdentity } from './process-identity';

/** Somebody else, still running, holds the file. */
export class OwnedError extends Error {
  override readonly name = 'OwnedError';
  readonly owner: ProcessIdentity;

  constructor(file: string, owner: ProcessIdentity) {
    super(`${file} belongs to process ${owner.pid}, which is still running`);
    this.owner = owner;
  }
}

function readOwner(file: string): ProcessIdentity | null {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessIdentity>;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : null;
  } catch {
    return null;
  }
}

/**
 * Makes a process the owner of a file that only one may use. An owner that died, however it died, counts as none.
 *
 * @throws OwnedError while another owner runs.
 */
export function claimFile(file: string, identity: ProcessIdentity): void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(identity), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = readOwner(file);
    if (owner !== null && isStillRunning(owner)) throw new OwnedError(file, owner);
    rmSync(file, { force: true });
  }
  throw new Error(`${file} was claimed by another process at the same moment`);
}

/** Hands a claimed file over to another process, in one step. */
export function transferFile(file: string, to: ProcessIdentity): void {
  writeFileSync(`${file}.new`, JSON.stringify(to), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Gives a file up; does nothing when it belongs to another process by now. */
export function releaseFile(file: string, identity: ProcessIdentity): void {
  if (readOwner(file)?.pid === identity.pid) rmSync(file, { force: true });
}
