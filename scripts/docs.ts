import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { SCENARIOS } from '../simulator/scenarios';
import { BOUNDS, type Bound } from '../src/config/bounds';
import { ENVIRONMENT } from '../src/config/environment';
import { METRICS, type Metric } from '../src/domain/metrics';
import { describeError, projectRoot } from './project';

interface Variable {
  readonly schema: z.ZodType;
  readonly meaning: string;
  readonly secret?: true;
  readonly shown?: string;
}

interface ScenarioRow {
  readonly name: string;
  readonly digits: readonly string[];
  readonly description: string;
  readonly expected: string;
}

/** A Markdown table as the formatter writes it: columns as wide as their widest cell. A bar in a cell would end it. */
function formatTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [heads, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = heads.map((_, column) => Math.max(3, ...cells.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** The scenarios by name, with the digits that choose each and where its payout ends. */
export function formatScenarioTable(scenarios: readonly ScenarioRow[]): string {
  const rows = scenarios.map(({ name, digits, description, expected }) => [
    `\`${name}\``,
    digits.join(', '),
    description,
    expected,
  ]);
  return formatTable(['Scenario', 'Digits', 'What the gateway does', 'Where the payout ends'], rows);
}

function describeDefault({ schema, shown }: Variable): string {
  const unset = schema.safeParse(undefined);
  if (!unset.success) return '**required**';
  if (shown !== undefined) return shown;
  return unset.data === undefined ? 'unset' : `\`${String(unset.data)}\``;
}

/** The variables in the order of the schema. A secret shows its second name, which reads it from a file. */
export function formatConfigurationTable(environment: Readonly<Record<string, Variable>>): string {
  const rows = Object.entries(environment).map(([name, variable]) => [
    variable.secret === true ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``,
    describeDefault(variable),
    variable.meaning,
  ]);
  return formatTable(['Variable', 'Default', 'Meaning'], rows);
}

/** The bounds in the order of their table. */
export function formatBoundsTable(bounds: Readonly<Record<string, Bound>>): string {
  const rows = Object.values(bounds).map(({ most, of, beyond }) => [most.toLocaleString('en-GB'), of, beyond]);
  return formatTable(['Maximum', 'Of what', 'Above it'], rows);
}

/** The metrics in the order of their table, each with its labels and the first sentence of its help. */
export function formatMetricsTable(metrics: Readonly<Record<string, Metric>>): string {
  const rows = Object.entries(metrics).map(([name, { labels, help }]) => [
    `\`${name}${labels.length === 0 ? '' : `{${labels.join()}}`}\``,
    help.split('. ')[0] ?? '',
  ]);
  return formatTable(['Metric', 'Meaning'], rows);
}

/**
 * The text with one generated block replaced; the markers stay.
 * @throws Error unless the text has the block exactly once.
 */
export function replaceBlock(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [before, rest, ...repeats] = text.split(begin);
  const [, after, ...ends] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined || repeats.length > 0 || ends.length > 0) {
    throw new Error(`${name}: expected the markers "${begin}" and "${end}", each once and in this order`);
  }
  return `${before}${begin}\n\n${content}\n\n${end}${after}`;
}

/** The documents with a generated block, and what the sources make of each. */
export const GENERATED: readonly { readonly file: string; readonly render: (text: string) => string }[] = [
  {
    file: 'docs/scenarios.md',
    render: (text) => replaceBlock(text, 'scenarios', formatScenarioTable(SCENARIOS)),
  },
  {
    file: 'docs/configuration.md',
    render: (text) => replaceBlock(text, 'configuration', formatConfigurationTable(ENVIRONMENT)),
  },
  { file: 'docs/operating.md', render: (text) => replaceBlock(text, 'metrics', formatMetricsTable(METRICS)) },
  { file: 'docs/limits.md', render: (text) => replaceBlock(text, 'bounds', formatBoundsTable(BOUNDS)) },
];

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  let stale = 0;
  for (const { file, render } of GENERATED) {
    const name = path.join(projectRoot, file);
    const written = readFileSync(name, 'utf8');
    const rendered = render(written);
    if (rendered === written) continue;
    stale += 1;
    if (values.check) console.error(`${file}: the generated block is not up to date; run \`npm run docs\``);
    else writeFileSync(name, rendered);
  }
  return values.check && stale > 0 ? 1 : 0;
}

if (require.main === module) {
  try {
    process.exitCode = main();
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
}
