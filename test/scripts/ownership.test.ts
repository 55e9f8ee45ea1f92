import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claimFile, OwnedError, releaseFile, transferFile } from '../../scripts/ownership';
import { identifyProcess, isStillRunning } from '../../scripts/process-identity';

const dir = mkdtempSync(path.join(tmpdir(), 'ownership-'));
const file = path.join(dir, 'owner.json');
const self = identifyProcess(process.pid);
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(dir, { recursive: true }));

async function withProcess<T>(act: (pid: number) => T): Promise<T> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const result = act(child.pid!);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return result;
}

it('refuses a second owner while the first runs', () => {
  claimFile(file, self);
  expect(() => claimFile(file, self)).toThrow(OwnedError);
});

it('counts an owner that was killed as none', async () => {
  const killed = await withProcess((pid) => {
    const identity = identifyProcess(pid);
    claimFile(file, identity);
    expect(() => claimFile(file, self)).toThrow(OwnedError);
    return identity;
  });
  expect(isStillRunning(killed)).toBe(false);
  claimFile(file, self);
  expect(() => claimFile(file, self)).toThrow(`process ${process.pid}`);
});

it('does not take a stranger with the same pid for the owner', () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another boot:1' }));
  claimFile(file, self);
  expect(() => claimFile(file, self)).toThrow(OwnedError);
});

it('takes a torn owner file for none', () => {
  writeFileSync(file, '{"pid":');
  claimFile(file, self);
  expect(existsSync(file)).toBe(true);
});

it('releases its own claim, never that of another', async () => {
  claimFile(file, self);
  await withProcess((pid) => transferFile(file, identifyProcess(pid)));
  releaseFile(file, self);
  expect(existsSync(file)).toBe(true);
  transferFile(file, self);
  releaseFile(file, self);
  expect(existsSync(file)).toBe(false);
});

it('lets a claim stand that came in between: when a dead owner was found and when its claim is taken away', () => {
  writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another boot:1' }));
  jest.resetModules();
  jest.doMock('../../scripts/process-identity', () => {
    const actual = jest.requireActual('../../scripts/process-identity');
    let hasCome = false;
    const isRunning = (identity: unknown): boolean => {
      if (hasCome) return actual.isStillRunning(identity);
      hasCome = true;
      writeFileSync(file, JSON.stringify(self));
      return false;
    };
    return { ...actual, isStillRunning: isRunning };
  });
  const late = require('../../scripts/ownership') as typeof import('../../scripts/ownership');
  expect(() => late.claimFile(file, self)).toThrow(late.OwnedError);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(self);
  expect(readdirSync(dir)).toEqual(['owner.json']);
});
