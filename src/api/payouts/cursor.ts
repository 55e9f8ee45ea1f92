import { createHmac, timingSafeEqual } from 'node:crypto';

export const CURSOR_MAX_LENGTH = 2_000;

/** A cursor is where Temporal continues a list, signed with the filter it was given for. */
export function createCursors(hashKey: string) {
  function write(token: Uint8Array, filter: object): string {
    const body = Buffer.from(token).toString('base64url');
    const mac = createHmac('sha256', hashKey).update(`list cursor\n${body}\n${JSON.stringify(filter)}`);
    return `${body}.${mac.digest('base64url').slice(0, 22)}`;
  }

  /** Null for a text that is not ours, or was given for another filter. */
  function read(text: string, filter: object): Uint8Array | null {
    const token = new Uint8Array(Buffer.from(text.split('.')[0] ?? '', 'base64url'));
    const [given, expected] = [Buffer.from(text), Buffer.from(write(token, filter))];
    return given.length === expected.length && timingSafeEqual(given, expected) ? token : null;
  }

  return { write, read };
}
