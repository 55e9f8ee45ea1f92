import { addHistories, type HistoryKind, type RecordedHistory, readHistories, replaceHistories } from './histories';
import { PATHS } from './paths';
import { play } from './play';
import { NOTIFICATION_WORKFLOW_PATHS, playNotification } from './play-notification';
import { startSkippedTime } from './skipped-time';

/**
 * Plays every path that is to be recorded and keeps its history; with `--new`, only those that have none yet. Nothing is written
 * unless all of them were played.
 */
async function main(): Promise<void> {
  const isNewOnly = process.argv.includes('--new');
  const namesOf = (kind: HistoryKind) => new Set(isNewOnly ? readHistories(kind).map(({ name }) => name) : []);
  const known = { payouts: namesOf('payouts'), notifications: namesOf('notifications') };
  const time = await startSkippedTime();
  const recorded: Record<HistoryKind, RecordedHistory[]> = { payouts: [], notifications: [] };
  const keep = (kind: HistoryKind, { name, history }: RecordedHistory) => {
    if (!known[kind].has(name)) recorded[kind].push({ name, history });
  };
  try {
    for (const path of PATHS) {
      const { name, subscriber } = path;
      const isKnown = known.payouts.has(name) && (subscriber === undefined || known.notifications.has(name));
      if (path.isRecorded === false || isKnown) continue;
      const { history, notification } = await play(time, path);
      keep('payouts', { name, history });
      if (notification !== null) keep('notifications', { name, history: notification });
    }
    for (const path of NOTIFICATION_WORKFLOW_PATHS) {
      const { name } = path;
      if (!known.notifications.has(name)) keep('notifications', { name, ...(await playNotification(time, path)) });
    }
  } finally {
    await time.close();
  }
  for (const kind of ['payouts', 'notifications'] as const) {
    if (isNewOnly) addHistories(kind, recorded[kind]);
    else replaceHistories(kind, recorded[kind]);
    console.log(`recorded ${recorded[kind].length} histories of ${kind}`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
