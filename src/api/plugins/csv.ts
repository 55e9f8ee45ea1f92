import { pipeline, type Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyReply } from 'fastify';

/**
 * Rows as CSV (RFC 4180, one head line), written as fast as it is read and no faster. A value that a spreadsheet would take for a
 * formula is preceded by an apostrophe. When either end fails, both are destroyed: a file is never quietly short.
 */
export function writeCsv(rows: Readable, columns: readonly string[]): Readable {
  const form = { header: true, escape_formulas: true, record_delimiter: 'windows' } as const;
  const cast = { object: (list: object) => Object.values(list).join(' ') };
  return pipeline(rows, stringify({ ...form, columns: [...columns], cast }), () => {});
}

/** Answers with a file of this name. */
export function sendCsv(reply: FastifyReply, name: string, file: Readable | string): FastifyReply {
  const headers = { 'content-disposition': `attachment; filename="${name}"` };
  return reply.type('text/csv; charset=utf-8').headers(headers).send(file);
}
