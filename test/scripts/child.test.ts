import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChild, waitForChild } from '../../scripts/child';
import { isReadyRecord, measureLog, readLogRecords } from '../../scripts/log-file';

const dir = mkdtempSync(path.join(tmpdir(), 'child-'));
afterAll(() => rmSync(dir, { recursive: true }));

let logs = 0;
async function start(program: string) {
  const log = path.join(dir, `${logs++}.log`);
  const from = measureLog(log);
  const command = { command: process.execPath, args: ['-e', program], env: {}, cwd: dir };
  const child = await startChild({ name: 'worker', ...command, log });
  const isReady = (): boolean => readLogRecords(log, from).some(isReadyRecord);
  return { child, ready: waitForChild(child, { what: 'worker', timeoutMs: 10_000, ask: isReady }) };
}

it('waits for the ready line, then stops it by SIGTERM', async () => {
  const { child, ready } = await start(`console.log('{"msg":"worker ready"}'); setInterval(() => {}, 1000)`);
  await ready;
  expect(child.ended()).toBeNull();
  expect(await child.stop(10_000)).toEqual({ code: null, signal: 'SIGTERM' });
  expect(child.ended()).toEqual({ code: null, signal: 'SIGTERM' });
});

it('kills what does not stop in its grace', async () => {
  const { child, ready } = await start(
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('{"ready":true}')`,
  );
  await ready;
  expect(await child.stop(50)).toEqual({ code: null, signal: 'SIGKILL' });
});

it('gives up at once on one that ends, with the end of its log', async () => {
  const { ready } = await start(`console.error('bad setting X'); process.exitCode = 3`);
  await expect(ready).rejects.toThrow(/worker stopped \(exit code 3\)[\s\S]*bad setting X/);
});

it('says so when the command does not exist', async () => {
  const command = { command: path.join(dir, 'nothing'), args: [], env: {}, cwd: dir };
  await expect(startChild({ name: 'x', ...command, log: path.join(dir, 'x.log') })).rejects.toThrow('ENOENT');
});

it.each([
  [{ ready: true, baseUrl: 'http://x' }, true],
  [{ msg: 'worker ready' }, true],
  [{ msg: 'not yet ready for that' }, false],
  [{ ready: false }, false],
])('%j counts as ready: %s', (record, ready) => {
  expect(isReadyRecord(record)).toBe(ready);
});
