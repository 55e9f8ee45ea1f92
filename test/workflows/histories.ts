import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { History } from '@temporalio/common/lib/proto-utils';
import { version } from '../../package.json';
import { formatHistory, parseHistory } from './history-json';

const FOLDER = path.join(__dirname, '..', 'fixtures', 'histories');

/** Every release keeps its own: they stand for the payouts that it left in flight. */
export const VERSIONS: readonly string[] = readdirSync(FOLDER).sort();
/** The one that is recorded into. */
export const CURRENT = version.split('.').slice(0, 2).join('.');

/**
 * `clear`: every path of a payout, recorded without payload keys. `sealed`: a few of them, with the key of the tests. `notifications`:
 * what subscribers were told, in clear. `late`: the events after a payout, in clear. `batches`, `limits`: the workflows of batches and
 * limits, in clear.
 */
export const KINDS = ['clear', 'sealed', 'notifications', 'late', 'batches', 'limits'] as const;
export type Kind = (typeof KINDS)[number];

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

/** The recorded histories of a release, by name. */
export function readHistories(kind: Kind, of = CURRENT): RecordedHistory[] {
  return listFiles(kind, of)
    .map((file) => path.basename(file, '.json'))
    .sort()
    .map((name) => ({ name, history: parseHistory(readFileSync(fileOf(kind, name, of), 'utf8')) }));
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

function folderOf(kind: Kind, of = CURRENT): string {
  return path.join(FOLDER, of, kind);
}

function fileOf(kind: Kind, name: string, of = CURRENT): string {
  return path.join(folderOf(kind, of), `${name}.json`);
}

function listFiles(kind: Kind, of = CURRENT): string[] {
  const folder = folderOf(kind, of);
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
}
