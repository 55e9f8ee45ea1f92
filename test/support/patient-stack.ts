import { PATIENT, QUICK_TASKS } from './quick';
import { type Stack, startStack } from './stack';

let joined: { readonly stack: Promise<Stack>; users: number } | null = null;

/** One stack for all files that use it one after another; the last to stop it ends it. Its server may be killed and started again. */
export async function joinPatientStack(): Promise<Stack> {
  joined ??= {
    stack: startStack({ ...PATIENT, temporal: 'own', temporalSettings: QUICK_TASKS, metrics: true }),
    users: 0,
  };
  const mine = joined;
  mine.users += 1;
  const stack = await mine.stack;
  const stop = async () => {
    mine.users -= 1;
    if (mine.users > 0) return;
    joined = null;
    await stack.stop();
  };
  return { ...stack, stop };
}
