import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Linux counts in hundredths of a second, whatever the machine (`getconf CLK_TCK`). */
const MS_PER_TICK = 10;

/** User and system time that a process has taken so far, all its threads, in ms; NaN where the system does not tell. */
export function readCpuMs(pid: number | null): number {
  if (pid === null || process.platform !== 'linux') return Number.NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before it may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Time for which each core was busy so far, for whomever, in ms; NaN where the system does not tell. */
export function readCoresMs(): readonly number[] {
  if (process.platform !== 'linux') return Array<number>(availableParallelism()).fill(Number.NaN);
  const lines = readFileSync('/proc/stat', 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [name = '', ...ticks] = line.split(' ');
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = ticks.map(Number);
    return /^cpu\d+$/.test(name) ? [(user + nice + system + irq + softirq + steal) * MS_PER_TICK] : [];
  });
}

/** Who was busy while something ran: shares of one core, 1 being all of it. */
export interface Busy {
  readonly processes: Readonly<Record<string, number>>;
  readonly cores: readonly number[];
}

/** Starts to measure; the function it returns ends it. Processes that have ended by then are not told of: keep them until then. */
export function measureBusy(pids: Readonly<Record<string, number | null>>): () => Busy {
  const read = () => Object.entries(pids).map(([name, pid]) => [name, readCpuMs(pid)] as const);
  const [beganAtMs, cores, processes] = [performance.now(), readCoresMs(), new Map(read())];
  return () => {
    const tookMs = performance.now() - beganAtMs;
    const shareOf = (before: number | undefined, after: number) => (after - (before ?? Number.NaN)) / tookMs;
    return {
      processes: Object.fromEntries(read().map(([name, cpuMs]) => [name, shareOf(processes.get(name), cpuMs)])),
      cores: readCoresMs().map((busyMs, nth) => shareOf(cores[nth], busyMs)),
    };
  };
}
