import type { NextStep } from '../../src/domain/next-step';
import { nextStep } from '../../src/domain/next-step';
import {
  type AttentionReason,
  FINAL_STATES,
  LASTING_ATTENTIONS,
  OPEN_STATES,
  PASSING_ATTENTIONS,
  type Payout,
} from '../../src/domain/payout';
import { DEFAULT_POLICY as policy } from '../../src/domain/poll-plan';
import { apply } from '../../src/domain/transitions';
import { describePayout } from '../../src/workflows/status-text';
import { makeFinal, makeFollowed, makePayout, REQUEST, START_MS } from '../domain/samples';

const MINUTE = 60_000;
const PAGE = 'https://payouts.example.com/operate';
const LINK = `[On the operators’ page](${PAGE}#/payouts/${makePayout().clientOrderId})`;
const listening: NextStep = { step: 'wait', watchUntilMs: null, alarm: null };
const describeNow = (payout: Payout, atMs = START_MS + 1_000) =>
  describePayout(payout, nextStep(payout, policy, atMs), policy, PAGE).split('\n\n');

test('fast polling: what it asks, until when, and that nothing is to do', () => {
  expect(describeNow(makeFollowed())).toEqual([
    '**Processing**: 10.50 EUR to ••••3000 through default, order 6768788',
    '**Waits for:** a final status, asked every 4 s until 2024-11-22 12:05 UTC, or a callback (none yet).',
    '**Since:** 2024-11-22 12:00 UTC',
    '**Until:** 2024-12-06 12:00 UTC; then a person decides',
    '**To do:** nothing.',
    LINK,
  ]);
});

test('the slow polling: when it asks next and how often', () => {
  const slow = makeFollowed({ polling: 'slow', lastAskedAtMs: START_MS + 10 * MINUTE });
  expect(describeNow(slow, START_MS + 11 * MINUTE)[1]).toBe(
    '**Waits for:** a final status, asked next at 2024-11-22 12:15 UTC, every 5 min now, or a callback (none yet).',
  );
});

test('the Receiver is who is waited for', () => {
  const lines = describeNow(makeFollowed({ state: 'awaiting_receiver', redirectTo: 'https://gate.example.com/form' }));
  expect(lines[1]).toMatch(/^\*\*Waits for:\*\* the Receiver, who must fill in the gateway’s form, asked every 4 s/);
  expect(lines.join()).not.toContain('gate.example.com');
});

test('a doubt says since when and until when the order is looked for', () => {
  const doubt = makePayout({
    state: 'unconfirmed',
    unconfirmedSinceMs: START_MS + MINUTE,
    lastAskedAtMs: START_MS + MINUTE,
  });
  const lines = describeNow(doubt, START_MS + MINUTE + 1);
  expect(lines).toContain('**Since:** 2024-11-22 12:01 UTC (accepted 2024-11-22 12:00 UTC)');
  expect(lines).toContain('**Until:** 2024-11-23 12:01 UTC; then a person decides');
});

test('sends that did not leave are counted', () => {
  const unsent = makePayout({ state: 'sending', sendAttempts: 3, notSentAtMs: START_MS });
  expect(describeNow(unsent)[1]).toBe(
    '**Waits for:** the next try to send, at 2024-11-22 12:00 UTC; 3 so far, and nothing left.',
  );
});

test('a person’s payout says what to do and where to read on', () => {
  const current = makePayout({ state: 'needs_review', attention: 'conflict', updatedAtMs: START_MS + MINUTE });
  expect(describeNow(current)).toEqual([
    '**Needs review, needs a person**: 10.50 EUR to ••••3000 through default, no order known yet',
    '**Waits for:** a person; callbacks are still taken (none yet).',
    '**Since:** 2024-11-22 12:01 UTC (accepted 2024-11-22 12:00 UTC)',
    '**Until:** a person or a callback settles it',
    '**To do:** Two sources report different final statuses. Hold the money and get the true status in writing. Then resolve it. Runbook: [conflict](https://payouts.example.com/operate#/reasons/conflict).',
    LINK,
  ]);
});

test('a callback that was recorded, and its claim', () => {
  const claim = { status: 'approved', reason: null, atMs: START_MS, asked: true, reached: false } as const;
  const entry = {
    orderId: null,
    stage: null,
    serialNumber: null,
    contradicts: false,
    atMs: START_MS,
    lastAtMs: START_MS,
    times: 1,
  };
  const lines = describeNow(makeFollowed({ claim, evidence: [{ ...entry, source: 'callback', what: 'approved' }] }));
  expect(lines[1]).toContain('or a callback (last 2024-11-22 12:00 UTC: approved).');
  expect(lines).toContain('**Callback:** it says approved; the order status must agree.');
});

test('in review no order status is awaited for a claim: the gateway is not asked', () => {
  const claim = { status: 'approved', reason: null, atMs: START_MS, asked: true, reached: true } as const;
  const inReview = makeFollowed({ state: 'needs_review', attention: 'amount_mismatch', claim });
  expect(describeNow(inReview).filter((line) => line.startsWith('**Callback:**'))).toEqual([]);
});

test('a payout that was reset says what that means', () => {
  const reset = apply(makePayout({ state: 'sending' }), { kind: 'reset', atMs: START_MS });
  expect(describeNow(reset).at(-2)).toMatch(/^The workflow was reset: nothing is sent by itself any more\./);
});

test.each([
  ['10.50', 'EUR', '**Gateway reports:** 10.50 EUR'],
  ['11.50', 'EUR', '**Gateway reports:** **11.50 EUR**, not what was asked'],
  ['10.50', 'USD', '**Gateway reports:** **10.50 USD**, not what was asked'],
  ['[x](https://y)', null, '**Gateway reports:** **?x??https???y?**, not what was asked'],
])('the actual amount, %s %s', (actualAmount, actualCurrency, line) => {
  expect(describeNow(makeFollowed({ actualAmount, actualCurrency }))).toContain(line);
});

test('what is final says at once whether it was paid, and of what a person should look at only that', () => {
  const head = (payout: Payout) => describeNow(payout)[0]?.split(':')[0];
  expect(head(makeFinal('approved'))).toBe('**Approved (paid)**');
  expect(head(makeFinal('declined'))).toBe('**Declined (not paid)**');
  expect(head(makeFinal('error', { attention: 'ended_in_error' }))).toBe('**Error, needs a person**');
  expect(head(makeFinal('approved', { attention: 'post_payout_event' }))).toBe('**Approved, needs a person**');
  expect(head(makeFinal('declined', { attention: 'conflict' }))).toBe('**Declined, needs a person**');
});

const ATTENTIONS: readonly (AttentionReason | null)[] = [null, ...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS];
const STEPS: readonly NextStep[] = [
  { step: 'submit' },
  { step: 'ask' },
  { step: 'finish' },
  listening,
  { step: 'wait', watchUntilMs: START_MS, alarm: null },
  { step: 'wait', watchUntilMs: null, alarm: { atMs: START_MS, cause: 'ask' } },
];

test('every state, attention and step has its words, and none names the Receiver or the account', () => {
  const secrets = [REQUEST.receiver.firstName, REQUEST.receiver.lastName, 'DE8937', '0440532013', REQUEST.description];
  for (const state of [...OPEN_STATES, ...FINAL_STATES]) {
    for (const attention of ATTENTIONS) {
      for (const next of STEPS) {
        const payout = makeFinal('approved', { state, attention });
        const text = describePayout(payout, next, policy, PAGE);
        expect(text).not.toMatch(/undefined|NaN|null|Invalid/);
        expect(secrets.filter((secret) => text.includes(secret ?? ''))).toEqual([]);
        if (attention !== null) expect(text).toContain(`Runbook: [${attention}](${PAGE}#/reasons/${attention}).`);
      }
    }
  }
});
