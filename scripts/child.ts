import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTail } from './log-file';
import { identifyProcess, isStillRunning, type ProcessIdentity } from './process-identity';
import { projectRoot } from './project';
import type { RecordedChild } from './running';
import { waitUntil } from './wait-until';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Output is appended to this file. */
  readonly log: string;
  /** Who runs it; default we. */
  readonly account?: { readonly uid?: number; readonly gid?: number };
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly exited: Promise<ChildExit>;
  /** How it ended, null while it runs. */
  readonly ended: () => ChildExit | null;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** SIGTERM, then SIGKILL after the grace. Resolves when it is gone. */
  readonly stop: (graceMs: number) => Promise<ChildExit>;
  /** The last lines of its log. */
  readonly tail: (lines: number) => string[];
}

export function describeExit({ code, signal }: ChildExit): string {
  return signal === null ? `exit code ${code}` : `ended by ${signal}`;
}

let keeper: ChildProcessByStdio<Writable & { unref?: () => void }, null, null> | null = null;
const kept: RecordedChild[] = [];

/** Registers a child with `keeper.ts`, which ends it if we cannot. The keeper does not keep this process alive. */
function keep(child: RecordedChild): void {
  kept.push(child);
  if (keeper !== null && keeper.exitCode === null && keeper.signalCode === null) {
    keeper.stdin.write(`${JSON.stringify(child)}\n`);
    return;
  }
  const file = path.join(__dirname, `keeper${path.extname(__filename)}`);
  const args = file.endsWith('.ts') ? ['--import', 'tsx', file] : [file];
  keeper = spawn(process.execPath, args, {
    cwd: projectRoot,
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  keeper.on('error', () => undefined);
  keeper.stdin.on('error', () => undefined);
  keeper.unref();
  keeper.stdin.unref?.();
  for (const each of kept.filter(isStillRunning)) keeper.stdin.write(`${JSON.stringify(each)}\n`);
}

/**
 * Starts a process in a group of its own, so that Ctrl-C in a terminal reaches us alone and we can stop in order. Its output goes
 * straight to a file, not through us. It ends after us, even if we are killed.
 *
 * @throws when the command cannot be started at all.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  mkdirSync(path.dirname(options.log), { recursive: true });
  const output = openSync(options.log, 'a', 0o600);
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    ...options.account,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output],
  });
  const identity = identifyProcess(child.pid ?? -1);
  keep({ name: options.name, ...identity });
  let ended: ChildExit | null = null;
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = { code, signal };
      resolve(ended);
    });
  });
  try {
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  } finally {
    closeSync(output);
  }
  const stop = async (graceMs: number): Promise<ChildExit> => {
    child.kill('SIGTERM');
    const force = new AbortController();
    const forced = sleep(graceMs, null, { signal: force.signal }).then(
      () => child.kill('SIGKILL'),
      () => false,
    );
    const exit = await exited;
    force.abort();
    await forced;
    return exit;
  };
  return {
    name: options.name,
    identity,
    exited,
    ended: () => ended,
    kill: (signal) => void child.kill(signal),
    stop,
    tail: (lines) => readTail(options.log, lines),
  };
}

/** Like waitUntil, but gives up as soon as the child ends, with the end of its log. */
export function waitForChild<T>(
  child: Child,
  wait: { what: string; timeoutMs: number; ask: () => Promise<T | null | false> | T | null | false },
): Promise<T> {
  const giveUp = (): string | null => {
    const exit = child.ended();
    return exit && [`${child.name} stopped (${describeExit(exit)})`, ...child.tail(15)].join('\n    ');
  };
  return waitUntil({ ...wait, giveUp });
}
