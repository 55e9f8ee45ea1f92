import { setTimeout as sleep } from 'node:timers/promises';
import { createProgram } from '../../support/program';
import type { Stack } from '../../support/stack';
import type { Victim } from './plan';

/** One thing that was done to a process, or that it did. */
export interface Incident {
  readonly at: string;
  readonly process: Victim;
  readonly what: 'killed' | 'frozen' | 'thawed' | 'started' | 'ended by itself';
}

/** A process that is killed, frozen and started again, one disturbance at a time. */
export type ManagedProcess = ReturnType<typeof manage>;

/** What a disturbance may do. Afterwards the process is started again if it is gone. */
export type Controls = Readonly<Record<'kill' | 'freeze' | 'thaw', () => Promise<void>>>;

/** How a kind of process is started, signalled and stopped. */
interface Driver {
  readonly start: () => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => Promise<unknown>;
  readonly isGone: () => boolean;
  readonly stop: () => Promise<unknown>;
}

/** A worker or an API of its own on the environment of the stack; `env` is added to it. */
export function manageProgram(options: {
  readonly name: Victim;
  readonly program: 'worker' | 'api';
  readonly stack: Stack;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
}): ManagedProcess {
  const { start, child, stop } = createProgram(options.stack, options);
  return manage(options.name, {
    start,
    async signal(signal) {
      child()?.kill(signal);
      if (signal === 'SIGKILL') await child()?.exited;
    },
    isGone: () => child()?.ended() !== null,
    stop,
  });
}

/** The stack's own Temporal, which the stack has started and will stop. */
export function manageTemporal(stack: Stack): ManagedProcess {
  let isGone = false;
  return manage('temporal', {
    async start() {
      if (isGone) await stack.start('temporal');
      isGone = false;
    },
    async signal(signal) {
      await stack.kill('temporal', signal);
      if (signal === 'SIGKILL') isGone = true;
    },
    isGone: () => isGone,
    stop: () => stack.kill('temporal', 'SIGCONT'),
  });
}

/**
 * So long a process works between two disturbances, and no shorter than its start has taken: one that is never up proves nothing, and
 * on a slow machine what waited for it is still under way.
 */
const REST_MS = 5_000;
/** A named point needs less: the processes are up long enough when a payout has come that far. */
const REST_BEFORE_POINT_MS = 1_500;

function manage(name: Victim, driver: Driver) {
  const disruptions = {
    ...{ kills: 0, freezes: 0 },
    /** Ends that the run did not cause: defects. */
    ownEnds: 0,
  };
  const incidents: Incident[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  let isBusy = false;
  let upSinceMs = performance.now();
  let startTookMs = 0;
  const hasRested = (leastMs: number): boolean => performance.now() - upSinceMs >= Math.max(leastMs, startTookMs);
  const record = (what: Incident['what']): void =>
    void incidents.push({ at: new Date().toISOString(), process: name, what });

  async function start(): Promise<void> {
    const fromMs = performance.now();
    await driver.start();
    startTookMs = performance.now() - fromMs;
    record('started');
  }

  /** The server or another process may be away while one starts: it is tried until it is up. */
  async function startAgain(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await start();
      } catch (error) {
        if (tries === 5) throw error;
        await driver.stop();
        await sleep(500);
      }
    }
  }

  const controls: Controls = {
    async kill() {
      if (driver.isGone()) return;
      disruptions.kills += 1;
      record('killed');
      await driver.signal('SIGKILL');
    },
    async freeze() {
      disruptions.freezes += 1;
      await driver.signal('SIGSTOP');
      record('frozen');
    },
    async thaw() {
      await driver.signal('SIGCONT');
      record('thawed');
    },
  };

  async function take(disturbance: (controls: Controls) => Promise<void>): Promise<void> {
    isBusy = true;
    try {
      if (driver.isGone()) {
        disruptions.ownEnds += 1;
        record('ended by itself');
        await startAgain();
      }
      await disturbance(controls);
      if (driver.isGone()) await startAgain();
    } finally {
      upSinceMs = performance.now();
      isBusy = false;
    }
  }

  return {
    name,
    disruptions: disruptions as Readonly<typeof disruptions>,
    incidents: incidents as readonly Incident[],
    /** Resolves when it has worked undisturbed for a while. */
    async rested() {
      while (isBusy || !hasRested(REST_MS)) await sleep(200);
    },
    start,
    /**
     * Runs the disturbance when the process is up and no other one goes on; `atOnce`: now or not at all, and only when it is rested.
     * False when it did not run.
     */
    async disturb(disturbance: (controls: Controls) => Promise<void>, atOnce = false): Promise<boolean> {
      if (atOnce && (isBusy || !hasRested(REST_BEFORE_POINT_MS))) return false;
      const mine = turn.then(() => take(disturbance));
      // At once means from this very moment on: no other may come in between.
      if (atOnce) isBusy = true;
      turn = mine.catch(() => undefined);
      await mine;
      return true;
    },
    stop: driver.stop,
  };
}
