import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../scripts/project';
import { bundleChanged, type Change } from '../../workflows/changed-workflow';

const SUBMIT = 'else if (next.step === "submit") record.current = calls.submit(current);'.replaceAll('"', "'");

/** A changed workflow as it should be deployed: payouts that are open go the old way, new ones pause before their send. */
export const GUARDED: Change = {
  name: 'guarded-pause',
  file: 'workflows/payout.ts',
  from: SUBMIT,
  to: `else if (next.step === 'submit') {
    if (hasPassed('pause-before-send')) await until(() => false, 4_000);
    record.current = calls.submit(current);
  }`,
};

/** The same by one who forgot the guard: no payout that was sent can be replayed. */
export const UNGUARDED: Change = {
  ...GUARDED,
  name: 'unguarded-pause',
  to: GUARDED.to.replace("if (hasPassed('pause-before-send')) ", ''),
};

/** The product's build with changed workflows, in a folder of its own. @returns the folder, as the root of a program */
export async function makeChangedBuild(dir: string, change: Change): Promise<string> {
  const root = path.join(dir, change.name);
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  cpSync(path.join(projectRoot, 'dist', 'src'), path.join(root, 'dist', 'src'), { recursive: true });
  for (const name of ['node_modules', 'package.json']) symlinkSync(path.join(projectRoot, name), path.join(root, name));
  writeFileSync(path.join(root, 'dist', 'src', 'workflow-bundle.js'), await bundleChanged(change));
  return root;
}
