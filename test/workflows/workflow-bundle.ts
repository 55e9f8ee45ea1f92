import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findBuilt } from '../../scripts/build';
import { projectRoot } from '../../scripts/project';
import { bundleWorkflows } from '../../scripts/workflow-code';

const CACHE = path.join(projectRoot, '.cache', 'test-bundles');
const DAY_MS = 24 * 60 * 60 * 1_000;
/** Go into a bundle beside the workflows and the domain. */
const OTHERS = ['src/temporal/failure-converter.ts', 'scripts/workflow-code.ts'];

function hashInputs(more: readonly string[]): string {
  const hash = createHash('sha256').update(readFileSync(path.join(projectRoot, 'package-lock.json')));
  for (const folder of ['src/workflows', 'src/domain']) {
    for (const file of readdirSync(path.join(projectRoot, folder)).sort())
      hash.update(`${file}\0`).update(readFileSync(path.join(projectRoot, folder, file)));
  }
  for (const file of [...OTHERS, ...more]) hash.update(`${file}\0`).update(readFileSync(path.join(projectRoot, file)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * A file with a bundle, made once for all test files. The name is a hash of what goes into it, so an old bundle is never taken for the
 * current one; the rename makes it appear whole.
 */
export async function findBundle(kind: string, more: readonly string[], make: () => Promise<string>): Promise<string> {
  const bundlePath = path.join(CACHE, `${kind}-${hashInputs(more)}.js`);
  if (existsSync(bundlePath)) return bundlePath;
  const code = await make();
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${bundlePath}.${randomUUID()}`;
  writeFileSync(unfinished, code);
  renameSync(unfinished, bundlePath);
  removeOld();
  return bundlePath;
}

/** The current workflow code; that of the build, where the build is of the current sources. */
export async function findWorkflowBundle(): Promise<string> {
  return await findBundle('workflows', [], async () => {
    const built = findBuilt('src/workflow-bundle.js');
    return built === null ? await bundleWorkflows(path.join(projectRoot, 'src')) : readFileSync(built, 'utf8');
  });
}

/** Bundles of code that has changed since; younger ones may be in use by a run beside this one. */
function removeOld(): void {
  for (const file of readdirSync(CACHE).map((name) => path.join(CACHE, name)))
    if (Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > DAY_MS) rmSync(file, { force: true });
}
