import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../scripts/project';
import { bundleChanged, type ChangeName } from '../../workflows/changed-workflow';

/** The product's build with changed workflows, in a folder of its own. @returns the folder, as the root of a program */
export async function makeChangedBuild(dir: string, change: ChangeName): Promise<string> {
  const root = path.join(dir, change);
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  cpSync(path.join(projectRoot, 'dist', 'src'), path.join(root, 'dist', 'src'), { recursive: true });
  for (const name of ['node_modules', 'package.json']) symlinkSync(path.join(projectRoot, name), path.join(root, name));
  writeFileSync(path.join(root, 'dist', 'src', 'workflow-bundle.js'), await bundleChanged(change));
  return root;
}
