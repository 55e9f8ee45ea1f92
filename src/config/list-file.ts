import path from 'node:path';
import type { z } from 'zod';
import type { SecretFile } from './secret-files';

/** Our name of an endpoint: part of its callback URL, its task queue and its log lines. */
export const ENDPOINT_NAME_PATTERN = /^[a-z][a-z0-9-]{0,31}$/;

export interface Reading {
  /** The file, and the entry in it. */
  readonly where: string;
  readonly directory: string;
  readonly readFile: (path: string) => string;
  readonly problems: string[];
  readonly secretFiles: SecretFile[];
}

/** What a file holds, and what is wrong with it: each problem names file, entry and field, never a value. */
export interface ListFile<Item> {
  readonly items: readonly Item[];
  readonly problems: readonly string[];
}

interface ListFileOptions<Entry, Item> {
  /** The variable that names the file. */
  readonly setting: string;
  /** What an entry is; at least `least` of them are expected. */
  readonly kind: 'endpoint' | 'subscriber' | 'payer';
  readonly least: 0 | 1;
  readonly entry: z.ZodType<Entry>;
  /** True when the entry itself holds a secret. */
  readonly holdsSecret: (entry: Entry) => boolean;
  /** The item of an entry, or none and at least one problem. */
  readonly toItems: (entry: Entry, reading: Reading) => readonly Item[];
}

/** Reads a JSON list of named entries, and the key files they name, relative to itself. Never throws. */
export function readListFile<Entry, Item extends { readonly name: string }>(
  file: string,
  { setting, kind, least, entry, holdsSecret, toItems }: ListFileOptions<Entry, Item>,
  { readFile, secretFiles }: Pick<Reading, 'readFile' | 'secretFiles'>,
): ListFile<Item> {
  const refuse = (expected: string) => ({ items: [], problems: [`${setting} ${file}: expected ${expected}`] });
  let entries: unknown;
  try {
    entries = JSON.parse(readFile(file));
  } catch (error) {
    return refuse(error instanceof SyntaxError ? 'JSON' : 'the path of a readable file');
  }
  if (!Array.isArray(entries) || entries.length < least)
    return refuse(`a list of ${kind}s${least === 0 ? '' : ', at least one'}`);
  const problems: string[] = [];
  const items = entries.flatMap((raw, index) => {
    const where = `${setting} ${file}: ${describeEntry(raw, index, kind)}`;
    const parsed = entry.safeParse(raw);
    if (!parsed.success) {
      problems.push(...parsed.error.issues.flatMap(describeIssue).map((problem) => `${where}: ${problem}`));
      return [];
    }
    if (holdsSecret(parsed.data)) secretFiles.push({ setting, path: file });
    return toItems(parsed.data, { where, directory: path.dirname(file), readFile, problems, secretFiles });
  });
  const names = items.map(({ name }) => name);
  for (const name of new Set(names.filter((candidate, index) => names.indexOf(candidate) !== index)))
    problems.push(`${setting} ${file}: ${kind} ${name}: name: expected no other ${kind} of this name`);
  return { items, problems };
}

/** An entry as a complaint names it: by its name where it has one. */
function describeEntry(raw: unknown, index: number, kind: string): string {
  const name: unknown = typeof raw === 'object' && raw !== null && 'name' in raw ? raw.name : null;
  return typeof name === 'string' && ENDPOINT_NAME_PATTERN.test(name) ? `${kind} ${name}` : `entry ${index + 1}`;
}

/** A name that is not a plain word might be a value in the wrong place. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

/** What is wrong with an entry, by field and expectation, never with a value. */
export function describeIssue(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => (PLAIN_NAME.test(key) ? key : '(unreadable name)'));
    return names.map((name) => `${[...issue.path, name].join('.')}: expected no field of this name`);
  }
  const at = issue.path.join('.') || 'the entry';
  return [`${at}: ${issue.message.replace(/^Invalid [a-z]+: /, '')}`];
}

export interface Secret {
  readonly field: string;
  readonly schema: z.ZodType<string>;
}

/** The secret in a file, or null and a complaint. */
export function readKeyFile(file: string, { field, schema }: Secret, reading: Reading): string | null {
  const { where, directory, readFile, problems } = reading;
  const resolved = path.resolve(directory, file);
  reading.secretFiles.push({ setting: `${where}: ${field}`, path: resolved });
  try {
    const parsed = schema.safeParse(readFile(resolved).trimEnd());
    if (parsed.success) return parsed.data;
    problems.push(`${where}: ${field}: ${parsed.error.issues[0]?.message ?? 'expected another text'}`);
  } catch {
    problems.push(`${where}: ${field}: expected the path of a readable file`);
  }
  return null;
}
