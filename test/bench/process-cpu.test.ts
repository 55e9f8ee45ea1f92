import { measureBusy, readCoresMs, readCpuMs } from '../../bench/process-cpu';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('the time of a process is what the process itself is told', () => {
  const { user, system } = process.cpuUsage();
  const cpuMs = readCpuMs(process.pid);
  // Two counters, in steps of 10 ms each; what garbage collection takes between the two readings may come on top.
  expect(Math.abs(cpuMs - (user + system) / 1_000)).toBeLessThan(500);
  expect(cpuMs).toBeGreaterThan(0);
});

onLinux('every core is read, in ms since the machine was started', () => {
  const cores = readCoresMs();
  expect(cores.length).toBeGreaterThan(0);
  expect(cores.every((busyMs) => busyMs > 0)).toBe(true);
});

test('of what was not started nothing is known', () => {
  expect(readCpuMs(null)).toBeNaN();
  expect(Object.keys(measureBusy({ worker: null })().processes)).toEqual(['worker']);
  expect(measureBusy({ worker: null })().processes.worker).toBeNaN();
});
