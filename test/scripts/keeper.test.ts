import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isStillRunning, type ProcessIdentity } from '../../scripts/process-identity';
import { projectRoot } from '../../scripts/project';
import { waitUntil } from '../../scripts/wait-until';

const dir = mkdtempSync(path.join(tmpdir(), 'keeper-'));
afterAll(() => rmSync(dir, { recursive: true }));

beforeAll(() => {
  const parent = path.join(projectRoot, 'test/scripts/keeper-parent.ts');
  const tsx = require.resolve('tsx');
  const start = `${process.execPath} --import ${tsx} ${parent} ${dir}`;
  writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', scripts: { start } }));
});

interface Run {
  readonly npm: ChildProcess;
  readonly shell: number;
  readonly node: ProcessIdentity;
  readonly children: readonly ProcessIdentity[];
}

async function start(): Promise<Run> {
  const options = { cwd: dir, detached: true, stdio: ['ignore', 'pipe', 'ignore'] } as const;
  const npm = spawn('npm', ['--silent', 'start'], { ...options, stdio: [...options.stdio] });
  const [line] = (await once(npm.stdout!, 'data')) as [Buffer];
  const [node, ...children] = JSON.parse(String(line)) as [ProcessIdentity, ...ProcessIdentity[]];
  const stat = readFileSync(`/proc/${node.pid}/stat`, 'utf8');
  return { npm, shell: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), node, children };
}

const isAnyRunning = ({ node, children }: Run) => [node, ...children].some(isStillRunning);
const processes: [string, (run: Run) => number][] = [
  ['npm', ({ npm }) => npm.pid!],
  ['its shell', ({ shell }) => shell],
  ['node', ({ node }) => node.pid],
  ['the group', ({ npm }) => -npm.pid!],
];
const endings = processes.flatMap(([name, pidOf]) => [
  ['SIGTERM', name, pidOf] as const,
  ['SIGKILL', name, pidOf] as const,
]);

describe('nothing that was started stays behind', () => {
  it.each([...endings, ['SIGUSR2', 'node, which crashes of it', ({ node }: Run) => node.pid] as const])(
    '%s to %s',
    async (signal, _name, pidOf) => {
      const run = await start();
      expect(run.children.map(isStillRunning)).toEqual([true, true]);
      process.kill(pidOf(run), signal);
      await waitUntil({ what: 'the end of all', timeoutMs: 25_000, ask: () => !isAnyRunning(run) });
    },
    60_000,
  );
});
