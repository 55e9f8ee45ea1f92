import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { claimFile, OwnedError, releaseFile } from './ownership';
import { identifyProcess } from './process-identity';
import { describeError, projectRoot } from './project';
import { waitUntil } from './wait-until';
import { bundleWorkflows } from './workflow-code';

const run = promisify(execFile);

const SOURCE_FOLDERS = ['src', 'simulator', 'scripts', 'web', 'docs/runbook'];
const SOURCE_FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];
const STAMP = 'dist/build.json';

function listFiles(root: string): string[] {
  const folders = SOURCE_FOLDERS.filter((folder) => existsSync(path.join(root, folder)));
  const inFolders = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))),
  );
  return [...SOURCE_FILES.filter((file) => existsSync(path.join(root, file))), ...inFolders].sort();
}

/** A hash of everything the build reads: the sources, the settings and the locked versions. */
export function hashSources(root: string): string {
  const hash = createHash('sha256');
  for (const file of listFiles(root))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

function readStamp(root: string): string | null {
  try {
    return (JSON.parse(readFileSync(path.join(root, STAMP), 'utf8')) as { hash?: string }).hash ?? null;
  } catch {
    return null;
  }
}

/** A file of the build, if it was made of the present sources; else null. */
export function findBuilt(file: string, root: string = projectRoot): string | null {
  return readStamp(root) === hashSources(root) ? path.join(root, 'dist', file) : null;
}

async function compile(root: string): Promise<void> {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await run(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root });
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout?.trim() || describeError(error));
  }
}

/**
 * Compiles everything into `dist/`, copies the pages and bundles the workflows. The stamp is removed first and written last, so that
 * an interrupted build is repeated.
 *
 * @throws Error with the compiler's messages.
 */
export async function build(root: string = projectRoot): Promise<void> {
  const hash = hashSources(root);
  for (const folder of SOURCE_FOLDERS) await rm(path.join(root, 'dist', folder), { recursive: true, force: true });
  await rm(path.join(root, STAMP), { force: true });
  await compile(root);
  for (const folder of ['web', 'docs/runbook'])
    await cp(path.join(root, folder), path.join(root, 'dist', folder), { recursive: true });
  for (const packaged of ['simulator/package.json', 'simulator/README.md'])
    if (existsSync(path.join(root, packaged))) await cp(path.join(root, packaged), path.join(root, 'dist', packaged));
  await writeFile(path.join(root, 'dist', 'src', 'workflow-bundle.js'), await bundleWorkflows(path.join(root, 'src')));
  await writeFile(path.join(root, STAMP), `${JSON.stringify({ hash })}\n`);
}

/**
 * Builds if the sources changed since the last build; processes that call it at the same time share one build.
 *
 * @returns whether it had to build.
 */
export async function ensureBuilt(root: string = projectRoot): Promise<boolean> {
  if (readStamp(root) === hashSources(root)) return false;
  const lock = path.join(root, '.cache', 'build.owner.json');
  const self = identifyProcess(process.pid);
  await mkdir(path.dirname(lock), { recursive: true });
  const claim = (): boolean => {
    try {
      claimFile(lock, self);
      return true;
    } catch (error) {
      if (error instanceof OwnedError) return false;
      throw error;
    }
  };
  await waitUntil({ what: 'the build of another process', timeoutMs: 180_000, ask: claim });
  try {
    if (readStamp(root) === hashSources(root)) return false;
    await build(root);
    return true;
  } finally {
    releaseFile(lock, self);
  }
}

if (require.main === module) {
  build().catch((error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 1;
  });
}
