import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { History } from '@temporalio/common/lib/proto-utils';
import { formatHistory, parseHistory } from './history-json';

const FOLDER = path.join(__dirname, '..', 'fixtures', 'histories');

/** A recorded history and the path it is of. */
export interface RecordedHistory {
  readonly name: string;
  readonly history: History;
}

/** The recorded histories, by name. */
export function readHistories(): RecordedHistory[] {
  return listFiles()
    .map((file) => path.basename(file, '.json'))
    .sort()
    .map((name) => ({ name, history: parseHistory(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) }));
}

/** Puts these in the place of all recorded histories. */
export function replaceHistories(histories: readonly RecordedHistory[]): void {
  const texts = histories.map(({ name, history }) => ({ file: `${name}.json`, text: formatHistory(history) }));
  for (const file of listFiles()) rmSync(path.join(FOLDER, file));
  for (const { file, text } of texts) writeFileSync(path.join(FOLDER, file), text);
}

/** Adds these; what was recorded before stays, for it stands for payouts in flight. */
export function addHistories(histories: readonly RecordedHistory[]): void {
  for (const { name, history } of histories) writeFileSync(path.join(FOLDER, `${name}.json`), formatHistory(history));
}

function listFiles(): string[] {
  return readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
}
