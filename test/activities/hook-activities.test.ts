import type { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Webhook } from 'standardwebhooks';
import { createConcurrencyLimit } from '../../src/activities/concurrency-limit';
import { createHookActivities } from '../../src/activities/hook-activities';
import type { HookQuestion } from '../../src/domain/hook';
import type { Attempt, Letter } from '../../src/notifications/sender';
import { CLIENT_ORDER_ID, EUR } from '../domain/samples';

const SECRETS = [`whsec_${'A'.repeat(32)}`, `whsec_${'B'.repeat(32)}`] as const;
const HOOK = { rule: 'sanctions', url: 'https://checks.example.com/', secrets: SECRETS, allowPrivateAddresses: false };
const ACCOUNT = 'DE89370400440532013000';
const QUESTION: HookQuestion = {
  ...{ rule: 'sanctions', timeoutMs: 3_000 },
  data: {
    ...{ clientOrderId: CLIENT_ORDER_ID, tenant: 'default', endpoint: 'euros', amount: '10.50', currency: EUR },
    ...{ requestedBy: 'shop', destinationType: 'bank_account', destinationMasked: '••••3000' },
    ...{ receiver: { lastName: 'Moss' }, destination: { type: 'bank_account', accountNumber: ACCOUNT } },
  },
};
const SILENT = new DefaultLogger('ERROR', () => undefined);
const replied = (body: string, { statusCode = 200, mediaType = 'application/json' } = {}): Attempt => ({
  ...({ kind: 'answered', statusCode, retryAfterMs: null } as const),
  text: { mediaType, body },
});
const status = (statusCode: number): Attempt => ({ kind: 'answered', statusCode, retryAfterMs: null });

function setUp(attempt: Attempt, { hooks = [HOOK], each = 1 } = {}) {
  const letters: Letter[] = [];
  const verdicts: string[] = [];
  const { askHook } = createHookActivities({
    ...{ hooks, limit: createConcurrencyLimit({ each }), now: Date.now },
    sender: {
      send: async (letter) => {
        letters.push(letter);
        return attempt;
      },
    },
    onVerdict: (rule, verdict) => void verdicts.push(`${rule} ${verdict}`),
  });
  const info = { scheduledTimestampMs: Date.now(), activityId: '7' };
  const ask = async () => {
    try {
      return await new MockActivityEnvironment(info, { logger: SILENT }).run(askHook, QUESTION);
    } catch (error) {
      return error as ApplicationFailure;
    }
  };
  return { ask, letters, verdicts };
}

it('asks with the question signed by every secret, verified by the reference library, and one id on every attempt', async () => {
  const { ask, letters } = setUp(replied('{"verdict":"allow"}'));
  expect([await ask(), await ask()]).toEqual([{ verdict: 'allow' }, { verdict: 'allow' }]);
  const [letter, again] = letters;
  expect(letter).toMatchObject({ url: HOOK.url, allowPrivate: false, timeoutMs: 3_000, mostBytes: 4_096 });
  const question = { type: 'payout.before_send', version: 1, data: QUESTION.data };
  for (const secret of SECRETS)
    expect(new Webhook(secret).verify(letter?.body ?? '', { ...letter?.headers })).toMatchObject(question);
  expect(again?.headers['webhook-id']).toBe(letter?.headers['webhook-id']);
  expect(letter?.headers['webhook-id']).toMatch(/^hook_[\w-]{32}$/);
});

const long = { ...status(200), text: { refused: 'too_large' } } as const;
const packed = { ...status(200), text: { refused: 'encoded' } } as const;
it.each([
  ['allow', replied('{"verdict":"allow"}'), { verdict: 'allow' }],
  ['hold', replied('{"verdict":"hold","reason":"like one"}'), { verdict: 'hold', reason: 'like one' }],
  ['deny', replied('{"verdict":"deny","reason":"listed"}'), { verdict: 'deny', reason: 'listed' }],
  ['no verdict', replied('{"ok":true}'), { verdict: 'unusable', cause: 'malformed' }],
  ['a page', replied('<p>', { mediaType: 'text/html' }), { verdict: 'unusable', cause: 'content_type' }],
  ['a verdict of another type', replied('{"verdict":"allow"}', { mediaType: '' }), { cause: 'content_type' }],
  ['too long', long, { verdict: 'unusable', cause: 'too_large' }],
  ['compressed', packed, { verdict: 'unusable', cause: 'malformed' }],
  ...[301, 302, 303, 307, 308].map((code) => [`${code}`, status(code), { cause: 'redirect' }] as const),
  ...[201, 204, 400, 401, 403, 404, 410].map((code) => [`${code}`, status(code), { cause: 'status' }] as const),
  ['a verdict that is none', replied('{"verdict":"allow"}', { statusCode: 202 }), { cause: 'status' }],
] as const)('%s is an answer', async (_, attempt, answer) => {
  const { ask, verdicts } = setUp(attempt as Attempt);
  const got = await ask();
  expect(got).toMatchObject(answer);
  expect(verdicts).toEqual([`sanctions ${(got as { verdict: string }).verdict}`]);
});

it.each([
  ['timeout', { kind: 'not_answered', cause: 'timeout' }],
  ['unreachable', { kind: 'not_answered', cause: 'unreachable' }],
  ['address_refused', { kind: 'not_answered', cause: 'address_refused' }],
  ...[408, 429, 500, 502, 503].map((code) => [`${code}`, status(code)] as const),
] as const)('%s is none: asked again, quietly', async (cause, attempt) => {
  const { ask, verdicts } = setUp(attempt as Attempt);
  expect(await ask()).toMatchObject({
    ...{ type: 'HookUnanswered', nonRetryable: false, category: 'BENIGN', message: expect.stringContaining(cause) },
  });
  expect(verdicts).toEqual(['sanctions unanswered']);
});

it('without a slot, or without the hook of its rule, it is asked again and nothing is sent', async () => {
  const busy = setUp(replied('{"verdict":"allow"}'), { each: 0 });
  // After a pause that grows: thousands may wait for the slots of one hook.
  expect(await busy.ask()).toMatchObject({ type: 'HookUnanswered', nonRetryable: false, nextRetryDelay: undefined });
  const none = setUp(replied('{"verdict":"allow"}'), { hooks: [] });
  expect(await none.ask()).toMatchObject({ type: 'HookUnanswered', nonRetryable: false });
  expect([busy.letters, none.letters, busy.verdicts]).toEqual([[], [], []]);
});

it('a reason shows neither what was sent nor what looks like account data', async () => {
  const reason = `MOSS, ${ACCOUNT}, card 4111 1111 1111 1111, ask@bank.example, GB29NWBK60161331926819`;
  const { ask } = setUp(replied(JSON.stringify({ verdict: 'deny', reason })));
  expect(await ask()).toEqual({ verdict: 'deny', reason: '••••, ••••, card ••••, •••• ••••' });
});
