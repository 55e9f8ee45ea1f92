import { createHmac, timingSafeEqual } from 'node:crypto';

/** A cursor is where Temporal goes on in a list, signed with the filter it was given for. */
export interface Cursors {
  write(token: Uint8Array, filter: object): string;
  /** Null for a text that is none of ours, or was given for another filter. */
  read(text: string, filter: object): Uint8Array | null;
}

export const CURSOR_MAX_LENGTH = 2_000;

export function createCursors(hashKey: string): Cursors {
  function sign(body: string, filter: object): string {
    const mac = createHmac('sha256', hashKey).update(`list cursor\n${body}\n${JSON.stringify(filter)}`);
    return mac.digest('base64url').slice(0, 22);
  }

  return {
    write(token, filter) {
      const body = Buffer.from(token).toString('base64url');
      return `${body}.${sign(body, filter)}`;
    },
    read(text, filter) {
      const [body = '', mac = '', ...rest] = text.split('.');
      const expected = Buffer.from(sign(body, filter));
      const given = Buffer.from(mac);
      if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      return new Uint8Array(Buffer.from(body, 'base64url'));
    },
  };
}
