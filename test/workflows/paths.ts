import { APPROVAL_PATHS } from './paths-approval';
import { CALLBACK_PATHS } from './paths-callback';
import { HOOK_PATHS } from './paths-hook';
import { LIMIT_PATHS } from './paths-limits';
import { NOTIFICATION_PATHS } from './paths-notifications';
import { OPERATOR_PATHS } from './paths-operator';
import { RECEIVER_PATHS } from './paths-receiver';
import { SCHEDULE_PATHS } from './paths-schedule';
import { SENDING_PATHS } from './paths-sending';
import { WAITING_PATHS } from './paths-waiting';
import type { Path } from './scene';

/** Every way a payout can go that the tests play and the recorder records. */
export const PATHS: readonly Path[] = [
  ...SENDING_PATHS,
  ...WAITING_PATHS,
  ...CALLBACK_PATHS,
  ...OPERATOR_PATHS,
  ...RECEIVER_PATHS,
  ...NOTIFICATION_PATHS,
  ...LIMIT_PATHS,
  ...SCHEDULE_PATHS,
  ...APPROVAL_PATHS,
  ...HOOK_PATHS,
];

/** @throws Error for a name no path has */
export function findPath(name: string): Path {
  const path = PATHS.find((candidate) => candidate.name === name);
  if (path === undefined) throw new Error(`no path is named ${name}`);
  return path;
}
