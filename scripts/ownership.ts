import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isStillRunning, type ProcessIdentity } from './process-identity';

/** Another running process owns the file. */
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
 * Makes a process the owner of a file that only one may use. A dead owner does not count.
 *
 * @throws OwnedError while another owner runs.
 */
export function claimFile(file: string, identity: ProcessIdentity): void {
  const claim = `${file}.${randomUUID()}`;
  writeFileSync(claim, JSON.stringify(identity), { flag: 'wx', mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      if (appearAs(file, claim)) return;
      const owner = readOwner(file);
      if (owner !== null && isStillRunning(owner)) throw new OwnedError(file, owner);
      removeLeftover(file);
    }
  } finally {
    rmSync(claim, { force: true });
  }
  throw new Error(`${file} was claimed by another process at the same moment`);
}

/** Puts a written claim in place in one step, so that it is never read half written. False if there is a claim already. */
function appearAs(file: string, claim: string): boolean {
  try {
    linkSync(claim, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Removes the claim of a dead owner. If another process has done so and claimed the file meanwhile, its claim stays. */
function removeLeftover(file: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const owner = readOwner(aside);
  if (owner !== null && isStillRunning(owner)) appearAs(file, aside);
  rmSync(aside, { force: true });
}

/** Transfers a claimed file to another process in one step. */
export function transferFile(file: string, to: ProcessIdentity): void {
  writeFileSync(`${file}.new`, JSON.stringify(to), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Releases a file; does nothing if another process owns it by now. */
export function releaseFile(file: string, identity: ProcessIdentity): void {
  if (readOwner(file)?.pid === identity.pid) rmSync(file, { force: true });
}
