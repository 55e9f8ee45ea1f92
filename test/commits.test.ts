import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '..');
const CHANGELOG = 'CHANGELOG.md';
const SUBJECT = /^(?:feat|fix|perf|refactor|test|docs|build|ci|chore|style|revert)(?:\([a-z0-9, -]+\))?!?: \S.{0,150}$/;

interface Commit {
  readonly subject: string;
  readonly files: readonly string[];
}

/** Why a commit is not as CONTRIBUTING.md asks; null when it is. */
function findFault({ subject, files }: Commit): string | null {
  if (!SUBJECT.test(subject)) return `${subject}: expected a subject such as "fix(api): …"`;
  const isFeature = subject.startsWith('feat') && files.some((file) => file.startsWith('src/'));
  return isFeature && !files.includes(CHANGELOG) ? `${subject}: expected a line in ${CHANGELOG}` : null;
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** The commits since this rule came; none in a tarball. In a shallow clone those that it has. */
function readCommits(): Commit[] {
  if (!existsSync(path.join(ROOT, '.git'))) return [];
  let since: string;
  try {
    since = git('log', '-1', '--diff-filter=A', '--format=%H', '--', 'test/commits.test.ts').trim();
  } catch {
    return [];
  }
  if (since === '') return [];
  const log = git('log', '--no-merges', '--name-only', '--format=%x00%s', `${since}..HEAD`);
  return log
    .split('\0')
    .slice(1)
    .map((text) => {
      const [subject = '', ...files] = text.split('\n').filter((line) => line !== '');
      return { subject, files };
    });
}

it.each([
  ['feat(api): a list filter', ['src/api/app.ts', CHANGELOG], true],
  ['feat(api): a list filter', ['src/api/app.ts'], false],
  ['feat!: another name of a field', ['src/api/app.ts'], false],
  ['feat(simulator): a scenario', ['simulator/scenarios.ts'], true],
  ['fix: a typo', ['src/api/app.ts'], true],
  ['Fix a typo', [], false],
  ['wip: half of it', [], false],
  ['fix:no blank', [], false],
])('%s with %j: %s', (subject, files, isRight) => {
  expect(findFault({ subject, files }) === null).toBe(isRight);
});

it('every commit has a conventional subject, and a feature its line in the changelog', () => {
  expect(readCommits().flatMap((commit) => findFault(commit) ?? [])).toEqual([]);
});
