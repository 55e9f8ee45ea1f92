import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { History } from '@temporalio/common/lib/proto-utils';
import { formatHistory, parseHistory } from './history-json';

const FOLDER = path.join(__dirname, '..', 'fixtures', 'histories');

/**
 * `clear`: every path of a payout, recorded without payload keys. `sealed`: a few of them, with the key of the tests. `notifications`:
 * what subscribers were told, in clear.
 */
export type Kind = 'clear' | 'sealed' | 'notifications';

/** The paths that are recorded sealed too: every way in which a payload crosses Temporal is on one of them. */
export const SEALED_PATHS = [
  'callback-confirmed',
  'gateway-silent',
  'lost-on-record',
  'not-sent',
  'operator-refused',
  'operator-resolves',
  'poisoned-signals',
  'receiver-form',
] as const;

/** A recorded history and the path it is of. */
export interface RecordedHistory {
  readonly name: string;
  readonly history: History;
}

/** The recorded histories, by name. */
export function readHistories(kind: Kind = 'clear'): RecordedHistory[] {
  return listFiles(kind)
    .map((file) => path.basename(file, '.json'))
    .sort()
    .map((name) => ({ name, history: parseHistory(readFileSync(fileOf(kind, name), 'utf8')) }));
}

/** Puts these in the place of all recorded histories of their kind. */
export function replaceHistories(histories: readonly RecordedHistory[], kind: Kind): void {
  const texts = histories.map(({ name, history }) => ({ file: fileOf(kind, name), text: formatHistory(history) }));
  for (const file of listFiles(kind)) rmSync(path.join(folderOf(kind), file));
  mkdirSync(folderOf(kind), { recursive: true });
  for (const { file, text } of texts) writeFileSync(file, text);
}

/** Adds these; what was recorded before stays, for it stands for payouts in flight. */
export function addHistories(histories: readonly RecordedHistory[], kind: Kind): void {
  mkdirSync(folderOf(kind), { recursive: true });
  for (const { name, history } of histories) writeFileSync(fileOf(kind, name), formatHistory(history));
}

function folderOf(kind: Kind): string {
  return kind === 'clear' ? FOLDER : path.join(FOLDER, kind);
}

function fileOf(kind: Kind, name: string): string {
  return path.join(folderOf(kind), `${name}.json`);
}

function listFiles(kind: Kind): string[] {
  const folder = folderOf(kind);
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
}
