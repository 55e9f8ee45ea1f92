import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '../../../scripts/ports';
import { projectRoot } from '../../../scripts/project';
import { createProgram, type Program } from '../../support/program';
import type { Stack } from '../../support/stack';

export const DEPLOYMENT = 'payouts';

export const versionEnv = (buildId: string) => ({ WORKER_DEPLOYMENT_NAME: DEPLOYMENT, WORKER_BUILD_ID: buildId });

/** Runs `npm run deploy -- ARGS` against a stack. @returns what it prints @throws with what it prints when it fails */
export async function deploy(stack: Stack, ...args: string[]): Promise<string> {
  const command = path.join(projectRoot, 'dist', 'src', 'temporal', 'deploy-command.js');
  const env = { ...stack.environment.worker, ...versionEnv('') };
  const { stdout } = await promisify(execFile)(process.execPath, [command, ...args], { env });
  return stdout;
}

/** Makes a build current as soon as its worker is known. */
export const promote = (stack: Stack, buildId: string) =>
  stack.waitFor(`${buildId} to be current`, () => deploy(stack, 'promote', '--build-id', buildId).catch(() => null));

/** A worker of a build, running. */
export async function startWorker(stack: Stack, buildId: string, root?: string): Promise<Program> {
  const place = { name: `worker-${buildId}`, program: 'worker', port: await findFreePort([]) } as const;
  const worker = createProgram(stack, { ...place, env: versionEnv(buildId), ...(root && { root }) });
  await worker.start();
  return worker;
}

/** What the health check of a worker's container says. @throws when it is not healthy */
export async function readHealth(stack: Stack, buildId: string): Promise<string> {
  const command = path.join(projectRoot, 'dist', 'src', 'temporal', 'worker-health.js');
  const env = { ...stack.environment.worker, ...versionEnv(buildId) };
  return (await promisify(execFile)(process.execPath, [command], { env })).stdout.trim();
}
