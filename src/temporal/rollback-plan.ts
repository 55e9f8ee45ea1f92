import { type Routes, UsageError } from './deployment';

/** What a roll-back does. */
export interface Rollback {
  /** The builds that lose their payouts. What has run on them stays with them. */
  readonly bad: readonly string[];
  /** Null: workers without a version. */
  readonly good: string | null;
  readonly endsRamp: boolean;
  readonly setsCurrent: boolean;
}

/**
 * Goes back from the build that came last, and only once: a second roll-back changes no route, for the build that is current then is the
 * good one. `to` names another. @throws UsageError when there is nothing to go back to
 */
export function planRollback({ current, ramping, builds }: Routes, to?: string): Rollback {
  if (to !== undefined && !builds.some(({ buildId }) => buildId === to))
    throw new UsageError(`--to: expected one of ${builds.map(({ buildId }) => buildId).join(', ')}`);
  const stays = { good: to ?? current, endsRamp: ramping !== null, setsCurrent: false };
  const goesTo = (good: string) => ({ ...stays, good, setsCurrent: true });
  const ramped = ramping?.buildId ?? null;
  const leavesCurrent = to !== undefined && to !== current;
  if (ramping !== null || leavesCurrent) {
    const bad = [ramped, leavesCurrent ? current : null].filter((build) => build !== null && build !== to) as string[];
    return leavesCurrent ? { ...goesTo(to), bad } : { ...stays, bad };
  }
  const [last] = builds.filter(({ activatedAt }) => activatedAt > 0).sort((a, b) => b.activatedAt - a.activatedAt);
  if (last !== undefined && last.buildId !== current) return { ...stays, bad: [last.buildId] };
  if (to !== undefined) return { ...stays, bad: [] };
  const earlier = builds.find(({ buildId, wasCurrent }) => wasCurrent && buildId !== current);
  if (earlier === undefined || current === null)
    throw new UsageError('--to: expected a build; none was current before');
  return { ...goesTo(earlier.buildId), bad: [current] };
}
