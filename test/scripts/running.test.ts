import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { identifyProcess, isStillRunning } from '../../scripts/process-identity';
import { endProcesses, openRunRecords } from '../../scripts/running';

const dir = mkdtempSync(path.join(tmpdir(), 'running-'));
const records = openRunRecords(dir);
afterAll(() => rmSync(dir, { recursive: true }));

async function startProcess(program: string) {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return child;
}

const OBEDIENT = 'setInterval(() => {}, 1000); console.log(1)';
const STUBBORN = `process.on('SIGTERM', () => {}); ${OBEDIENT}`;

it('ends the processes of a killed run, by force if needed, and no others', async () => {
  const obedient = await startProcess(OBEDIENT);
  const stubborn = await startProcess(STUBBORN);
  const stranger = await startProcess(OBEDIENT);
  const exits = [once(obedient, 'exit'), once(stubborn, 'exit')];
  records.writeChildren([
    { name: 'api', ...identifyProcess(obedient.pid!) },
    { name: 'worker', ...identifyProcess(stubborn.pid!) },
    { name: 'simulator', pid: stranger.pid!, startedAt: 'another boot:1' },
  ]);
  const leftovers = records.listLeftovers();
  expect(leftovers.map(({ name }) => name)).toEqual(['api', 'worker']);
  await endProcesses([...leftovers, { name: 'simulator', pid: stranger.pid!, startedAt: 'another boot:1' }], 100);
  expect(await Promise.all(exits)).toEqual([
    [null, 'SIGTERM'],
    [null, 'SIGKILL'],
  ]);
  expect(records.listLeftovers()).toEqual([]);
  expect(isStillRunning(identifyProcess(stranger.pid!))).toBe(true);
  stranger.kill('SIGKILL');
  await once(stranger, 'exit');
});

it('knows a running system only while its owner lives', () => {
  const system = { api: 'http://a', simulator: 'http://s', temporalAddress: 't', temporalUi: null };
  expect(records.readRunning()).toBeNull();
  records.writeRunning({ ...system, owner: identifyProcess(process.pid) });
  expect(records.readRunning()?.api).toBe('http://a');
  records.writeRunning({ ...system, owner: { pid: process.pid, startedAt: 'another boot:1' } });
  expect(records.readRunning()).toBeNull();
});

it('remembers ports', () => {
  expect(records.readPorts()).toEqual({});
  const ports = { api: 1, temporal: 2, temporalUi: 3, simulator: 4 };
  records.writePorts(ports);
  records.clear();
  expect(records.readPorts()).toEqual(ports);
});

it('where ps is asked, a process stays itself in a terminal of another zone and language', () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
  const { TZ } = process.env;
  try {
    Object.defineProperty(process, 'platform', { ...platform, value: 'darwin' });
    const identity = identifyProcess(process.pid);
    expect(identity.startedAt).toMatch(/\d\d:\d\d:\d\d/);
    process.env.TZ = 'Asia/Tokyo';
    expect(isStillRunning(identity)).toBe(true);
  } finally {
    Object.defineProperty(process, 'platform', platform);
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  }
});
