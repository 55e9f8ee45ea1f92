import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChild } from '../../../scripts/child';
import { projectRoot } from '../../../scripts/project';
import { findTestServer } from '../../../scripts/temporal-bin';
import type { PlantedBug, Source } from './planted-bug';

/** What the tests said of one bug. */
export interface Verdict {
  /** `no verdict`: it does not compile, or no test ran to its end. */
  readonly kind: 'caught' | 'survived' | 'no verdict';
  /** The first test that failed, how many passed, or why there is no verdict. */
  readonly detail: string;
}

interface JestReport {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Reads what `jest --json` reports. A file that crashed before any test of it ran proves nothing. */
export function readVerdict({ testResults }: JestReport): Verdict {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.find(({ status }) => status === 'failed');
  if (failed !== undefined) return { kind: 'caught', detail: failed.fullName };
  const crashed = testResults.find(({ assertionResults }) => assertionResults.length === 0);
  if (crashed !== undefined) return { kind: 'no verdict', detail: crashed.message.slice(0, 500) };
  const passed = tests.filter(({ status }) => status === 'passed').length;
  return passed === 0
    ? { kind: 'no verdict', detail: 'no test ran' }
    : { kind: 'survived', detail: `${passed} passed` };
}

function listFiles(folder: string, extension: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .map((name) => path.join(folder, name));
}

/** All of `src`. */
export function readSources(): readonly Source[] {
  return listFiles('src', '.ts').map((file) => ({ file, text: readFileSync(path.join(projectRoot, file), 'utf8') }));
}

/** The unit test files that must notice the bug. */
export function selectTests({ tests }: PlantedBug, { file }: Source): readonly string[] {
  const names = new Set((tests ?? path.basename(file, '.ts')).split('|'));
  const isNamed = (test: string) => names.has(path.basename(test).replace(/\..*$/, ''));
  return listFiles('test', '.test.ts').filter((test) => isNamed(test) && !/^test\/(e2e|proofs)\//.test(test));
}

const LEFT_OUT = new Set(['node_modules', '.git', '.cache', '.data', 'dist']);
/** For the tests of every bug in one run; those of a single one take seconds. */
const RUN_LIMIT_MS = 900_000;
/** What a planted bug leaves unused is no error of types. */
const TSCONFIG = {
  extends: './tsconfig.json',
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
  include: ['src'],
};

/** A copy of the project in which bugs can be planted; the project itself is never written to. */
export interface PlantedTree {
  /** Runs test files with one source changed, or with none. */
  run(tests: readonly string[], changed?: Source, title?: string): Promise<Verdict>;
  remove(): void;
}

/** Copies the project. @throws BinaryNotFoundError when there is no Temporal test server */
export async function createPlantedTree(): Promise<PlantedTree> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'planted-bugs-')));
  const report = path.join(root, 'report.json');
  const env = { ...process.env, TEMPORAL_TEST_SERVER_PATH: (await findTestServer()).path };
  for (const name of readdirSync(projectRoot)) {
    if (!LEFT_OUT.has(name)) cpSync(path.join(projectRoot, name), path.join(root, name), { recursive: true });
  }
  symlinkSync(realpathSync(path.join(projectRoot, 'node_modules')), path.join(root, 'node_modules'));
  writeFileSync(path.join(root, 'tsconfig.planted.json'), JSON.stringify(TSCONFIG));

  async function runNode(program: string, args: readonly string[]): Promise<number | null> {
    const child = await startChild({
      ...{ name: 'tests', command: process.execPath, args: [path.join(root, 'node_modules', program), ...args] },
      ...{ env, cwd: root, log: path.join(root, 'tests.log') },
    });
    const timer = setTimeout(() => void child.stop(5_000), RUN_LIMIT_MS);
    const { code } = await child.exited;
    clearTimeout(timer);
    return code;
  }

  async function runTests(tests: readonly string[], title: string | undefined): Promise<Verdict> {
    rmSync(report, { force: true });
    const output = ['--json', '--outputFile', report, '--forceExit', '--maxWorkers=1'];
    const titles = title === undefined ? [] : ['--testNamePattern', title];
    await runNode('jest/bin/jest.js', ['--selectProjects', 'unit', '--runTestsByPath', ...tests, ...titles, ...output]);
    if (!existsSync(report)) return { kind: 'no verdict', detail: 'the tests did not end' };
    return readVerdict(JSON.parse(readFileSync(report, 'utf8')));
  }

  return {
    async run(tests, changed, title) {
      if (changed === undefined) return runTests(tests, title);
      const file = path.join(root, changed.file);
      const sound = readFileSync(file);
      writeFileSync(file, changed.text);
      try {
        const types = runNode('typescript/bin/tsc', ['-p', 'tsconfig.planted.json']);
        const verdict = await runTests(tests, title);
        return (await types) === 0 ? verdict : { kind: 'no verdict', detail: 'it does not compile' };
      } finally {
        writeFileSync(file, sound);
      }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
