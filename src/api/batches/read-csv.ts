import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { BOUNDS } from '../../config/bounds';
import { Problem } from '../plugins/errors';
import { isColumn, toBody } from './columns';

/** A file as it was sent: its head line, and the cells of each row. */
export interface CsvFile {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const SLICE_BYTES = 65_536;
/** Between so many rows other requests have their turn. */
const ROWS_A_TURN = 500;
/** A name that is no column is repeated only when it cannot be a value in the wrong place. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z_.]{0,63}$/;
/** Our own files guard so what a spreadsheet would take for a formula. */
const GUARD = /^'(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/;

/**
 * Reads CSV (RFC 4180, UTF-8 with or without a byte order mark) whose head line names fields of `POST /payouts`. Its separator is `;`
 * when the head line has one, else `,`. Other requests have their turn in between.
 * @throws Problem invalid_request for what is no such file
 */
export async function readCsv(bytes: Buffer): Promise<CsvFile> {
  if (!isUtf8(bytes)) throw refused('body', 'CSV in UTF-8');
  const firstLine =
    bytes
      .subarray(0, SLICE_BYTES)
      .toString()
      .split(/[\r\n]/, 1)[0] ?? '';
  const parser = parse({
    bom: true,
    delimiter: firstLine.includes(';') ? ';' : ',',
    max_record_size: SLICE_BYTES,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
  });
  const records: string[][] = [];
  try {
    for await (const record of Readable.from(slice(bytes)).pipe(parser)) {
      records.push((record as string[]).map((cell) => cell.replace(GUARD, '')));
      if (records.length > BOUNDS.batchRows.most + 1) throw refused('rows', `at most ${BOUNDS.batchRows.most} rows`);
    }
  } catch (error) {
    if (error instanceof CsvError) throw refused('body', `CSV by RFC 4180; line ${Number(error.lines)} is not`);
    throw error;
  }
  const [head = [], ...rows] = records;
  const header = head.map((name) => name.trim());
  checkHeader(header);
  return { header, rows };
}

/** The rows as bodies of `POST /payouts`. A row of another length has cells in the wrong place: null. */
export async function toBodies({ header, rows }: CsvFile): Promise<(Record<string, unknown> | null)[]> {
  const bodies = [];
  for (const [at, cells] of rows.entries()) {
    if (at % ROWS_A_TURN === 0) await setImmediate();
    bodies.push(cells.length === header.length ? toBody(header, cells) : null);
  }
  return bodies;
}

function checkHeader(header: readonly string[]): void {
  if (header.length === 0) throw refused('rows', 'a head line with names of columns, as in /batches/template.csv');
  const errors = header.flatMap((name, at) => {
    const field = PLAIN_NAME.test(name) ? name : `column ${at + 1}`;
    if (!isColumn(name)) return [{ field, expected: 'the name of a column, as in /batches/template.csv' }];
    return header.indexOf(name) === at ? [] : [{ field, expected: 'each column once' }];
  });
  if (errors.length > 0) throw new Problem('invalid_request', errors.slice(0, 50));
}

async function* slice(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    yield bytes.subarray(at, at + SLICE_BYTES);
    await setImmediate();
  }
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function refused(field: string, expected: string): Problem {
  return new Problem('invalid_request', [{ field, expected }]);
}
