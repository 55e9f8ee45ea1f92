import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { functionName: string; url: string; lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** A function and its part of the time that was not idle; time of what it calls is not in it. */
export interface HotSpot {
  readonly what: string;
  readonly share: number;
}

const IDLE = new Set(['(idle)', '(root)']);

/** Where a process spent its time, over all its threads: the profiles that `--cpu-prof` left in a folder. */
export function readHotSpots(folder: string, pid: number, most = 8): readonly HotSpot[] {
  const files = readdirSync(folder).filter((name) => name.split('.')[3] === String(pid));
  const spent = new Map<string, number>();
  for (const file of files) {
    const { nodes, samples, timeDeltas }: CpuProfile = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
    samples.forEach((id, nth) => {
      const name = names.get(id) ?? '';
      if (!IDLE.has(name)) spent.set(name, (spent.get(name) ?? 0) + (timeDeltas[nth] ?? 0));
    });
  }
  const total = [...spent.values()].reduce((sum, time) => sum + time, 0);
  return [...spent]
    .sort(([, left], [, right]) => right - left)
    .slice(0, most)
    .map(([what, time]) => ({ what, share: time / total }));
}

function nameOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const file = url.replace(/^.*\/(node_modules|dist)\//, '').replace(/^node:/, '');
  return `${name} ${file}:${lineNumber + 1}`;
}
