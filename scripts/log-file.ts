import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

const TAIL_BYTES = 64 * 1024;

function readFrom(file: string, choose: (sizeBytes: number) => number): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(descriptor);
    const from = choose(size);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    const length = readSync(descriptor, buffer, 0, buffer.length, from);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines of a file; none when it does not exist. */
export function readTail(file: string, lines: number): string[] {
  const text = readFrom(file, (size) => Math.max(0, size - TAIL_BYTES)).trimEnd();
  return text === '' ? [] : text.split('\n').slice(-lines);
}

/** Size in bytes, 0 if it does not exist: the lines of the next process start there. */
export function measureLog(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The lines since a byte offset; the last one may be incomplete. */
export function readLines(file: string, fromByte: number): string[] {
  return readFrom(file, () => fromByte).split('\n');
}

/** The JSON objects that were logged since a byte offset, one per line; other lines are skipped. */
export function readLogRecords(file: string, fromByte: number): Record<string, unknown>[] {
  const records: Record<string, unknown>[] = [];
  for (const line of readLines(file, fromByte)) {
    if (!line.startsWith('{')) continue;
    try {
      const parsed: unknown = JSON.parse(line);
      if (typeof parsed === 'object' && parsed !== null) records.push(parsed as Record<string, unknown>);
    } catch {
      // The last line may be incomplete.
    }
  }
  return records;
}

/** Whether a process logged that it is ready: `{"ready":true,…}` or a log line whose message ends in `ready`. */
export function isReadyRecord(record: Record<string, unknown>): boolean {
  return record.ready === true || (typeof record.msg === 'string' && /^\w+ ready$/.test(record.msg));
}
