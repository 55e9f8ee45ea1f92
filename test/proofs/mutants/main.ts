import { parseArgs } from 'node:util';
import { runCommand } from '../command';
import { PLANTED_BUGS } from './bugs';
import { type PlantedBug, plant } from './planted-bug';
import { createPlantedTree, readSources, selectTests, type Verdict } from './planted-tree';

/** @throws RangeError when no bug has one of these ids */
function selectBugs(only: string | undefined): readonly PlantedBug[] {
  const known = new Map(PLANTED_BUGS.map((bug) => [bug.id, bug]));
  return (only?.split(',') ?? [...known.keys()]).map((id) => {
    const bug = known.get(id);
    if (bug === undefined) throw new RangeError(`--only: expected some of ${[...known.keys()].join(', ')}`);
    return bug;
  });
}

function print(id: string, { kind, detail }: Verdict): void {
  console.log(`${id.padEnd(28)} ${kind === 'caught' ? kind : kind.toUpperCase()}: ${detail}`);
}

/** Without a bug everything must pass: a test that fails anyway would catch every bug. Then one bug after the other. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const sources = readSources();
  const planned = selectBugs(values.only).map((bug) => {
    const changed = plant(sources, bug);
    return { bug, changed, tests: selectTests(bug, changed) };
  });
  const tree = await createPlantedTree();
  process.once('exit', () => tree.remove());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

  const sound = await tree.run([...new Set(planned.flatMap(({ tests }) => tests))]);
  print('(no bug)', sound);
  if (sound.kind !== 'survived') return 1;
  let caught = 0;
  for (const { bug, changed, tests } of planned) {
    const verdict = await tree.run(tests, changed, bug.title);
    print(bug.id, verdict);
    if (verdict.kind === 'caught') caught += 1;
  }
  console.log(`${caught} of ${planned.length} planted bugs were caught`);
  return caught < planned.length ? 1 : 0;
}

runCommand(main);
