import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../../scripts/project';

const CACHE = path.join(projectRoot, '.cache', 'prometheus');

/** The folder of `prometheus` and `promtool`: `PROMETHEUS_PATH`, `PATH`, or Debian's package, unpacked and not installed. */
export function findPrometheus(): string {
  const folders = [
    process.env.PROMETHEUS_PATH ?? '',
    ...(process.env.PATH ?? '').split(':'),
    path.join(CACHE, 'usr/bin'),
  ];
  const find = () => folders.find((folder) => folder !== '' && existsSync(path.join(folder, 'promtool')));
  const found = find();
  if (found !== undefined) return found;
  mkdirSync(CACHE, { recursive: true });
  const options = { cwd: CACHE, stdio: 'ignore' as const, timeout: 120_000 };
  try {
    execFileSync('apt-get', ['download', '-q', 'prometheus'], options);
  } catch {
    execFileSync('apt-get', ['update', '-q'], options);
    execFileSync('apt-get', ['download', '-q', 'prometheus'], options);
  }
  const [deb] = readdirSync(CACHE).filter((file) => file.endsWith('.deb'));
  execFileSync('dpkg', ['-x', deb ?? '', '.'], options);
  const unpacked = find();
  if (unpacked === undefined)
    throw new Error('promtool: expected it on PATH, in PROMETHEUS_PATH or in Debian’s package prometheus');
  return unpacked;
}

/** One alert as Prometheus shows it. */
export interface SeenAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** Runs a Prometheus over a configuration file in a folder. */
export function startPrometheus(options: { folder: string; config: string; port: number }) {
  const { folder, config, port } = options;
  const child = spawn(
    path.join(findPrometheus(), 'prometheus'),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ask = async <T>(route: string): Promise<T | null> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${route}`).catch(() => null);
    return response === null ? null : ((await response.json()) as { data: T }).data;
  };
  return {
    alerts: async () => (await ask<{ alerts: SeenAlert[] }>('alerts'))?.alerts ?? [],
    /** The first value of a query; null for none. */
    query: async (query: string): Promise<number | null> => {
      const found = await ask<{ result: { value: [number, string] }[] }>(`query?query=${encodeURIComponent(query)}`);
      const [, value] = found?.result?.[0]?.value ?? [];
      return value === undefined ? null : Number(value);
    },
    /** Names of everything it has read so far. */
    metrics: async () => (await ask<string[]>('label/__name__/values')) ?? [],
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.kill()) await ended;
    },
  };
}
