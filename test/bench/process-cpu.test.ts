import { measureBusy, readCoresMs, readCpuMs } from '../../bench/process-cpu';

/** Elsewhere the system does not tell, and that is said. */
const isProven = process.platform === 'linux';

test('the time of a process is what the process itself is told', () => {
  const { user, system } = process.cpuUsage();
  const cpuMs = readCpuMs(process.pid);
  // Two counters, in steps of 10 ms each; what garbage collection takes between the two readings may come on top.
  const isRight = cpuMs > 0 && Math.abs(cpuMs - (user + system) / 1_000) < 500;
  expect([isRight, Number.isNaN(cpuMs)]).toEqual([isProven, !isProven]);
});

test('every core is read, in ms since the machine was started', () => {
  const cores = readCoresMs();
  expect(cores.length).toBeGreaterThan(0);
  expect(cores.every((busyMs) => (isProven ? busyMs > 0 : Number.isNaN(busyMs)))).toBe(true);
});

test('of what was not started nothing is known', () => {
  expect(readCpuMs(null)).toBeNaN();
  expect(Object.keys(measureBusy({ worker: null })().processes)).toEqual(['worker']);
  expect(measureBusy({ worker: null })().processes.worker).toBeNaN();
});
