import path from 'node:path';
import type { Child, ChildExit } from '../../scripts/child';
import { type ProgramName, STOP_GRACE_MS, startProgram } from '../../scripts/stack';
import type { Stack } from './stack';

/** A worker or an API of its own beside a stack, which may be ended and started again on the same port. */
export interface Program {
  readonly url: string;
  readonly start: () => Promise<void>;
  /** Null when it was never started. */
  readonly child: () => Child | null;
  /** How it ended; null when it was never started. One that is frozen ends too. */
  readonly stop: () => Promise<ChildExit | null>;
}

/** What it is, and where; `root`: where its build is, default the project. */
export interface ProgramPlace {
  readonly name: string;
  readonly program: ProgramName;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly root?: string;
}

/** Not started yet. `env` is added to the environment that the stack has for such a program. */
export function createProgram(stack: Stack, { name, program, port, env, root }: ProgramPlace): Program {
  const own = { ...stack.environment[program], ...env, PORT: String(port) };
  const environment = { ...stack.environment, [program]: own };
  let child: Child | null = null;
  return {
    url: `http://127.0.0.1:${port}`,
    async start() {
      const onSpawn = (spawned: Child): void => {
        child = spawned;
      };
      await startProgram({
        name: program,
        environment,
        logDir: path.join(stack.dir, name),
        onSpawn,
        ...(root && { root }),
      });
    },
    child: () => child,
    async stop() {
      child?.kill('SIGCONT');
      return (await child?.stop(STOP_GRACE_MS)) ?? null;
    },
  };
}
