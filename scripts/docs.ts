import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { SCENARIOS } from '../simulator/scenarios';
import { ENVIRONMENT } from '../src/environment';
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

/** The file whose generated blocks this script owns. */
export const README = path.join(projectRoot, 'README.md');

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

/**
 * The text with one generated block replaced; the markers stay.
 * @throws Error when the block does not stand in the text exactly once.
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

/** The text of the README with every generated block as the sources have it now. */
export function renderReadme(text: string): string {
  const withScenarios = replaceBlock(text, 'scenarios', formatScenarioTable(SCENARIOS));
  return replaceBlock(withScenarios, 'configuration', formatConfigurationTable(ENVIRONMENT));
}

function main(): number {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const written = readFileSync(README, 'utf8');
  const rendered = renderReadme(written);
  if (rendered === written) return 0;
  if (values.check) {
    console.error('README.md: the generated blocks are not up to date; run `npm run docs`');
    return 1;
  }
  writeFileSync(README, rendered);
  return 0;
}

if (require.main === module) {
  try {
    process.exitCode = main();
  } catch (error) {
    console.error(describeError(error));
    process.exitCode = 1;
  }
}
