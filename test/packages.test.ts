import { readFileSync } from 'node:fs';
import path from 'node:path';

const read = (file: string): string => readFileSync(path.join(__dirname, '..', file), 'utf8');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
}

const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const locked = Object.entries(packages).filter(([name]) => name !== '');
/** What `npm ci --omit=dev` installs on every platform. */
const production = locked.filter(([, { dev, optional }]) => dev !== true && optional !== true);
const namesOf = (entries: readonly [string, Locked][]) => entries.map(([name]) => name.replace(/^node_modules\//, ''));

it('installing runs no script of a package', () => {
  expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
  // These would like to: a package that begins to is looked at before it is let in.
  expect(namesOf(locked.filter(([, { hasInstallScript }]) => hasInstallScript))).toEqual([
    '@parcel/watcher',
    '@swc/core',
    'esbuild',
    'protobufjs',
  ]);
});

it('every package asked for is of one exact version', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const versions = Object.values({ ...dependencies, ...devDependencies });
  expect(versions.length).toBeGreaterThanOrEqual(30);
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

it('every locked package is of one exact version of the registry: no repository, address, folder or link', () => {
  expect(locked.length).toBeGreaterThanOrEqual(100);
  const strays = locked.filter(
    ([, { version, resolved, link }]) =>
      !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version ?? '') ||
      link === true ||
      !/^(https:\/\/[^/]+\/.+\.tgz)?$/.test(resolved ?? ''),
  );
  expect(namesOf(strays)).toEqual([]);
  const asked = locked.flatMap(([name, { dependencies, optionalDependencies, peerDependencies }]) =>
    Object.entries({ ...dependencies, ...optionalDependencies, ...peerDependencies }).map(
      ([dependency, range]) => `${name} asks for ${dependency} at ${range}`,
    ),
  );
  expect(asked.length).toBeGreaterThanOrEqual(500);
  expect(asked.filter((line) => !/ at (npm:(@[a-z-]+\/)?[a-z0-9-]+@)?[^:/]*$/.test(line))).toEqual([]);
});

it('every locked package is held to its content, but for builds of other platforms', () => {
  const loose = locked.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''));
  const here = loose.filter(([, { optional, os, cpu }]) => optional !== true || (os ?? cpu ?? []).length === 0);
  expect(namesOf(here)).toEqual([]);
});

/** Licences that ask for no more than their own text. */
const LICENCES = [
  '(ISC AND CC-BY-3.0)',
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 AND MIT',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT or MPL-2.0',
  'PSF-2.0',
  'Unlicense',
];
/** Packages that name none in their description but carry one: the Unlicense. */
const LICENCE_IN_FILE = ['unionfs'];

it('every production package is under a listed licence', () => {
  const others = production.filter(([, { license }]) => !LICENCES.includes(license ?? ''));
  expect(namesOf(others)).toEqual(LICENCE_IN_FILE);
});

/** The package that a folder means by a name: its own, or that of the nearest folder above. */
function findPackage(from: string, name: string): string | null {
  const own = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (packages[own] !== undefined) return own;
  if (from === '') return null;
  const parent = from.lastIndexOf('node_modules/');
  return findPackage(parent <= 0 ? '' : from.slice(0, parent - 1), name);
}

/** All that is installed for the product, but for what is behind these packages alone. */
function countWithout(left: readonly string[]): number {
  const found = new Set<string>();
  const visit = (folder: string) => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = packages[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
      const target = peerDependenciesMeta?.[name]?.optional === true ? null : findPackage(folder, name);
      if (target === null || found.has(target) || left.includes(name)) continue;
      found.add(target);
      visit(target);
    }
  };
  visit('');
  return found.size;
}

it('the number of production packages does not grow unseen', () => {
  expect(countWithout([])).toBe(production.length);
  expect(production.length).toBeLessThanOrEqual(270);
  // The worker's SDK brings a bundler, which the worker never runs: its workflow code is bundled by the build.
  const bundler = ['webpack', '@swc/core', 'swc-loader', 'source-map-loader', 'memfs', 'unionfs'];
  expect(countWithout(bundler)).toBeLessThanOrEqual(182);
  expect(countWithout([...bundler, '@fastify/swagger-ui', '@fastify/static'])).toBeLessThanOrEqual(162);
});
