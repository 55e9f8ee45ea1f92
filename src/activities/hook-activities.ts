import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { HookConfig } from '../config/hook';
import { type HookAnswer, type HookQuestion, hideSent, readHookAnswer } from '../domain/hook';
import type { HookVerdict } from '../domain/metrics';
import { toReason } from '../gateway/report';
import { type Attempt, createSender, type Sender } from '../notifications/sender';
import { signatureHeaders } from '../notifications/signature';
import { type ConcurrencyLimit, createConcurrencyLimit } from './concurrency-limit';
import { hookUnanswered } from './failures';

/** Of the shape of the question; grows when a service of the old shape would misread the new one. */
const QUESTION_VERSION = 1;
/** A verdict and a reason are far shorter. */
const MOST_BYTES = 4_096;

export interface HookDeps {
  readonly hooks: readonly HookConfig[];
  readonly sender: Pick<Sender, 'send'>;
  /** Requests to one hook at once. */
  readonly limit: ConcurrencyLimit;
  readonly now: () => number;
  /** Each answer, and each attempt without one. */
  readonly onVerdict: (rule: string, verdict: HookVerdict) => void;
}

export type HookActivities = ReturnType<typeof createHookActivities>;

/** Asking a service of the user's whether a payout may be sent, as a Temporal activity. */
export function createHookActivities({ hooks, sender, limit, now, onVerdict }: HookDeps) {
  async function post(hook: HookConfig, { data, timeoutMs }: HookQuestion): Promise<Attempt | null> {
    const { scheduledTimestampMs, workflowExecution, activityId } = Context.current().info;
    const asked = [workflowExecution?.runId, activityId].join(' ');
    // One id and one body on every attempt.
    const id = `hook_${createHash('sha256').update(asked).digest('base64url').slice(0, 32)}`;
    const timestamp = new Date(scheduledTimestampMs).toISOString();
    const body = JSON.stringify({ type: 'payout.before_send', version: QUESTION_VERSION, timestamp, data });
    const signature = signatureHeaders({ id, atSeconds: Math.floor(now() / 1_000), body }, hook.secrets);
    const headers = { 'content-type': 'application/json', 'user-agent': 'payout-orchestrator', ...signature };
    const { url, allowPrivateAddresses: allowPrivate } = hook;
    const letter = { url, allowPrivate, headers, body, timeoutMs, mostBytes: MOST_BYTES };
    return await limit.tryRun(hook.rule, () => sender.send(letter));
  }

  return {
    /**
     * Asks once. What is an answer but no verdict is unusable at once: only a service that is away is asked again.
     * @throws ApplicationFailure HookUnanswered, retryable
     */
    async askHook(question: HookQuestion): Promise<HookAnswer> {
      const { rule, data } = question;
      const unanswered = (why: string) => {
        onVerdict(rule, 'unanswered');
        return hookUnanswered(why);
      };
      const hook = hooks.find((each) => each.rule === rule);
      if (hook === undefined) throw hookUnanswered('no hook of this rule is configured');
      const attempt = await post(hook, question);
      if (attempt === null) throw hookUnanswered('too many requests to this hook are under way');
      if (attempt.kind === 'not_answered') throw unanswered(`not answered: ${attempt.cause}`);
      if (isAway(attempt.statusCode)) throw unanswered(`answered ${attempt.statusCode}`);
      const answer = verdictIn(attempt, data);
      onVerdict(rule, answer.verdict);
      return answer;
    },
  };
}

/** It is started again, or has too much to do. */
function isAway(statusCode: number): boolean {
  return statusCode >= 500 || statusCode === 408 || statusCode === 429;
}

function verdictIn(
  { statusCode, text }: Extract<Attempt, { kind: 'answered' }>,
  { receiver, destination }: HookQuestion['data'],
): HookAnswer {
  const unusable = (cause: Extract<HookAnswer, { verdict: 'unusable' }>['cause']) =>
    ({ verdict: 'unusable', cause }) as const;
  if (statusCode >= 300 && statusCode < 400) return unusable('redirect');
  if (statusCode !== 200 || text === undefined) return unusable('status');
  if ('refused' in text) return unusable(text.refused === 'too_large' ? 'too_large' : 'malformed');
  if (text.mediaType !== 'application/json') return unusable('content_type');
  const answer = readHookAnswer(text.body);
  if (answer.verdict !== 'hold' && answer.verdict !== 'deny') return answer;
  const sent = [receiver, { ...destination, type: '' }];
  // It is shown to callers and kept: neither what was sent nor what looks like account data belongs in it.
  return { ...answer, reason: toReason('', hideSent(answer.reason, sent)).message ?? '' };
}

/** The hooks of a worker, with connections of their own and so many requests to `each` at once. */
export function createHooks(
  hooks: readonly HookConfig[],
  { each, onVerdict }: Pick<HookDeps, 'onVerdict'> & { readonly each: number },
) {
  const sender = createSender();
  const limit = createConcurrencyLimit({ each });
  return {
    activities: createHookActivities({ hooks, sender, limit, now: Date.now, onVerdict }),
    close: () => sender.close(),
  };
}
