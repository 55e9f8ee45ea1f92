import { type RecordedHistory, replaceHistories } from './histories';
import { PATHS } from './paths';
import { play } from './play';
import { startSkippedTime } from './skipped-time';

/** Plays every path that is to be recorded and keeps its history. Nothing is replaced unless all of them were played. */
async function main(): Promise<void> {
  const time = await startSkippedTime();
  const histories: RecordedHistory[] = [];
  try {
    for (const path of PATHS) {
      if (path.isRecorded === false) continue;
      const { history } = await play(time, path);
      histories.push({ name: path.name, history });
    }
  } finally {
    await time.close();
  }
  replaceHistories(histories);
  console.log(`recorded ${histories.length} histories`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
