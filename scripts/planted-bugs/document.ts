import type { PlantedBug } from './planted-bug';
import type { RedTest } from './verdict';

/** Where the list of planted bugs stands, from the root of the project. */
export const DOCUMENT = 'docs/planted-bugs.md';

const NAMED_TESTS = 3;
/** Before the files of a bug that the command has not planted yet. */
export const NOT_RUN = '_not run yet_: ';

const INTRODUCTION = `# Planted bugs

Every rule that keeps money safe has a test that turns red when the rule is broken. To prove it, each bug below is planted in a copy
of the project, and the tests named beside it are run: \`node --import tsx scripts/planted-bugs.ts\`. A bug that no test catches ends
the run with an error. A bug counts as caught only when it compiles, when the same tests pass without it, and when a test fails, not
when a file crashes. One red test alone must be red twice.

\`--only ID\` plants one bug, \`--write\` writes this list, \`--new\` plants what does not stand in it yet.
A row that begins with _not run yet_ is of a bug that was planted by hand only. The list is held to the sources by
\`test/scripts/planted-bugs.test.ts\`.
`;

/** The first cells of a bug's row: everything but the tests. */
export function describeBug({ id, promise, rule, planted, file }: PlantedBug): string[] {
  return [`\`${id}\``, promise, rule, planted, `\`${file}\``];
}

/** The tests by name, each file once, no more than a few of it; a bar in a name would end the cell. */
function describeTests(tests: readonly RedTest[]): string {
  const files = [...new Set(tests.map(({ file }) => file))];
  const parts = files.map((file) => {
    const names = tests.filter((test) => test.file === file).map(({ name }) => `"${escapeCell(name)}"`);
    const more = names.length > NAMED_TESTS ? ` and ${names.length - NAMED_TESTS} more` : '';
    return `\`${file}\`: ${names.slice(0, NAMED_TESTS).join(', ')}${more}`;
  });
  return parts.join('; ');
}

function escapeCell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`|[\]<>*]/g, '\\$&');
}

/** A table as the formatter writes it: columns as wide as their widest cell. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [head, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('\n');
}

/** The last cell of a bug that was planted by hand when it was written, and not by the command so far. */
function describeNotRun({ tests }: PlantedBug): string {
  return NOT_RUN + tests.map((file) => `\`${file}\``).join(', ');
}

/** The last cell of each row of a document, by the first cells: the bugs that stand in it as they still are. */
export function readCaught(document: string): ReadonlyMap<string, string> {
  const rows = document.split('\n').flatMap((line) => {
    if (!line.startsWith('| `')) return [];
    const cells = line.slice(1, -1).split(/(?<!\\)\|/);
    return [cells.map((cell) => cell.trim())];
  });
  const known = rows.filter((cells) => !cells.at(-1)?.startsWith(NOT_RUN));
  return new Map(known.map((cells) => [cells.slice(0, -1).join('|'), cells.at(-1) ?? '']));
}

/** The whole document, from the bugs in their order: with the tests that caught each now, or else with what it said before. */
export function formatDocument(
  bugs: readonly PlantedBug[],
  caught: ReadonlyMap<PlantedBug, readonly RedTest[]>,
  before: ReadonlyMap<string, string> = new Map(),
): string {
  const heads = ['Bug', 'Promise', 'Rule', 'What was planted', 'Where', 'Caught by'];
  const lines = bugs.map((bug) => {
    const tests = caught.get(bug);
    const said = before.get(describeBug(bug).join('|')) ?? describeNotRun(bug);
    return [...describeBug(bug), tests === undefined ? said : describeTests(tests)];
  });
  return `${INTRODUCTION}\n${formatTable([heads, ...lines])}\n`;
}
