import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflows } from '../../scripts/workflow-code';

const ROOT = path.join(__dirname, '..', '..');
const CACHE = path.join(ROOT, '.cache', 'test-bundles');
const DAY_MS = 24 * 60 * 60 * 1_000;
/** Go into a bundle beside the workflows and the domain. */
const OTHERS = ['src/temporal/failure-converter.ts', 'scripts/workflow-code.ts'];

function hashInputs(): string {
  const hash = createHash('sha256').update(readFileSync(path.join(ROOT, 'package-lock.json')));
  for (const folder of ['src/workflows', 'src/domain']) {
    for (const file of readdirSync(path.join(ROOT, folder)).sort())
      hash.update(`${file}\0`).update(readFileSync(path.join(ROOT, folder, file)));
  }
  for (const file of OTHERS) hash.update(`${file}\0`).update(readFileSync(path.join(ROOT, file)));
  return hash.digest('hex').slice(0, 16);
}

/**
 * The file of the current workflow code as one bundle, made once for all test files. The name is a hash of what goes into it, so an
 * old bundle is never taken for the current one; the rename makes it appear whole.
 */
export async function findWorkflowBundle(): Promise<string> {
  const bundlePath = path.join(CACHE, `workflows-${hashInputs()}.js`);
  if (existsSync(bundlePath)) return bundlePath;
  const code = await bundleWorkflows(path.join(ROOT, 'src'));
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${bundlePath}.${randomUUID()}`;
  writeFileSync(unfinished, code);
  renameSync(unfinished, bundlePath);
  removeOld();
  return bundlePath;
}

/** Bundles of code that has changed since; younger ones may be in use by a run beside this one. */
function removeOld(): void {
  for (const file of readdirSync(CACHE).map((name) => path.join(CACHE, name)))
    if (Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > DAY_MS) rmSync(file, { force: true });
}
