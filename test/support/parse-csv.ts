import { parse } from 'csv-parse';

/** The rows of a file, each by the names in its head line. */
export async function parseCsv(text: string): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = [];
  for await (const row of parse(text, { columns: true })) rows.push(row as Record<string, string>);
  return rows;
}
