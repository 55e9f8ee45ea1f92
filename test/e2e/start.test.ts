import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isStillRunning, type ProcessIdentity } from '../../scripts/process-identity';
import { projectRoot } from '../../scripts/project';
import type { UsedPorts } from '../../scripts/running';
import { waitUntil } from '../../scripts/wait-until';
import { buildOnce } from '../support/stack';

jest.setTimeout(180_000);
beforeAll(() => buildOnce(), 120_000);

const runs: { npm: ChildProcess; dir: string }[] = [];
afterAll(() => {
  for (const { dir, npm } of runs) {
    if (npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid!, 'SIGKILL');
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
});

function npmStart() {
  const dir = mkdtempSync(path.join(tmpdir(), 'payouts-start-'));
  const env = { ...process.env, DATA_DIR: dir };
  const npm = spawn('npm', ['start'], { cwd: projectRoot, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  runs.push({ npm, dir });
  const read = <T>(name: string): T | null => {
    const file = path.join(dir, name);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : null;
  };
  return { npm, read, output: () => output, exited: once(npm, 'exit') };
}

/** All that a run has started so far, itself among it. */
function processesOf({ read }: ReturnType<typeof npmStart>): ProcessIdentity[] {
  const owner = read<ProcessIdentity>('start.owner.json');
  return [...(owner === null ? [] : [owner]), ...(read<ProcessIdentity[]>('pids.json') ?? [])];
}

const allEnd = (processes: readonly ProcessIdentity[]) =>
  waitUntil({ what: 'the end of all', timeoutMs: 60_000, ask: () => !processes.some(isStillRunning) });

it('the build has the simulator as a package, with its README', () => {
  for (const file of ['package.json', 'README.md', 'main.js'])
    expect(existsSync(path.join(projectRoot, 'dist', 'simulator', file))).toBe(true);
});

describe('another program takes a port after it was chosen', () => {
  it.each(['api', 'simulator', 'temporal'] as const)('%s: start asks it nothing, and ends', async (name) => {
    const run = npmStart();
    const ports = await waitUntil({
      what: 'ports',
      timeoutMs: 60_000,
      intervalMs: 10,
      ask: () => run.read<UsedPorts>('ports.json'),
    });
    const asked: string[] = [];
    const stranger: Server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json').end('{"status":"ok","scenarios":[],"state":"approved"}');
    });
    stranger.on('connection', (socket) => socket.on('data', (chunk) => asked.push(String(chunk).slice(0, 20))));
    stranger.listen(ports[name], '127.0.0.1');
    await once(stranger, 'listening');
    const [code] = (await run.exited) as [number];
    const left = processesOf(run);
    stranger.closeAllConnections();
    stranger.close();
    expect({ code, asked }).toEqual({ code: 1, asked: [] });
    expect(run.output()).toMatch(name === 'temporal' ? /Temporal stopped/ : new RegExp(`${name} stopped`));
    await allEnd(left);
  });
});

it.each([
  ['SIGTERM', 'npm'],
  ['SIGKILL', 'node'],
] as const)('%s to %s leaves nothing behind', async (signal, whom) => {
  const run = npmStart();
  const system = await waitUntil({
    what: 'the whole system',
    timeoutMs: 120_000,
    ask: () => run.read<{ owner: ProcessIdentity }>('running.json'),
  });
  const processes = processesOf(run);
  expect(processes).toHaveLength(5);
  expect(processes.every(isStillRunning)).toBe(true);
  process.kill(whom === 'npm' ? run.npm.pid! : system.owner.pid, signal);
  await allEnd(processes);
});
