import { addTo } from '../counts';

/** Moments in the life of a payout at which a process is killed or frozen, seen from outside: between two processes. */
const VICTIMS = {
  before_bytes: 'worker', // the probe is answered, the answer is held: the creating request was not written
  bytes_held: 'worker', // the creating request left the worker and has not reached the gateway; it may arrive later
  after_bytes: 'worker', // the creating request has reached the gateway, no reply yet
  before_reply_is_read: 'worker', // the gateway has replied, the reply is held
  before_completion: 'worker', // the reply is read, nothing more reaches Temporal
  after_completion: 'worker', // the completion has left the worker, no answer to it comes back
  frozen_before_bytes: 'worker', // frozen before the creating request until Temporal has given the call up
  frozen_before_reply_is_read: 'worker', // frozen before the reply is read until Temporal has given the call up
  before_start: 'api', // the POST is read, nothing reaches Temporal
  started_before_answer: 'api', // Temporal may have started the payout, its answer is held
  before_signal: 'api', // the callback is read, nothing reaches Temporal
  signal_before_answer: 'api', // Temporal may have stored the signal, its answer is held
  answer_held: 'api', // the callback was answered, the answer never arrives
  temporal_at_start: 'temporal', // the POST has just been sent
  temporal_at_create: 'temporal', // the creating request has reached the gateway, no reply yet
  temporal_at_completion: 'temporal', // the reply to the creating request has just been delivered
  temporal_at_signal: 'temporal', // the callback has just been delivered
} as const;

export type PointName = keyof typeof VICTIMS;
const NAMES = Object.keys(VICTIMS) as PointName[];

/** Every named point, numbered K1, K2, … in this order. */
export const POINTS = NAMES.map((name) => ({ name, victim: VICTIMS[name] }));

/** `K3 after_bytes`, as the output names it. */
export const labelPoint = (name: PointName): string => `K${NAMES.indexOf(name) + 1} ${name}`;

export type PointBoard = ReturnType<typeof createPointBoard>;

/** Holds which points are armed. A point that is reached while armed is used up, unless the taker could not act on it. */
export function createPointBoard() {
  let armed: PointName[] = [];
  const counts = new Map<PointName, number>();
  return {
    arm: (name: PointName) => void armed.push(name),
    /** The first of these names that is armed, taken off the board; null when none is. */
    take(names: readonly PointName[]): PointName | null {
      const taken = armed.find((name) => names.includes(name)) ?? null;
      if (taken !== null) armed = armed.toSpliced(armed.indexOf(taken), 1);
      return taken;
    },
    /** Taken, but it could not be acted on: armed again. */
    giveBack: (name: PointName) => void armed.unshift(name),
    /** Acted on. */
    count: (name: PointName) => addTo(counts, name),
    counts: () => counts,
    clear() {
      armed = [];
    },
  };
}
