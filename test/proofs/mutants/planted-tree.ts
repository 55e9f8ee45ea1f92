import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../scripts/project';
import { findTemporal, findTestServer } from '../../../scripts/temporal-bin';
import { type PlantedBug, plant } from './planted-bug';
import { confirmVerdict, readVerdict, type Verdict } from './verdict';

const COPIED = [
  'src',
  'simulator',
  'scripts',
  'test',
  'docs',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'docker-compose.yml',
  '.env.example',
  '.npmrc',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'jest.config.cjs',
];
/** For the tests of every bug in one run; those of a single one take seconds. */
const RUN_LIMIT_MS = 1_200_000;
/** What a planted bug leaves unused is no error of types. */
const TYPES_OF_SOURCES = {
  extends: './tsconfig.json',
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  include: ['src'],
};

/** A copy of the project in which bugs can be planted; the project itself is never written to. */
export interface PlantedTree {
  /** Runs these test files on a fresh copy, with the bug in it, or without any. */
  run(bug: PlantedBug): Promise<Verdict>;
  runSound(bugs: readonly PlantedBug[]): Promise<Verdict>;
  /** Ends what is still running and removes the copy. */
  remove(): void;
}

/** Makes the folder of the copies. @throws BinaryNotFoundError when there is no Temporal test server */
export async function createPlantedTree(): Promise<PlantedTree> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'planted-bugs-')));
  const root = path.join(folder, 'tree');
  const servers = {
    TEMPORAL_TEST_SERVER_PATH: (await findTestServer()).path,
    TEMPORAL_CLI_PATH: (await findTemporal()).path,
  };
  const env = { ...process.env, ...servers };
  const running = new Set<ChildProcess>();
  const inTree = (name: string, args: readonly string[]) =>
    runNode([binary(name), ...args], { cwd: root, env, running });

  async function runTests(files: readonly string[], testName: string | undefined): Promise<Verdict> {
    const report = path.join(folder, 'report.json');
    rmSync(report, { force: true });
    const filter = testName === undefined ? [] : ['--testNamePattern', testName];
    const output = ['--json', '--outputFile', report, '--forceExit'];
    const code = await inTree('jest', [
      '--runTestsByPath',
      ...files,
      '--selectProjects',
      'unit',
      'e2e',
      ...filter,
      ...output,
    ]);
    if (code === null) return { kind: 'no_verdict', why: `the tests did not end within ${RUN_LIMIT_MS / 1_000} s` };
    if (!existsSync(report)) return { kind: 'no_verdict', why: 'the tests did not report' };
    return readVerdict(readFileSync(report, 'utf8'), root);
  }

  /** One red test on a busy machine may be red by chance: it has to be red twice. */
  async function runUntilSure({ tests, testName }: Pick<PlantedBug, 'tests' | 'testName'>): Promise<Verdict> {
    const first = await runTests(tests, testName);
    if (first.kind !== 'caught' || first.tests.length > 1) return first;
    return confirmVerdict(first, await runTests(tests, testName));
  }

  return {
    async run(bug) {
      copyProject(root);
      const file = path.join(root, bug.file);
      writeFileSync(file, plant(readFileSync(file, 'utf8'), bug));
      const [types, verdict] = await Promise.all([inTree('tsc', ['-p', 'tsconfig.planted.json']), runUntilSure(bug)]);
      return types === 0 ? verdict : { kind: 'no_verdict', why: 'it does not compile' };
    },
    async runSound(bugs) {
      copyProject(root);
      const first = await runTests([...new Set(bugs.flatMap(({ tests }) => tests))], undefined);
      if (first.kind !== 'caught') return first;
      return confirmVerdict(first, await runTests([...new Set(first.tests.map(({ file }) => file))], undefined));
    },
    remove() {
      for (const child of running) killGroup(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function copyProject(root: string): void {
  rmSync(root, { recursive: true, force: true });
  for (const name of COPIED) cpSync(path.join(projectRoot, name), path.join(root, name), { recursive: true });
  symlinkSync(realpathSync(path.join(projectRoot, 'node_modules')), path.join(root, 'node_modules'));
  writeFileSync(path.join(root, 'tsconfig.planted.json'), JSON.stringify(TYPES_OF_SOURCES));
}

const BINARIES: Readonly<Record<string, string>> = { jest: 'jest/bin/jest.js', tsc: 'typescript/bin/tsc' };

function binary(name: string): string {
  return path.join(projectRoot, 'node_modules', BINARIES[name] ?? name);
}

interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly running: Set<ChildProcess>;
}

/** The exit code; null when the time was over. */
function runNode(args: readonly string[], { cwd, env, running }: RunOptions): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: 'ignore' });
    running.add(child);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      killGroup(child);
    }, RUN_LIMIT_MS);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve(isLate ? null : (code ?? 1));
    });
  });
}

/** The group as a whole: tests start a server of their own. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself in between.
  }
}
