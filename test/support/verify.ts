import { execFile } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../scripts/project';
import type { Stack } from './stack';

/** `npm run verify` against the server of a stack, with the settings of its worker. */
export function verify(stack: Stack, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const program = path.join(projectRoot, 'dist/src/verify.js');
  const options = { env: { ...stack.environment.worker, ...env } };
  return new Promise<{ code: unknown; lines: string[] }>((resolve) => {
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, lines: (stdout + stderr).trimEnd().split('\n') }),
    );
  });
}
