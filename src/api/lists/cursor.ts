import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ListFilter } from './list-filter';
import type { Position } from './payout-list';

/** Cursors hold no more than a place in a list, and are signed with the filter they were given for. */
export interface Cursors {
  write(last: Position, filter: ListFilter): string;
  /** Null for a text that is none of ours, or was given for another filter. */
  read(text: string, filter: ListFilter): Position | null;
}

export const CURSOR_MAX_LENGTH = 512;

export function createCursors(hashKey: string): Cursors {
  function sign(body: string, filter: ListFilter): string {
    const mac = createHmac('sha256', hashKey)
      .update('list cursor\n')
      .update(`${body}\n${JSON.stringify(filter)}`);
    return mac.digest('base64url').slice(0, 22);
  }

  return {
    write({ startUs, workflowId, spanUs }, filter) {
      const body = Buffer.from(JSON.stringify([startUs, workflowId, spanUs])).toString('base64url');
      return `${body}.${sign(body, filter)}`;
    },
    read(text, filter) {
      const [body = '', mac = '', ...rest] = text.split('.');
      const expected = Buffer.from(sign(body, filter));
      const given = Buffer.from(mac);
      if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      const [startUs, workflowId, spanUs] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
        number,
        string,
        number,
      ];
      return { startUs, workflowId, spanUs };
    },
  };
}
