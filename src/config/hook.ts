import { z } from 'zod';
import { HOOK_FIELDS, type HookClaim } from '../domain/hook';
import { durationBetween } from './config-values';
import type { Reading } from './list-file';
import { isTarget, readSecrets, TARGET_FIELDS, TARGET_ISSUE } from './webhook-target';

/** A service of the user's that is asked before a send. */
export interface HookConfig {
  /** The rule that asks it. */
  readonly rule: string;
  /** Never logged: it may hold a token. */
  readonly url: string;
  /** `whsec_` and base64, as of notifications: the first signs, older ones sign beside it while they are replaced. */
  readonly secrets: readonly [string, ...string[]];
  readonly allowPrivateAddresses: boolean;
}

/** `hook` of a rule. */
export const hookFields = z
  .strictObject({
    ...TARGET_FIELDS,
    send: z.array(z.enum(HOOK_FIELDS, { error: `expected some of ${HOOK_FIELDS.join(', ')}` })).default([]),
    timeout: durationBetween('1s', '30s').default(5_000),
    deadline: durationBetween('1s', '1h').default(300_000),
    approvals: z
      .int({ error: 'expected a number from 1 to 10' })
      .min(1)
      .max(10, 'expected a number from 1 to 10')
      .default(1),
  })
  .refine(isTarget, TARGET_ISSUE)
  .refine(({ timeout, deadline }) => timeout <= deadline, {
    path: ['deadline'],
    error: 'expected at least as long as timeout',
  });
type Hook = z.output<typeof hookFields>;

/** What payouts carry of it: no address and no secret. */
export function toClaim(read: Hook, expiresInMs: number): Omit<HookClaim, 'rule'> {
  const { send, timeout: timeoutMs, deadline: deadlineMs, approvals: needed } = read;
  return { needed, expiresInMs, timeoutMs, deadlineMs, send: HOOK_FIELDS.filter((field) => send.includes(field)) };
}

/** What the worker needs to ask it; none, and a complaint, when its secret cannot be read. */
export function toHooks(rule: string, read: Hook, reading: Reading, within: string): HookConfig[] {
  const secrets = readSecrets(read, reading, within);
  const { url, allowPrivateAddresses } = read;
  return secrets === null ? [] : [{ rule, url, secrets, allowPrivateAddresses }];
}
