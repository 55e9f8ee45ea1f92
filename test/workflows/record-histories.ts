import { addHistories, type RecordedHistory, readHistories, replaceHistories } from './histories';
import { PATHS } from './paths';
import { play } from './play';
import { startSkippedTime } from './skipped-time';

/**
 * Plays every path that is to be recorded and keeps its history; with `--new`, only those that have none yet. Nothing is written
 * unless all of them were played.
 */
async function main(): Promise<void> {
  const isNewOnly = process.argv.includes('--new');
  const known = new Set(isNewOnly ? readHistories().map(({ name }) => name) : []);
  const time = await startSkippedTime(null);
  const histories: RecordedHistory[] = [];
  try {
    for (const path of PATHS) {
      if (path.isRecorded === false || known.has(path.name)) continue;
      const { history } = await play(time, path);
      histories.push({ name: path.name, history });
    }
  } finally {
    await time.close();
  }
  if (isNewOnly) addHistories(histories);
  else replaceHistories(histories);
  console.log(`recorded ${histories.length} histories`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
