import type { Info } from '@temporalio/activity';

/**
 * Has the server record, durably, that this attempt is about to write the creating request. @throws when the server no longer waits
 * for the attempt or says that it was cancelled, paused or reset, and when it gave no answer: it may have recorded it
 */
export type RecordSend = (info: Info) => Promise<void>;

/**
 * True when it is on record within `limitMs`. Everything else, also a record that nobody knows of, means that no byte may leave: on
 * record and not sent is a doubt, which is safe; sent and not on record would count as not sent, and be sent again.
 */
export async function recordInTime(record: () => Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, limitMs));
  });
  try {
    return await Promise.race([record().then(() => true), tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
