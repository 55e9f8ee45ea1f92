import { TEST_PAYLOAD_KEYS } from '../payload-keys-of-tests';
import {
  addHistories,
  type Kind,
  type RecordedHistory,
  readHistories,
  replaceHistories,
  SEALED_PATHS,
} from './histories';
import { PATHS } from './paths';
import { play } from './play';
import type { Path } from './scene';
import { startSkippedTime } from './skipped-time';

const isRecordedAs = (kind: Kind, { name, isRecorded }: Path): boolean =>
  isRecorded !== false && (kind === 'clear' || (SEALED_PATHS as readonly string[]).includes(name));

/** Plays every path that is to be recorded so; with `--new`, only those that have no history of this kind yet. */
async function record(kind: Kind, isNewOnly: boolean): Promise<RecordedHistory[]> {
  const known = new Set(isNewOnly ? readHistories(kind).map(({ name }) => name) : []);
  const paths = PATHS.filter((path) => isRecordedAs(kind, path) && !known.has(path.name));
  if (paths.length === 0) return [];
  const time = await startSkippedTime(kind === 'clear' ? null : TEST_PAYLOAD_KEYS);
  try {
    const histories: RecordedHistory[] = [];
    for (const path of paths) histories.push({ name: path.name, history: (await play(time, path)).history });
    return histories;
  } finally {
    await time.close();
  }
}

/** Keeps the history of every path, in clear and a few of them sealed. Nothing of a kind is written unless all of it was played. */
async function main(): Promise<void> {
  const isNewOnly = process.argv.includes('--new');
  for (const kind of ['clear', 'sealed'] as const) {
    const histories = await record(kind, isNewOnly);
    if (isNewOnly) addHistories(histories, kind);
    else replaceHistories(histories, kind);
    console.log(`recorded ${histories.length} histories, ${kind}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
