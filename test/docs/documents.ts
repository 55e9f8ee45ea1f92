import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.join(__dirname, '..', '..');

export interface Document {
  /** Path from the root of the project. */
  readonly name: string;
  readonly text: string;
}

export function readText(name: string): string {
  return readFileSync(path.join(ROOT, name), 'utf8');
}

export function exists(name: string): boolean {
  return existsSync(path.join(ROOT, name));
}

/** Files below a folder with one of these endings, as paths from the root. */
export function listFiles(folder: string, endings: readonly string[]): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .sort();
}

const TOP_LEVEL = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md'];

/** Every document of the project. */
export const DOCUMENTS: readonly Document[] = [...TOP_LEVEL, ...listFiles('docs', ['.md'])].map((name) => ({
  name,
  text: readText(name),
}));

export function documentNamed(name: string): Document {
  const found = DOCUMENTS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no document ${name}`);
  return found;
}

/** Every match of a pattern's first group, each once. */
export function findAll(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, group]) => group ?? ''))];
}

/** The text between code marks: `so`. */
export function codeSpans(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  return findAll(prose, /`([^`\n]+)`/g);
}

/** The commands of a document, block by block. */
export function shellBlocks(text: string): string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}

/** The anchors of a document's headings, as the usual renderers make them. */
export function anchorsOf(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  return findAll(prose, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The cells of every table row, without the blanks around them; heads and rules included. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => /^\|.*\|$/.test(line));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** What stands under a heading of the second level. */
export function sectionOf(text: string, heading: string): string {
  const [, section] = `${text}\n## `.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`no section ${heading}`);
  return section.split('\n## ')[0] ?? '';
}
