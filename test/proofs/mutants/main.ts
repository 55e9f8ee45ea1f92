import { parseArgs } from 'node:util';
import { describeError } from '../../../scripts/project';
import { PLANTED_BUGS } from './bugs';
import type { PlantedBug } from './planted-bug';
import { createPlantedTree, type PlantedTree } from './planted-tree';
import type { Verdict } from './verdict';

/** The bugs to plant, by ids with commas between them. @throws RangeError when no bug has one of these ids */
function selectBugs(only: string | undefined): readonly PlantedBug[] {
  if (only === undefined) return PLANTED_BUGS;
  return only.split(',').map((id) => {
    const bug = PLANTED_BUGS.find((known) => known.id === id);
    if (bug === undefined) throw new RangeError(`--only: expected some of ${PLANTED_BUGS.map((each) => each.id)}`);
    return bug;
  });
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
  const { values } = parseArgs({ options: { only: { type: 'string' }, trees: { type: 'string', default: '1' } } });
  if (!/^[1-8]$/.test(values.trees)) throw new RangeError('--trees: expected a number from 1 to 8');
  return { bugs: selectBugs(values.only), trees: Number(values.trees) };
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
    const caught = [...verdicts.values()].filter(({ kind }) => kind === 'caught').length;
    console.log(`${caught} of ${options.bugs.length} planted bugs were caught`);
    return caught < options.bugs.length ? 1 : 0;
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
