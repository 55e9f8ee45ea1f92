import { readFileSync } from 'node:fs';

const WAL_HEADER = 32;
const FRAME_HEADER = 24;

/**
 * Bytes of an SQLite database as its last commit left it, whether that is in the file yet or still in the write-ahead log beside it.
 * Read from the file format (sqlite.org/fileformat2.html), so that the running server is not asked.
 */
export function readSqliteBytes(dbFile: string): number {
  const db = readFileSync(dbFile);
  const pageBytes = db.readUInt16BE(16) === 1 ? 65_536 : db.readUInt16BE(16);
  let pages = db.readUInt32BE(28);
  const wal = readFileSync(`${dbFile}-wal`);
  const salt = wal.subarray(16, 24);
  for (let at = WAL_HEADER; at + FRAME_HEADER + pageBytes <= wal.length; at += FRAME_HEADER + pageBytes) {
    // Frames from before the log restarted have another salt.
    if (!wal.subarray(at + 8, at + 16).equals(salt)) break;
    // Zero, unless the frame ends a transaction.
    pages = wal.readUInt32BE(at + 4) || pages;
  }
  return pages * pageBytes;
}
