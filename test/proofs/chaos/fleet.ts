import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../../scripts/child';
import { STOP_GRACE_MS, startProgram } from '../../../scripts/stack';
import type { StackEnvironment } from '../../../scripts/stack-environment';
import type { Stack } from '../../support/stack';
import type { Victim } from './plan';

/** How a process of the run was disturbed so far. */
export interface Toll {
  readonly kills: number;
  readonly freezes: number;
  /** Ends nobody asked for: defects. */
  readonly ownEnds: number;
}

/** A process that is killed, frozen and started again, one disturbance at a time. */
export interface Member {
  readonly name: Victim;
  readonly toll: () => Toll;
  readonly incidents: () => readonly Incident[];
  readonly start: () => Promise<void>;
  /** Resolves when it has worked undisturbed for a while. */
  readonly rested: () => Promise<void>;
  /**
   * Runs the disturbance when the process is up and no other one goes on; `atOnce`: now or not at all, and only when it is rested.
   * False when it did not run.
   */
  readonly disturb: (disturbance: (hand: Hand) => Promise<void>, atOnce?: boolean) => Promise<boolean>;
  readonly stop: () => Promise<void>;
}

/** One thing that was done to a process, or that it did. */
export interface Incident {
  readonly at: string;
  readonly process: Victim;
  readonly pid: number | null;
  readonly what: 'killed' | 'frozen' | 'thawed' | 'started' | 'ended by itself';
}

/** What a disturbance may do. Afterwards the process is started again if it is gone. */
export interface Hand {
  readonly kill: () => Promise<void>;
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
}

/** How a kind of process is started, ended and looked at. */
interface Body {
  readonly start: () => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => Promise<unknown>;
  readonly isGone: () => boolean;
  readonly pid: () => number | null;
  readonly stop: () => Promise<unknown>;
}

/** A worker or an API of its own on the environment of the stack; `extra` is added to it. */
export function createProgramMember(options: {
  readonly name: Victim;
  readonly program: 'worker' | 'api';
  readonly stack: Stack;
  readonly port: number;
  readonly extra: NodeJS.ProcessEnv;
}): Member {
  const { name, program, stack, port, extra } = options;
  const environment: StackEnvironment = {
    ...stack.environment,
    [program]: { ...stack.environment[program], ...extra, PORT: String(port) },
  };
  const logDir = path.join(stack.dir, name);
  let child: Child | null = null;
  return createMember(name, {
    async start() {
      const onSpawn = (spawned: Child): void => {
        child = spawned;
      };
      await startProgram({ name: program, environment, logDir, onSpawn });
    },
    async signal(signal) {
      child?.kill(signal);
      if (signal === 'SIGKILL') await child?.exited;
    },
    isGone: () => child?.ended() !== null,
    pid: () => child?.identity.pid ?? null,
    async stop() {
      child?.kill('SIGCONT');
      await child?.stop(STOP_GRACE_MS);
    },
  });
}

/** The stack's own Temporal, which the stack has started and will stop. */
export function createTemporalMember(stack: Stack): Member {
  let isGone = false;
  return createMember('temporal', {
    async start() {
      if (isGone) await stack.start('temporal');
      isGone = false;
    },
    async signal(signal) {
      await stack.kill('temporal', signal);
      if (signal === 'SIGKILL') isGone = true;
    },
    isGone: () => isGone,
    pid: () => null,
    stop: () => stack.kill('temporal', 'SIGCONT'),
  });
}

/**
 * So long a process works between two disturbances, and no shorter than its start has taken: one that is never up proves nothing, and
 * on a slow machine whatever waited for it is still under way.
 */
const REST_MS = 5_000;
/** A named point needs less: the processes are up long enough when a payout has come that far. */
const REST_BEFORE_POINT_MS = 1_500;

function createMember(name: Victim, body: Body): Member {
  const toll = { kills: 0, freezes: 0, ownEnds: 0 };
  let turn: Promise<unknown> = Promise.resolve();
  let isBusy = false;
  let upSinceMs = performance.now();
  let startTookMs = 0;
  const hasRested = (leastMs: number): boolean => performance.now() - upSinceMs >= Math.max(leastMs, startTookMs);
  const incidents: Incident[] = [];
  const happen = (what: Incident['what']): void =>
    void incidents.push({ at: new Date().toISOString(), process: name, pid: body.pid(), what });

  async function start(): Promise<void> {
    const fromMs = performance.now();
    await body.start();
    startTookMs = performance.now() - fromMs;
    happen('started');
  }

  /** The server or another process may be away while one starts: it is tried until it is up. */
  async function startAgain(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await start();
      } catch (error) {
        if (tries === 5) throw error;
        await body.stop();
        await sleep(500);
      }
    }
  }

  const hand: Hand = {
    async kill() {
      if (body.isGone()) return;
      toll.kills += 1;
      happen('killed');
      await body.signal('SIGKILL');
    },
    async freeze() {
      toll.freezes += 1;
      await body.signal('SIGSTOP');
      happen('frozen');
    },
    async thaw() {
      await body.signal('SIGCONT');
      happen('thawed');
    },
  };

  async function take(disturbance: (hand: Hand) => Promise<void>): Promise<void> {
    isBusy = true;
    try {
      if (body.isGone()) {
        toll.ownEnds += 1;
        happen('ended by itself');
        await startAgain();
      }
      await disturbance(hand);
      if (body.isGone()) await startAgain();
    } finally {
      upSinceMs = performance.now();
      isBusy = false;
    }
  }

  return {
    name,
    toll: () => ({ ...toll }),
    incidents: () => incidents,
    async rested() {
      while (isBusy || !hasRested(REST_MS)) await sleep(200);
    },
    start,
    async disturb(disturbance, atOnce = false) {
      if (atOnce && (isBusy || !hasRested(REST_BEFORE_POINT_MS))) return false;
      const mine = turn.then(() => take(disturbance));
      // At once means from this very moment on: nobody may come in between.
      if (atOnce) isBusy = true;
      turn = mine.catch(() => undefined);
      await mine;
      return true;
    },
    async stop() {
      await body.stop();
    },
  };
}
