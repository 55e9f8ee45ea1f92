import type { Gate } from '../../src/domain/gate';
import type { OperatorOrder } from '../../src/domain/operator';
import { claimOf } from './paths-limits';
import type { Path } from './scene';
import { found, NOT_FOUND } from './scripted-gateway';
import { says } from './scripted-hook';
import { HOOK_RULE } from './skipped-time';

const HOUR = 3_600_000;
const gate = (): Gate => ({
  requester: 'shop',
  hook: {
    ...{ rule: HOOK_RULE, needed: 1, expiresInMs: 72 * HOUR, timeoutMs: 5_000, deadlineMs: 60_000 },
    send: ['destination'],
  },
});
const approves = () => ({ status: () => found('approved') });
const by = (action: 'approve' | 'check', person: string): OperatorOrder => ({
  ...{ id: `${action}-${person}`, actor: person, reason: 'compared by hand', action },
});

/** What each path's persons were answered, by the path's name: state or refusal, in order. */
export const HOOK_ANSWERS: Record<string, string[]> = {};
/** Within the deadline: at once, and after pauses of 1, 2, 4, 8 and 16 s. */
export const TRIES_IN_TIME = 6;
const SILENCE = { kind: 'not_answered', cause: 'timeout' } as const;

/** Payouts about which a service is asked before the send. */
export const HOOK_PATHS: readonly Path[] = [
  { name: 'hook-allowed', gate, hook: () => says({ verdict: 'allow' }), gateway: approves, ends: 'closed' },
  {
    name: 'hook-held-released',
    gate,
    hook: () => says({ verdict: 'hold', reason: 'like a name on a list' }),
    gateway: approves,
    act: async ({ sleep, operate }) => {
      await sleep('1h');
      HOOK_ANSWERS['hook-held-released'] = [await operate(by('approve', 'shop')), await operate(by('approve', 'anna'))];
    },
    ends: 'closed',
  },
  {
    name: 'hook-denied',
    gate: () => ({ ...gate(), limits: [claimOf('hook-denied')] }),
    hook: () => says({ verdict: 'deny', reason: 'on a list' }),
    gateway: approves,
    ends: 'closed',
  },
  {
    name: 'hook-silent-asked-again',
    gate,
    hook: (nth) => (nth <= TRIES_IN_TIME ? SILENCE : says({ verdict: 'allow' })),
    gateway: approves,
    act: async ({ sleep, operate }) => {
      await sleep('2h');
      HOOK_ANSWERS['hook-silent-asked-again'] = [await operate(by('check', 'olaf'))];
    },
    ends: 'closed',
  },
  {
    name: 'hook-silent-expires',
    gate,
    hook: () => SILENCE,
    gateway: approves,
    ends: 'closed',
  },
  {
    // The endpoint is away for longer than an "allow" is good for.
    name: 'hook-asked-again-before-another-send',
    gate,
    hook: (nth) => says(nth === 1 ? { verdict: 'allow' } : { verdict: 'deny', reason: 'on a list since noon' }),
    gateway: () => ({ submit: () => ({ outcome: 'not_sent', cause: 'unreachable' }), status: () => NOT_FOUND }),
    ends: 'closed',
  },
];
