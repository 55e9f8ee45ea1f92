import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { LedgerDraft, LedgerEntry, Stamped } from './ledger-entry';

/**
 * The append-only record of everything that happened, JSON lines on disk. An entry is on disk (fsync) before `append` resolves, so
 * whatever an answer or a status shows is in the file, also after kill -9.
 */
export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  /** @throws when the disk refuses; from then on every append does. */
  append<Draft extends LedgerDraft>(draft: Draft): Promise<Stamped<Draft>>;
  close(): Promise<void>;
}

interface Waiting {
  readonly line: string;
  readonly entry: LedgerEntry;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Opens (or creates) the file and reads what it holds. A torn last line, the trace of a kill during a write, is cut off.
 * @throws Error naming the line number when any other line is unreadable.
 */
export async function openLedger(path: string, now: () => number): Promise<Ledger> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+');
  const entries = await readEntries(file).catch(async (reason: unknown) => {
    await file.close();
    throw reason;
  });
  await syncDirectory(dirname(path));

  let seq = entries.at(-1)?.seq ?? 0;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let broken: unknown = null;

  /** Everything that arrived during one fsync shares the next one. */
  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        if (broken !== null) throw broken;
        await file.appendFile(batch.map(({ line }) => line).join(''));
        await file.datasync();
        for (const { entry, resolve } of batch) {
          entries.push(entry);
          resolve();
        }
      } catch (reason) {
        // After a failed write the file's end is not known, so nothing may be added behind it.
        broken = reason;
        for (const { reject } of batch) reject(reason);
      }
    }
    writing = null;
  }

  return {
    entries,
    append<Draft extends LedgerDraft>(draft: Draft) {
      seq += 1;
      const entry = { seq, at: new Date(now()).toISOString(), ...draft };
      return new Promise<Stamped<Draft>>((resolve, reject) => {
        waiting.push({ line: `${JSON.stringify(entry)}\n`, entry, resolve: () => resolve(entry), reject });
        writing ??= drain();
      });
    },
    async close() {
      await writing;
      await file.close();
    },
  };
}

async function readEntries(file: FileHandle): Promise<LedgerEntry[]> {
  const { entries, keptBytes, totalBytes } = parseLedger(await file.readFile());
  if (keptBytes < totalBytes) await file.truncate(keptBytes);
  return entries;
}

interface ParsedLedger {
  readonly entries: LedgerEntry[];
  readonly keptBytes: number;
  readonly totalBytes: number;
}

function parseLedger(bytes: Buffer): ParsedLedger {
  const entries: LedgerEntry[] = [];
  let keptBytes = 0;
  while (keptBytes < bytes.length) {
    const end = bytes.indexOf(0x0a, keptBytes);
    const entry = end < 0 ? null : parseLine(bytes.subarray(keptBytes, end).toString('utf8'));
    if (entry === null) {
      const isLast = end < 0 || end === bytes.length - 1;
      if (!isLast) throw new Error(`ledger: line ${entries.length + 1} is unreadable`);
      break;
    }
    entries.push(entry);
    keptBytes = end + 1;
  }
  return { entries, keptBytes, totalBytes: bytes.length };
}

function parseLine(line: string): LedgerEntry | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'kind' in value ? (value as LedgerEntry) : null;
  } catch {
    return null;
  }
}

/** A new file survives a crash only when its directory is on disk too. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
