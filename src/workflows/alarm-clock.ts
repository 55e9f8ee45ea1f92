import { CancellationScope, sleep } from '@temporalio/workflow';
import type { Alarm } from '../domain/next-step';
import { ALARM_WORDS } from './status-text';

export interface AlarmClock {
  /** Makes this the one alarm that is set; the same one again changes nothing, null sets none. */
  set(alarm: Alarm | null): void;
}

/** One durable timer at most. A timer that is no longer wanted is cancelled, so that it wakes no workflow for nothing. */
export function createAlarmClock(ring: () => void): AlarmClock {
  let current: { readonly alarm: Alarm; readonly scope: CancellationScope } | null = null;
  return {
    set(alarm) {
      if (alarm !== null && current?.alarm.atMs === alarm.atMs && current.alarm.cause === alarm.cause) return;
      current?.scope.cancel();
      current = null;
      if (alarm === null) return;
      const scope = new CancellationScope();
      current = { alarm, scope };
      scope
        .run(() => sleep(Math.max(1, alarm.atMs - Date.now()), { summary: ALARM_WORDS[alarm.cause] }))
        .then(
          () => {
            current = null;
            ring();
          },
          () => undefined,
        );
    },
  };
}
