import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PLANTED_BUGS } from './planted-bugs/bugs';
import { DOCUMENT, describeBug, formatDocument, readCaught } from './planted-bugs/document';
import type { PlantedBug } from './planted-bugs/planted-bug';
import { createPlantedTree, type PlantedTree } from './planted-bugs/planted-tree';
import type { Verdict } from './planted-bugs/verdict';
import { describeError, projectRoot } from './project';

/** The bugs to plant. @throws RangeError when no bug has this id */
function selectBugs(id: string | undefined): readonly PlantedBug[] {
  const bugs = id === undefined ? PLANTED_BUGS : PLANTED_BUGS.filter((bug) => bug.id === id);
  if (bugs.length === 0)
    throw new RangeError(`--only: expected one of ${PLANTED_BUGS.map((bug) => bug.id).join(', ')}`);
  return bugs;
}

function describeVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'caught':
      return `caught by ${verdict.tests.length}: ${verdict.tests[0]?.name ?? ''}`;
    case 'survived':
      return `SURVIVED ${verdict.greenTests} green tests`;
    case 'no_verdict':
      return `NO VERDICT: ${verdict.why}`;
  }
}

/** Without a bug everything must be green: a test that is red anyway would catch every bug. */
async function expectSound(tree: PlantedTree, bugs: readonly PlantedBug[]): Promise<void> {
  const verdict = await tree.runSound(bugs);
  if (verdict.kind !== 'survived') throw new Error(`without a bug: ${describeVerdict(verdict)}`);
  console.log(`${'(no bug)'.padEnd(28)} ${verdict.greenTests} green tests`);
}

/** Plants every bug, one at a time in each tree, and prints each verdict as it comes. */
async function plantAll(bugs: readonly PlantedBug[], trees: readonly PlantedTree[]): Promise<Map<PlantedBug, Verdict>> {
  const verdicts = new Map<PlantedBug, Verdict>();
  const waiting = bugs.values();
  const work = async (tree: PlantedTree): Promise<void> => {
    for (const bug of waiting) {
      const verdict = await tree
        .run(bug)
        .catch((error: unknown) => ({ kind: 'no_verdict', why: describeError(error) }) as const);
      verdicts.set(bug, verdict);
      console.log(`${bug.id.padEnd(28)} ${describeVerdict(verdict)}`);
    }
  };
  await Promise.all(trees.map(work));
  return verdicts;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      write: { type: 'boolean', default: false },
      new: { type: 'boolean', default: false },
      trees: { type: 'string', default: '1' },
    },
  });
  if (values.write && values.only !== undefined) throw new RangeError('--write: expected a run of every bug');
  if (!/^[1-8]$/.test(values.trees)) throw new RangeError('--trees: expected a number from 1 to 8');
  const before = values.new
    ? readCaught(readFileSync(path.join(projectRoot, DOCUMENT), 'utf8'))
    : new Map<string, string>();
  const bugs = selectBugs(values.only).filter((bug) => !before.has(describeBug(bug).join('|')));
  return { bugs, before, trees: Number(values.trees), isWritten: values.write };
}

async function main(): Promise<number> {
  const options = readOptions();
  const trees: PlantedTree[] = [];
  const removeAll = () => {
    for (const tree of trees) tree.remove();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      removeAll();
      process.exit(1);
    });
  }
  try {
    for (let n = 0; n < options.trees; n += 1) trees.push(await createPlantedTree());
    for (const tree of trees.slice(0, 1)) await expectSound(tree, options.bugs);
    const verdicts = await plantAll(options.bugs, trees);
    const caught = new Map(
      [...verdicts].flatMap(([bug, verdict]) => (verdict.kind === 'caught' ? [[bug, verdict.tests] as const] : [])),
    );
    console.log(`${caught.size} of ${options.bugs.length} planted bugs were caught`);
    if (options.isWritten)
      writeFileSync(path.join(projectRoot, DOCUMENT), formatDocument(PLANTED_BUGS, caught, options.before));
    return caught.size < options.bugs.length ? 1 : 0;
  } finally {
    removeAll();
  }
}

if (require.main === module) {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(describeError(error));
      process.exitCode = 1;
    },
  );
}
