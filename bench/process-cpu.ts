import { readdirSync, readFileSync } from 'node:fs';

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
