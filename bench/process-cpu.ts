import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Linux counts in hundredths of a second, whatever the machine (`getconf CLK_TCK`). */
const MS_PER_TICK = 10;

/** The fields of `/proc/PID/stat` from the third on. The name before them may hold blanks and brackets. */
function readFields(pid: number | string): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** User and system time that a process has taken so far, all its threads, in ms; NaN where the system does not tell. */
export function readCpuMs(pid: number | null): number {
  if (pid === null || process.platform !== 'linux') return Number.NaN;
  const fields = readFields(pid);
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** The processes that a process has started and that run, and itself. */
function listTree(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [[Number(name), Number(readFields(name)[1])] as const];
      } catch {
        return [];
      }
    });
  const below = (parent: number): number[] =>
    parents.flatMap(([child, of]) => (of === parent ? [child, ...below(child)] : []));
  return [pid, ...below(pid)];
}

/** A process may end before it is read. */
function orZero(read: () => number): number {
  try {
    return read();
  } catch {
    return 0;
  }
}

/** The same with the processes it started, those that have ended too: a database serves each connection with one. */
export function readTreeCpuMs(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const times = listTree(pid).map((each) => orZero(() => readCpuMs(each)));
  // Read last: what has ended meanwhile is in it.
  const ended = readFields(pid);
  return times.reduce((sum, ms) => sum + ms, (Number(ended[13]) + Number(ended[14])) * MS_PER_TICK);
}

/** Memory that only this process and those it started hold, in KB: what is shared counts once, in parts. */
export function readTreeKb(pid: number): number {
  if (process.platform !== 'linux') return Number.NaN;
  const read = (each: number) => /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1];
  return listTree(pid).reduce((sum, each) => sum + orZero(() => Number(read(each))), 0);
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
