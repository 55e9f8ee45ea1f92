import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { History } from '@temporalio/common/lib/proto-utils';
import { formatHistory, parseHistory } from './history-json';

/** Histories of payouts, or those of what subscribers were told of them. */
export type HistoryKind = 'payouts' | 'notifications';

const PAYOUTS = path.join(__dirname, '..', 'fixtures', 'histories');
const FOLDERS: Readonly<Record<HistoryKind, string>> = {
  payouts: PAYOUTS,
  notifications: path.join(PAYOUTS, 'notifications'),
};

/** A recorded history and the path it is of. */
export interface RecordedHistory {
  readonly name: string;
  readonly history: History;
}

/** The recorded histories, by name. */
export function readHistories(kind: HistoryKind = 'payouts'): RecordedHistory[] {
  return listFiles(kind)
    .map((file) => path.basename(file, '.json'))
    .sort()
    .map((name) => ({ name, history: parseHistory(readFileSync(path.join(FOLDERS[kind], `${name}.json`), 'utf8')) }));
}

/** Puts these in the place of all recorded histories. */
export function replaceHistories(kind: HistoryKind, histories: readonly RecordedHistory[]): void {
  const texts = histories.map(({ name, history }) => ({ file: `${name}.json`, text: formatHistory(history) }));
  for (const file of listFiles(kind)) rmSync(path.join(FOLDERS[kind], file));
  for (const { file, text } of texts) writeFileSync(path.join(FOLDERS[kind], file), text);
}

/** Adds these; what was recorded before stays, for it stands for payouts in flight. */
export function addHistories(kind: HistoryKind, histories: readonly RecordedHistory[]): void {
  for (const { name, history } of histories)
    writeFileSync(path.join(FOLDERS[kind], `${name}.json`), formatHistory(history));
}

function listFiles(kind: HistoryKind): string[] {
  return readdirSync(FOLDERS[kind]).filter((file) => file.endsWith('.json'));
}
