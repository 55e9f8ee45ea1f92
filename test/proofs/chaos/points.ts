/** A moment in the life of a payout at which a process is killed or frozen, seen from outside: between two processes. */
export interface Point {
  readonly name: PointName;
  readonly victim: 'worker' | 'api' | 'temporal';
  readonly meaning: string;
}

const POINTS_BY_NAME = {
  before_bytes: ['worker', 'the probe is answered, the answer is held: the creating request was not written'],
  bytes_held: ['worker', 'the creating request left the worker and has not reached the gateway; it may arrive later'],
  after_bytes: ['worker', 'the creating request has reached the gateway, no reply yet'],
  before_reply_is_read: ['worker', 'the gateway has replied, the reply is held'],
  before_completion: ['worker', 'the reply is read, nothing more reaches Temporal'],
  after_completion: ['worker', 'the completion has left the worker, no answer to it comes back'],
  frozen_before_bytes: ['worker', 'frozen before the creating request until Temporal has given the call up'],
  frozen_before_reply_is_read: ['worker', 'frozen before the reply is read until Temporal has given the call up'],
  before_start: ['api', 'the POST is read, nothing reaches Temporal'],
  started_before_answer: ['api', 'Temporal may have started the payout, its answer is held'],
  before_signal: ['api', 'the callback is read, nothing reaches Temporal'],
  signal_before_answer: ['api', 'Temporal may have stored the signal, its answer is held'],
  answer_held: ['api', 'the callback was answered, the answer never arrives'],
  temporal_at_start: ['temporal', 'the POST has just been sent'],
  temporal_at_create: ['temporal', 'the creating request has reached the gateway, no reply yet'],
  temporal_at_completion: ['temporal', 'the reply to the creating request has just been delivered'],
  temporal_at_signal: ['temporal', 'the callback has just been delivered'],
} as const satisfies Readonly<Record<string, readonly [victim: 'worker' | 'api' | 'temporal', meaning: string]>>;

export type PointName = keyof typeof POINTS_BY_NAME;

/** Every named point, numbered K1, K2, … in this order. */
export const POINTS: readonly Point[] = (Object.keys(POINTS_BY_NAME) as PointName[]).map((name) => {
  const [victim, meaning] = POINTS_BY_NAME[name];
  return { name, victim, meaning };
});

/** `K3 after_bytes`, as the output names it. */
export function labelPoint(name: PointName): string {
  return `K${POINTS.findIndex((point) => point.name === name) + 1} ${name}`;
}

/** Holds which points are armed. A point that is reached while armed is used up, unless the taker could not act on it. */
export interface PointBoard {
  arm(name: PointName): void;
  /** The first of these names that is armed, taken off the board; null when none is. */
  take(names: readonly PointName[]): PointName | null;
  /** Taken, but it could not be acted on: armed again. */
  giveBack(name: PointName): void;
  /** Acted on. */
  count(name: PointName): void;
  counts(): ReadonlyMap<PointName, number>;
  clear(): void;
}

/** Starts with nothing armed and nothing counted. */
export function createPointBoard(): PointBoard {
  let armed: PointName[] = [];
  const counts = new Map<PointName, number>();
  return {
    arm: (name) => void armed.push(name),
    take(names) {
      const index = armed.findIndex((name) => names.includes(name));
      const taken = armed[index];
      if (taken === undefined) return null;
      armed = armed.toSpliced(index, 1);
      return taken;
    },
    giveBack: (name) => void armed.unshift(name),
    count: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    counts: () => counts,
    clear() {
      armed = [];
    },
  };
}
