import type { Routes } from '../../src/temporal/deployment';
import { planRollback } from '../../src/temporal/rollback-plan';

/** Builds in the order in which they took payouts first; those that were current, the last one first. */
function routesOf(current: string | null, { was = [], tried = [] }: { was?: string[]; tried?: string[] }): Routes {
  const ids = [...(current === null ? [] : [current]), ...was, ...tried];
  const buildOf = (buildId: string) => ({
    ...{ buildId, wasCurrent: !tried.includes(buildId), activatedAt: Number(buildId) },
  });
  return { current, ramping: null, builds: ids.map(buildOf) };
}
const ramping = (routes: Routes, buildId: string): Routes => ({ ...routes, ramping: { buildId, percentage: 10 } });
const keeps = { endsRamp: false, setsCurrent: false };

it('makes the build current that was so before', () => {
  const plan = { bad: ['3'], good: '2', endsRamp: false, setsCurrent: true };
  expect(planRollback(routesOf('3', { was: ['2', '1'] }))).toEqual(plan);
});

it('goes back to the good build when a build that was rolled back lies between', () => {
  expect(planRollback(routesOf('3', { was: ['1', '2'] }))).toMatchObject({ bad: ['3'], good: '1' });
});

it('a second one leaves the good build current, and holds what the bad one still has', () => {
  expect(planRollback(routesOf('2', { was: ['3', '1'] }))).toEqual({ bad: ['3'], good: '2', ...keeps });
  expect(planRollback(routesOf('1', { was: ['2'] }), '1')).toEqual({ bad: ['2'], good: '1', ...keeps });
});

it('ends a ramp and leaves what is current; a second one changes nothing', () => {
  const routes = routesOf('2', { was: ['1'], tried: ['3'] });
  expect(planRollback(ramping(routes, '3'))).toEqual({ bad: ['3'], good: '2', endsRamp: true, setsCurrent: false });
  expect(planRollback(routes)).toEqual({ bad: ['3'], good: '2', ...keeps });
});

it('--to goes to any build, from what is current and from a ramp', () => {
  const routes = routesOf('3', { was: ['2', '1'], tried: ['4'] });
  expect(planRollback(routes, '1')).toEqual({ bad: ['3'], good: '1', endsRamp: false, setsCurrent: true });
  const both = { bad: ['4', '3'], good: '1', endsRamp: true, setsCurrent: true };
  expect(planRollback(ramping(routes, '4'), '1')).toEqual(both);
  expect(planRollback(ramping(routes, '4'), '4')).toMatchObject({ bad: ['3'], good: '4' });
});

it('the current build as --to is never held', () => {
  expect(planRollback(routesOf('2', { was: ['1'] }), '2')).toEqual({ bad: [], good: '2', ...keeps });
});

it('--to an unknown build, or nothing to go back to, is refused', () => {
  expect(() => planRollback(routesOf('2', { was: ['1'] }), '9')).toThrow('--to: expected one of 2, 1');
  expect(() => planRollback(routesOf('1', {}))).toThrow('--to: expected a build; none was current before');
});
