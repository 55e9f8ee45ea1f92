import { readFileSync } from 'node:fs';
import path from 'node:path';

const read = (file: string): string => readFileSync(path.join(__dirname, '..', file), 'utf8');

interface Locked {
  readonly integrity?: string;
  readonly optional?: boolean;
}

it('installing runs no script of a package', () => {
  expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
});

it('every package asked for is of one exact version', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const versions = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.length).toBeGreaterThanOrEqual(30);
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

it('every locked package is held to its content, but for builds of other platforms', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
  const locked = Object.entries(packages).filter(([name, { optional }]) => name !== '' && optional !== true);
  expect(locked.length).toBeGreaterThanOrEqual(100);
  expect(locked.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([name]) => name)).toEqual([]);
});
