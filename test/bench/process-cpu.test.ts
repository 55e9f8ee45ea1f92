import { readCpuMs, readTreeCpuMs, readTreeKb } from '../../bench/process-cpu';

/** Elsewhere the system does not tell, and that is said. */
const isTold = process.platform === 'linux';

test('the time of a process is what the process itself is told', () => {
  const { user, system } = process.cpuUsage();
  const cpuMs = readCpuMs(process.pid);
  // Two counters, in steps of 10 ms each; what garbage collection takes between the two readings may come on top.
  const isRight = cpuMs > 0 && Math.abs(cpuMs - (user + system) / 1_000) < 500;
  expect([isRight, Number.isNaN(cpuMs)]).toEqual([isTold, !isTold]);
});

test('a process and those it started take at least what it takes alone', () => {
  const alone = readCpuMs(process.pid);
  expect([readTreeCpuMs(process.pid) >= alone, readTreeKb(process.pid) > 0]).toEqual([isTold, isTold]);
});

test('of what was not started nothing is known', () => {
  expect(readCpuMs(null)).toBeNaN();
});
