interface Seeded {
  updateRandomSeed(job: unknown): void;
}

let resets = 0;
let onReset: (() => void) | null = null;

/**
 * The run that follows a reset gets a random seed of its own, at the very point of the reset and again on every replay of it: the one
 * trace of a reset on which workflow code may branch (the run id is also there while the copied history is replayed). The SDK keeps the
 * event to itself, so its hook is wrapped here, before anything of the workflow runs.
 */
const activator = Reflect.get(globalThis, '__TEMPORAL_ACTIVATOR__') as Seeded | undefined;
const reseed = activator?.updateRandomSeed;
if (activator !== undefined && reseed !== undefined) {
  activator.updateRandomSeed = (job) => {
    reseed.call(activator, job);
    resets += 1;
    onReset?.();
  };
}

/** Calls `notice` for each reset of this run, at its place among signals and results. @throws when resets cannot be seen */
export type WatchResets = (notice: () => void) => void;

export const watchResets: WatchResets = (notice) => {
  if (reseed === undefined) throw new Error('expected to see resets: without that nothing may be sent');
  onReset = notice;
  for (; resets > 0; resets -= 1) notice();
};
