import fc from 'fast-check';
import { MARKER } from './marker';

const COLUMNS = [
  ...['clientOrderId', 'amount', 'currency', 'description', 'tags', 'executeAt', 'errors', 'metadata.note'],
  ...['receiver.firstName', 'destination.type', 'destination.accountNumber', 'extraFields.sender_tax_id'],
];
/** What no column may be called, and what breaks a reader. */
const HOSTILE_COLUMNS = [`${MARKER} a`, '__proto__', 'constructor', 'receiver.__proto__', 'metadata.', '.', '', '"'];
const HOSTILE_CELLS = [
  ...['', '"', '""', '"a', 'a"b', `"${MARKER}`, `=${MARKER}()`, '\u0000', '\u202e', '\ufeff', 'é'.repeat(2_000)],
  ...['10.50', 'EUR', 'bank_account', 'DE89370400440532013000', `${MARKER},;`, '1e999', '\t', '\\'],
];
const cell = fc.oneof(fc.constantFrom(...HOSTILE_CELLS), fc.string({ unit: 'binary', maxLength: 20 }));

/** Files of rows: separators, line ends, marks at the beginning and quotes of every kind; a few of bytes alone. */
export const HOSTILE_CSV: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        head: fc.array(fc.constantFrom(...COLUMNS, ...HOSTILE_COLUMNS), { maxLength: 14 }),
        rows: fc.array(fc.array(cell, { maxLength: 14 }), { maxLength: 6 }),
        separator: fc.constantFrom(',', ';', '\t', '|'),
        end: fc.constantFrom('\r\n', '\n', '\r', '\n\n'),
        mark: fc.constantFrom('', '\ufeff', '\ufeff\ufeff'),
        encoding: fc.constantFrom('utf8' as const, 'utf8' as const, 'latin1' as const, 'utf16le' as const),
      })
      .map(({ head, rows, separator, end, mark, encoding }) =>
        Buffer.from(mark + [head, ...rows].map((cells) => cells.join(separator)).join(end), encoding),
      ),
  },
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
);
