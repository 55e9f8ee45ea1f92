import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from '../../scripts/build';
import { projectRoot } from '../../scripts/project';
import { plant, type Source } from '../../test/proofs/mutants/planted-bug';
import { readSources } from '../../test/proofs/mutants/planted-tree';
import type { Variant } from './variants';

const COPIED = ['src', 'simulator', 'scripts', 'web', 'package.json', 'package-lock.json', 'tsconfig.json'];
/** What a cut leaves unused is no error. */
const UNUSED = { noUnusedLocals: false, noUnusedParameters: false };
const BUILD = { noEmit: false, outDir: 'dist', rootDir: '.', types: ['node'], sourceMap: true, ...UNUSED };

/** The sources with the cuts of a variant. @throws Error when a text does not occur exactly once: the list is then out of date */
export function cutSources(sources: readonly Source[], { name, cuts }: Variant): readonly Source[] {
  return cuts.reduce((current, [find, replace]) => {
    const changed = plant(current, { id: name, rule: '', find, replace });
    return current.map((source) => (source.file === changed.file ? changed : source));
  }, sources);
}

/** Builds the product with the cuts of a variant, as the product itself is built, and returns where; again only when something changed. */
export async function buildVariant(variant: Variant): Promise<string> {
  if (variant.cuts.length === 0) return projectRoot;
  const root = path.join(projectRoot, '.cache', 'bench', variant.name.replaceAll(' ', '-'));
  mkdirSync(root, { recursive: true });
  for (const name of COPIED) {
    rmSync(path.join(root, name), { recursive: true, force: true });
    cpSync(path.join(projectRoot, name), path.join(root, name), { recursive: true });
  }
  if (!existsSync(path.join(root, 'node_modules'))) {
    symlinkSync(path.join(projectRoot, 'node_modules'), path.join(root, 'node_modules'));
  }
  const include = ['src', 'simulator', 'scripts'];
  const config = { extends: './tsconfig.json', compilerOptions: BUILD, include };
  writeFileSync(path.join(root, 'tsconfig.build.json'), JSON.stringify(config));
  for (const { file, text } of cutSources(readSources(), variant)) writeFileSync(path.join(root, file), text);
  await ensureBuilt(root);
  return root;
}
