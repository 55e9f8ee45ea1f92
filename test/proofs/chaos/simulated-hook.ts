import type { HookAnswer, HookClaim } from '../../../src/domain/hook';
import type { Payout } from '../../../src/domain/payout';

type Random = () => number;
const HOUR = 3_600_000;
const RULE = 'checked';

/** The service that some payouts are asked about before they are sent. */
export function drawHook(random: Random): HookClaim | null {
  if (random() >= 0.15) return null;
  return { rule: RULE, needed: 1, expiresInMs: 5 * HOUR, timeoutMs: 5_000, deadlineMs: 60_000, send: [] };
}

/** What it says, and after how long; null for nothing in time. */
export function drawWord(random: Random): { answer: HookAnswer | null; tookMs: number } {
  const choice = random();
  if (choice < 0.15) return { answer: null, tookMs: 60_000 };
  const tookMs = random() * (random() < 0.2 ? 60_000 : 2_000);
  if (choice < 0.3) return { answer: { verdict: 'hold', reason: 'like one on a list' }, tookMs };
  if (choice < 0.36) return { answer: { verdict: 'deny', reason: 'on a list' }, tookMs };
  if (choice < 0.4) return { answer: { verdict: 'unusable', cause: 'malformed' }, tookMs };
  return { answer: { verdict: 'allow' }, tookMs };
}

/** By the timeline alone: its last word is an "allow" of the last hour, or another person than who asked released what it held. */
export function isAllowed({ evidence }: Payout, nowMs: number, requester: string): boolean {
  let untilMs = 0;
  for (const { what, rule, operator, lastAtMs } of evidence) {
    if (what === 'hook_allowed') untilMs = lastAtMs + HOUR;
    else if (what === 'approve' && rule === RULE && operator?.actor !== requester) untilMs = Number.POSITIVE_INFINITY;
    else if (/^(hook_|resend$|reschedule_|withdraw$)/.test(what)) untilMs = 0;
  }
  return nowMs < untilMs;
}
