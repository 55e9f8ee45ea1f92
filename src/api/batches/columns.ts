import { z } from 'zod';
import { payoutBody } from '../payouts/schemas';

/** The column of our own error files; when such a file is sent again it is passed over. */
export const ERRORS_COLUMN = 'errors';

/** What a cell of a column is. `record`: the columns are named by its keys. */
type Kind = 'text' | 'list' | 'record';

const FIELDS: ReadonlyMap<string, Kind> = new Map(fieldsIn(payoutBody, ''));

/** The columns of a file: the fields of `POST /payouts` by their dotted names, without those that are named by the caller. */
export const COLUMNS: readonly string[] = [...FIELDS].flatMap(([name, kind]) => (kind === 'record' ? [] : [name]));

/** What is no object itself, in the order of the schema. */
function fieldsIn(schema: z.core.$ZodType, name: string): [string, Kind][] {
  const inner = unwrap(schema);
  const prefix = name === '' ? '' : `${name}.`;
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape).flatMap(([key, field]) => fieldsIn(field as z.core.$ZodType, prefix + key));
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => fieldsIn(option as z.core.$ZodType, name));
  return [[name, inner instanceof z.ZodRecord ? 'record' : inner instanceof z.ZodArray ? 'list' : 'text']];
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap() as z.core.$ZodType)
    : schema;
}

/** The group that a column belongs to, and its name there; null for a field of the request itself. */
function splitName(name: string): readonly [group: string, field: string] | null {
  const first = name.indexOf('.');
  if (first < 0) return null;
  const at = FIELDS.get(name.slice(0, first)) === 'record' ? first : name.lastIndexOf('.');
  return [name.slice(0, at), name.slice(at + 1)];
}

/** True for a column that a file may have. */
export function isColumn(name: string): boolean {
  const [group = '', key = ''] = splitName(name) ?? [];
  const isNamedByCaller = FIELDS.get(group) === 'record' && /^[A-Za-z0-9_.-]{1,64}$/.test(key);
  return COLUMNS.includes(name) || name === ERRORS_COLUMN || isNamedByCaller;
}

/** The row of a file as a body of `POST /payouts`. An empty cell is a field that is not there; a list has blanks between its words. */
export function toBody(header: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  header.forEach((name, at) => {
    const cell = cells[at] ?? '';
    if (cell === '' || name === ERRORS_COLUMN) return;
    const split = splitName(name);
    if (split === null) body[name] = FIELDS.get(name) === 'list' ? cell.split(/\s+/).filter(Boolean) : cell;
    else body[split[0]] = { ...(body[split[0]] as object | undefined), [split[1]]: cell };
  });
  return body;
}

/** The other way round, for rows that came as JSON: every value in a column of its own, by its dotted name. */
export function toCells(body: unknown): Record<string, string> {
  const cells: Record<string, string> = {};
  for (const [name, value] of entriesOf(body)) {
    if (FIELDS.get(name) === 'list' && Array.isArray(value)) cells[name] = value.map(String).join(' ');
    else if (typeof value !== 'object') cells[name] = String(value);
    else
      for (const [inner, text] of entriesOf(value))
        if (typeof text !== 'object') cells[`${name}.${inner}`] = String(text);
  }
  return cells;
}

const entriesOf = (value: unknown) => (typeof value === 'object' && value !== null ? Object.entries(value) : []);
