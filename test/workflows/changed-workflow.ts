import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflows } from '../../scripts/workflow-code';

const ROOT = path.join(__dirname, '..', '..');

/** One change to the source of the workflows. `from` must be there exactly once, or the change is out of date. */
export interface Change {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Bundles a copy of the workflows with this change in it. @throws Error when the source no longer holds `from` once */
export async function bundleChanged({ name, file, from, to }: Change): Promise<string> {
  const copy = path.join(ROOT, '.cache', 'changed-workflows', name);
  rmSync(copy, { recursive: true, force: true });
  for (const folder of ['workflows', 'domain'])
    cpSync(path.join(ROOT, 'src', folder), path.join(copy, folder), { recursive: true });
  const changedPath = path.join(copy, file);
  const source = readFileSync(changedPath, 'utf8');
  if (source.split(from).length !== 2) throw new Error(`${name}: ${file} does not hold the changed text exactly once`);
  writeFileSync(
    changedPath,
    `import { patched as hasPassed, condition as until } from '@temporalio/workflow';\n${source.replace(from, () => to)}`,
  );
  return await bundleWorkflows(copy, path.join(ROOT, 'src'));
}
