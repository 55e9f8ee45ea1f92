import type { Path } from './scene';
import { found } from './scripted-gateway';

const FORM = 'https://gate.example.com/form/1';

/** What Receivers cause: coming back from the gateway's form. */
export const RECEIVER_PATHS: readonly Path[] = [
  {
    name: 'receiver-returns',
    gateway: () => ({
      status: (_, asker) => (asker === 'confirm' ? found('approved') : found('processing', { redirectTo: FORM })),
    }),
    act: async (scene) => {
      await scene.sleep('2h');
      await scene.comeBack();
    },
    ends: 'closed',
  },
  {
    name: 'receiver-returns-often',
    gateway: () => ({
      status: (nth) => (nth < 200 ? found('processing', { redirectTo: FORM }) : found('approved')),
    }),
    policy: {
      pollPlan: [
        { everyMs: 4_000, untilMs: 60_000 },
        { everyMs: 60_000, untilMs: 14 * 86_400_000 },
      ],
    },
    act: async (scene) => {
      await scene.comeBack();
      await scene.sleep('10m');
      for (let nth = 0; nth < 30; nth += 1) {
        await scene.comeBack();
        await scene.comeBack();
        await scene.sleep('16s');
      }
    },
    ends: 'closed',
    isRecorded: false,
  },
];
