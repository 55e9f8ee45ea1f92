import { TEST_PAYLOAD_KEYS } from '../support/payload-keys-of-tests';
import {
  addHistories,
  KINDS,
  type Kind,
  type RecordedHistory,
  readHistories,
  replaceHistories,
  SEALED_PATHS,
} from './histories';
import { PATHS } from './paths';
import { play } from './play';
import { BATCH_PATHS, playBatch } from './play-batch';
import { LIMIT_WORKFLOW_PATHS, playLimit } from './play-limit';
import { NOTIFICATION_WORKFLOW_PATHS, playNotification } from './play-notification';
import type { Path } from './scene';
import { openSkippedTime } from './skipped-time';

const isRecordedAs = (kind: Kind, { name, subscriber, hasLateEvents }: Path): boolean => {
  if (kind === 'batches' || kind === 'limits') return false;
  if (kind === 'late') return hasLateEvents === true;
  if (kind === 'notifications') return subscriber !== undefined;
  return kind === 'clear' || (SEALED_PATHS as readonly string[]).includes(name);
};

/** Plays every path that is to be recorded so; with `--new`, only those that have no history of this kind yet. */
async function record(kind: Kind, isNewOnly: boolean): Promise<RecordedHistory[]> {
  const known = new Set(isNewOnly ? readHistories(kind).map(({ name }) => name) : []);
  const paths = PATHS.filter((path) => isRecordedAs(kind, path) && !known.has(path.name));
  const deliveries = kind === 'notifications' ? NOTIFICATION_WORKFLOW_PATHS.filter(({ name }) => !known.has(name)) : [];
  const batches = kind === 'batches' ? BATCH_PATHS.filter(({ name }) => !known.has(name)) : [];
  const limits = kind === 'limits' ? LIMIT_WORKFLOW_PATHS.filter(({ name }) => !known.has(name)) : [];
  if (paths.length + deliveries.length + batches.length + limits.length === 0) return [];
  const time = await openSkippedTime(kind === 'sealed' ? TEST_PAYLOAD_KEYS : null);
  try {
    const histories: RecordedHistory[] = [];
    for (const path of paths) {
      const { history, notification, lateEvents } = await play(time, path);
      const kept = kind === 'notifications' ? notification : kind === 'late' ? lateEvents : history;
      if (kept !== null) histories.push({ name: path.name, history: kept });
    }
    for (const path of deliveries) histories.push({ name: path.name, ...(await playNotification(time, path)) });
    for (const path of batches) histories.push({ name: path.name, history: (await playBatch(time, path)).history });
    for (const path of limits) histories.push({ name: path.name, history: await playLimit(time, path) });
    return histories;
  } finally {
    await time.close();
  }
}

/**
 * Keeps the history of every path, in clear, a few of them sealed, of what was told and of what came
 * after. Nothing of a kind is written unless all of it was played.
 */
async function main(): Promise<void> {
  const isNewOnly = process.argv.includes('--new');
  for (const kind of KINDS) {
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
